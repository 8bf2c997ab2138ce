import { channel } from "node:diagnostics_channel";

/** Notes which parts of the public contract a server has shown, for the ledger of the contract (`npm run contract`). */
export interface Recorder {
  /** An action answered without error. */
  action(controller: string, action: string): void;
  /** A route led to an answer without error: as it is declared, `GET /:index/_list`. */
  route(route: string): void;
  /** An error of the catalogue reached a client, or stopped the start. */
  error(id: string): void;
  /** An event was fired. */
  event(name: string): void;
  /** A server started with this configuration key set to something else than its default. */
  config(key: string): void;
}

/** What goes over the channel `tenon:contract`. */
export interface Recorded {
  readonly kind: "action" | "route" | "error" | "event" | "config";
  /** `document:create`, `GET /:index/_list`, `api.assert.body_required`, `document:beforeCreate`, `server.port`. */
  readonly key: string;
}

export const recordedChannel = "tenon:contract";

/**
 * A recorder that publishes on the diagnostics channel `tenon:contract`; undefined when nobody listens there, so that whoever is given
 * no recorder does nothing at all. Asked for once, when a server is put together.
 */
export function findRecorder(): Recorder | undefined {
  const listeners = channel(recordedChannel);
  if (!listeners.hasSubscribers) return undefined;
  const publish = (kind: Recorded["kind"], key: string): void => listeners.publish({ kind, key } satisfies Recorded);
  return {
    action: (controller, action) => publish("action", `${controller}:${action}`),
    route: (route) => publish("route", route),
    error: (id) => publish("error", id),
    event: (name) => publish("event", name),
    config: (key) => publish("config", key),
  };
}
