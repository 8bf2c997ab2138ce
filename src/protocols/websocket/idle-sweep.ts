import type { WebSocketLink } from "./link.ts";
import type { WebSocketOptions } from "./options.ts";

/** Closes sockets that have been silent for too long, and pings them before: one timer for all of them. */
export class IdleSweep {
  readonly #links: ReadonlyMap<string, WebSocketLink>;
  readonly #options: WebSocketOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(links: ReadonlyMap<string, WebSocketLink>, options: WebSocketOptions) {
    this.#links = links;
    this.#options = options;
  }

  start(): void {
    const { idleTimeoutMs } = this.#options;
    if (idleTimeoutMs <= 0) return;
    // A socket is closed at most this much later than its time.
    const everyMs = Math.max(50, Math.min(5_000, idleTimeoutMs / 8));
    this.#timer ??= setInterval(() => this.#sweep(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const { idleTimeoutMs, sendsPings, sendingCountsAsActivity } = this.#options;
    const now = performance.now();
    for (const link of this.#links.values()) {
      const idleMs = link.idleMs(now, sendingCountsAsActivity);
      // 1001 and not 1000: clients take 1000 for their own wish and do not reconnect.
      if (idleMs >= idleTimeoutMs) link.close(1001, "Nothing was heard for too long");
      else if (sendsPings && idleMs >= idleTimeoutMs / 2) link.webSocket.ping();
    }
  }
}
