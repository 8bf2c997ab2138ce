import { RecentCache } from "../recent-cache.ts";

interface Window {
  minute: number;
  stored: number;
  suppressed: number;
}

/** How many sources of refusals are told apart. */
const maxKeys = 5_000;

/**
 * Lets so many entries of one kind through within a minute, of one source and of all together, so that nobody fills the log: what is left out
 * is counted, and told with the next that passes.
 */
export class FloodGate {
  readonly #perSource: number;
  readonly #perMinute: number;
  readonly #windows = new RecentCache<string, Window>(maxKeys);
  readonly #all: Window = { minute: 0, stored: 0, suppressed: 0 };

  constructor(perSource: number, perMinute: number) {
    this.#perSource = perSource;
    this.#perMinute = perMinute;
  }

  /** How many were left out since the last one of this source, when this one passes; undefined when it does not. */
  pass(source: string, now: number): number | undefined {
    const minute = Math.floor(now / 60_000);
    let window = this.#windows.get(source);
    if (window === undefined) {
      window = { minute, stored: 0, suppressed: 0 };
      this.#windows.set(source, window);
    }
    if (!take(window, minute, this.#perSource) || !take(this.#all, minute, this.#perMinute)) {
      window.suppressed++;
      return undefined;
    }
    const { suppressed } = window;
    window.suppressed = 0;
    return suppressed;
  }
}

function take(window: Window, minute: number, limit: number): boolean {
  if (window.minute !== minute) {
    window.minute = minute;
    window.stored = 0;
  }
  if (window.stored >= limit) return false;
  window.stored++;
  return true;
}
