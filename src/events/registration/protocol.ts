import type { JSONObject } from "../../kernel/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** A message to everybody on some channels, or to one connection. `payload` is shared by all protocols: read only. */
export interface Broadcast {
  readonly channels: readonly string[];
  readonly payload: JSONObject;
}

export interface DirectMessage extends Broadcast {
  readonly connectionId: string;
}

/**
 * A way to speak with clients, as the entry point drives it. `joinChannel` comes before the answer to the subscription, and before
 * any broadcast on that channel. None of these may throw; what a protocol of a plugin throws is logged with its name.
 */
export interface Protocol {
  readonly name: string;
  broadcast(message: Broadcast): void;
  notify(message: DirectMessage): void;
  joinChannel(channel: string, connectionId: string): void;
  leaveChannel(channel: string, connectionId: string): void;
  /** Closes the link of one client from the server's side. */
  disconnect(connectionId: string, reason?: string): void;
  /** Opens sockets; the server answers from then on. */
  start(): MaybePromise<void>;
  /** Stops listening and closes every link. */
  stop(): MaybePromise<void>;
}
