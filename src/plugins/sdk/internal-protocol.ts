import type { Broadcast, DirectMessage, Events, Protocol } from "../../events/index.ts";
import { ClientConnection, type JSONObject, type Logger } from "../../kernel/index.ts";
import { calledAs, type PluginCall, runningCall } from "../realm/current-call.ts";

export type ChannelListener = (notification: JSONObject) => void;

interface Listening {
  readonly owner: PluginCall | undefined;
  /** The callback, as its owner calls it. */
  readonly run: ChannelListener;
}

/**
 * Brings notifications to the callbacks of `sdk.realtime.subscribe`: to the entry point it is one more protocol, with one connection, which all
 * embedded SDKs of the server share.
 */
export class InternalProtocol implements Protocol {
  readonly name = "internal";
  readonly connection = new ClientConnection("internal", ["127.0.0.1"]);
  /** By channel, then by the callback that was given. */
  readonly #listeners = new Map<string, Map<ChannelListener, Listening>>();
  readonly #log: Logger;
  readonly #events: Events;

  constructor(log: Logger, events: Events) {
    this.#log = log;
    this.#events = events;
  }

  /** `owner`: the plugin whose callback it is; the running one unless given. */
  listen(channel: string, listener: ChannelListener, owner: PluginCall | undefined = runningCall()): void {
    const listeners = this.#listeners.get(channel) ?? new Map<ChannelListener, Listening>();
    this.#listeners.set(channel, listeners.set(listener, { owner, run: calledAs(owner, listener) }));
  }

  unlisten(channel: string, listener: ChannelListener): void {
    const listeners = this.#listeners.get(channel);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#listeners.delete(channel);
  }

  /** Ends everything that a plugin listens to. Answers the channels to which nobody listens any more. */
  endOf(owner: PluginCall): readonly string[] {
    const deserted: string[] = [];
    for (const [channel, listeners] of this.#listeners) {
      for (const [listener, listening] of listeners) if (listening.owner === owner) listeners.delete(listener);
      if (listeners.size > 0) continue;
      this.#listeners.delete(channel);
      deserted.push(channel);
    }
    return deserted;
  }

  /** Whether anybody listens to a room, on any of its channels. */
  hasListenersIn(roomId: string): boolean {
    return this.#listeners.keys().some((channel) => roomOf(channel) === roomId);
  }

  broadcast({ channels, payload }: Broadcast): void {
    if (this.#listeners.size > 0 && channels.some((channel) => this.#listeners.has(channel))) {
      this.#events.hook("core:network:internal:message", { channels, payload });
    }
    for (const channel of channels) {
      const listeners = this.#listeners.get(channel);
      if (listeners === undefined) continue;
      for (const { run } of [...listeners.values()]) this.#deliver(channel, run, payload);
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

/** The room of a channel: what stands before the digits of its options. */
export const roomOf = (channel: string): string => channel.slice(0, channel.lastIndexOf("-"));
