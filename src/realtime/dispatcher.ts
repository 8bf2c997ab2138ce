import type { Broadcast, DirectMessage, Events } from "../events/index.ts";
import type { JSONObject, Logger } from "../kernel/index.ts";

/** The way out to the protocols; the entry point has this form. */
export interface Delivery {
  broadcast(message: Broadcast): void;
  notify(message: DirectMessage): void;
  joinChannel(channel: string, connectionId: string): void;
  leaveChannel(channel: string, connectionId: string): void;
}

type Kind = "document" | "user" | "server";

interface Dispatch {
  readonly channels: readonly string[];
  readonly connectionId?: string;
  readonly notification: JSONObject;
}

/**
 * Hands notifications to the protocols, through the pipes on them when there are any: `notify:<kind>`, `notify:dispatch`,
 * `core:realtime:notification:dispatch:before`. Notifications keep their order also when pipes take their time; a pipe that rejects
 * drops its notification.
 */
export class Dispatcher {
  readonly #delivery: Delivery;
  readonly #events: Events;
  readonly #log: Logger;
  #tail: Promise<void> | undefined;

  constructor(delivery: Delivery, events: Events, log: Logger) {
    this.#delivery = delivery;
    this.#events = events;
    this.#log = log;
  }

  dispatch(kind: Kind, dispatch: Dispatch): void {
    if (this.#tail === undefined && !this.#isPiped(kind)) {
      this.#send(dispatch);
      return;
    }
    const turn = (this.#tail ?? Promise.resolve()).then(() => this.#pipeAndSend(kind, dispatch));
    this.#tail = turn;
    void turn.finally(() => {
      if (this.#tail === turn) this.#tail = undefined;
    });
  }

  #isPiped(kind: Kind): boolean {
    const events = this.#events;
    return (
      events.hasListeners(`notify:${kind}`) ||
      events.hasListeners("notify:dispatch") ||
      events.hasListeners("core:realtime:notification:dispatch:before")
    );
  }

  async #pipeAndSend(kind: Kind, dispatch: Dispatch): Promise<void> {
    try {
      let notification = (await this.#events.pipe(`notify:${kind}`, dispatch.notification)) as JSONObject;
      notification = (await this.#events.pipe("notify:dispatch", notification)) as JSONObject;
      const before = { ...dispatch, notification };
      this.#send((await this.#events.pipe("core:realtime:notification:dispatch:before", before)) as Dispatch);
    } catch (err) {
      this.#log.warn("notification.dropped", { kind, err });
    }
  }

  #send({ channels, connectionId, notification: payload }: Dispatch): void {
    if (connectionId === undefined) this.#delivery.broadcast({ channels, payload });
    else this.#delivery.notify({ channels, connectionId, payload });
  }
}
