import type { Clock } from "../kernel/index.ts";

interface Entry {
  readonly rooms: readonly string[];
  readonly at: number;
}

/** A guess that bounds memory at some 100 MB; a measure of real use would settle it. */
const maxEntries = 500_000;

/**
 * Which rooms each document matched at its last notified write: who must be told that it left. Kept `ttlMs` (0: for ever), at most
 * 500 000 documents, the longest unwritten forgotten first.
 */
export class DocumentRooms {
  readonly #entries = new Map<string, Entry>();
  readonly #ttlMs: number;
  readonly #clock: Clock;

  constructor(ttlMs: number, clock: Clock) {
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Remembers the rooms and answers those remembered before. */
  replace(document: string, rooms: readonly string[]): readonly string[] {
    const before = this.forget(document);
    // Deleted and set again, an entry moves to the end: the map is ordered by time.
    if (rooms.length > 0) this.#entries.set(document, { rooms, at: this.#clock.now() });
    this.#evict();
    return before;
  }

  forget(document: string): readonly string[] {
    const entry = this.#entries.get(document);
    if (entry === undefined) return [];
    this.#entries.delete(document);
    return this.#isExpired(entry) ? [] : entry.rooms;
  }

  clear(): void {
    this.#entries.clear();
  }

  #isExpired({ at }: Entry): boolean {
    return this.#ttlMs > 0 && at + this.#ttlMs < this.#clock.now();
  }

  #evict(): void {
    for (const [document, entry] of this.#entries) {
      if (this.#entries.size <= maxEntries && !this.#isExpired(entry)) return;
      this.#entries.delete(document);
    }
  }
}
