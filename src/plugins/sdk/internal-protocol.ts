import type { Broadcast, DirectMessage, Events, Protocol } from "../../events/index.ts";
import { ClientConnection, type JSONObject, type Logger } from "../../kernel/index.ts";
import { asRunningPlugin } from "../realm/current-call.ts";

export type ChannelListener = (notification: JSONObject) => void;

/**
 * Brings notifications to the callbacks of `sdk.realtime.subscribe`: to the entry point it is one more protocol, with one connection, which all
 * embedded SDKs of the server share.
 */
export class InternalProtocol implements Protocol {
  readonly name = "internal";
  readonly connection = new ClientConnection("internal", ["127.0.0.1"]);
  /** By channel: what was given, and how it is called. */
  readonly #listeners = new Map<string, Map<ChannelListener, ChannelListener>>();
  readonly #log: Logger;
  readonly #events: Events;

  constructor(log: Logger, events: Events) {
    this.#log = log;
    this.#events = events;
  }

  listen(channel: string, listener: ChannelListener): void {
    const listeners = this.#listeners.get(channel) ?? new Map<ChannelListener, ChannelListener>();
    this.#listeners.set(channel, listeners.set(listener, asRunningPlugin(listener)));
  }

  unlisten(channel: string, listener: ChannelListener): void {
    const listeners = this.#listeners.get(channel);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(channel);
  }

  /** Whether somebody listens to a channel of the room. */
  listensTo(roomId: string): boolean {
    for (const channel of this.#listeners.keys()) if (channel.startsWith(roomId)) return true;
    return false;
  }

  broadcast({ channels, payload }: Broadcast): void {
    if (this.#listeners.size > 0 && channels.some((channel) => this.#listeners.has(channel))) {
      this.#events.hook("core:network:internal:message", { channels, payload });
    }
    for (const channel of channels) {
      const listeners = this.#listeners.get(channel);
      if (listeners === undefined) continue;
      for (const listener of [...listeners.values()]) this.#deliver(channel, listener, payload);
    }
  }

  #deliver(channel: string, listener: ChannelListener, payload: JSONObject): void {
    try {
      // What a callback does to its notification must not reach the other receivers.
      listener({ ...structuredClone(payload), room: channel });
    } catch (err) {
      this.#log.error("plugin.notification_callback_failed", { channel, err });
    }
  }

  notify(message: DirectMessage): void {
    if (message.connectionId === this.connection.id) this.broadcast(message);
  }

  joinChannel(): void {} // the callback is there already, or comes with the answer to its subscription
  leaveChannel(): void {} // the SDK removes its callbacks itself
  disconnect(): void {}
  start(): void {}

  stop(): void {
    this.#listeners.clear();
  }
}
