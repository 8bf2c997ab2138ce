import { KuzzleEventEmitter } from "kuzzle-sdk";
import type { Broadcast, DirectMessage, Protocol } from "../../events/index.ts";
import { ClientConnection } from "../../kernel/index.ts";

/**
 * Brings notifications to the callbacks of `sdk.realtime.subscribe`: to the entry point it is one more protocol, with one connection, which all
 * embedded SDKs of the server share.
 */
export class InternalProtocol implements Protocol {
  readonly name = "internal";
  readonly connection = new ClientConnection("internal", ["127.0.0.1"]);
  /** One event per channel. */
  readonly channels = new KuzzleEventEmitter();

  broadcast({ channels, payload }: Broadcast): void {
    for (const channel of channels) {
      // What a callback does to its notification must not reach the other receivers.
      if (this.channels.listenerCount(channel as never) > 0) {
        this.channels.emit(channel as never, { ...structuredClone(payload), room: channel });
      }
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
    this.channels.removeAllListeners(undefined as never);
  }
}
