import { isPlainObject, type Logger, uuid } from "../kernel/index.ts";
import type { Bus } from "../stores/bus/index.ts";

const channel = "security";

/** What the nodes of a cluster tell one another. Tokens are named by their fingerprint, never by their text. */
export type Change =
  | { readonly kind: "role" | "profile" | "user"; readonly id: string }
  | { readonly kind: "everything" }
  /** There is another secret of tokens. */
  | { readonly kind: "secrets" }
  | { readonly kind: "revoked"; readonly fingerprints: readonly string[] }
  | {
      readonly kind: "refreshed";
      readonly from: string;
      readonly to: string;
      readonly expiresAt: number;
      readonly graceEndsAt: number;
    };

/** The changes of this room, between nodes. Own messages are not heard: who changes something applies it at once. */
export class Changes {
  readonly #bus: Bus;
  readonly #origin = uuid();
  readonly #stop: () => void;

  constructor(bus: Bus, log: Logger, apply: (change: Change) => void) {
    this.#bus = bus;
    this.#stop = bus.listen(channel, (message) => {
      if (!isPlainObject(message) || message.origin === this.#origin) return;
      if (isPlainObject(message.change)) apply(message.change as Change);
      else log.warn("security.unreadable_change");
    });
  }

  publish(change: Change): void {
    this.#bus.publish(channel, { origin: this.#origin, change });
  }

  close(): void {
    this.#stop();
  }
}
