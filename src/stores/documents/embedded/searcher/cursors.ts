import { kerror, uuid } from "../../../../kernel/index.ts";
import type { HitList } from "./hit-list.ts";
import type { SearchedCollection } from "./searched-collection.ts";

/** What a scroll or a walk holds: which documents it answers, in which order, and how far it is. */
export interface Cursor {
  readonly id: string;
  readonly kind: "scroll" | "walk";
  readonly collections: readonly SearchedCollection[];
  readonly hits: HitList;
  readonly size: number;
  /** Rows superseded after this position are kept for it. */
  readonly position: number;
  /** What had been superseded when it was opened. */
  readonly supersededBytes: number;
  next: number;
  expiresAt: number;
}

export interface CursorLimits {
  readonly maxCursors: number;
  /** Bytes of the lists that cursors hold, together. */
  readonly maxListBytes: number;
  /** Bytes of superseded sources that are kept on the disk for them. */
  readonly maxSupersededBytes: number;
}

/**
 * The open scrolls and walks, bounded in number, age and bytes. One more than allowed is refused; when the superseded rows that they keep
 * grow too large, the one that was opened first is closed, and its next page is refused as unknown.
 */
export class Cursors {
  /** In the order of opening. */
  readonly #open = new Map<string, Cursor>();
  readonly #limits: CursorLimits;
  #listBytes = 0;

  constructor(limits: CursorLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Error: `services.storage.too_many_operations` when too many are open, or hold too much. */
  open(fields: Omit<Cursor, "id">): Cursor {
    const { maxCursors, maxListBytes } = this.#limits;
    const isFull = this.#open.size > 0 && this.#listBytes + fields.hits.bytes > maxListBytes;
    if (isFull || this.#open.size >= maxCursors) throw kerror("services.storage.too_many_operations");
    const cursor: Cursor = { ...fields, id: uuid() };
    this.#listBytes += cursor.hits.bytes;
    this.#open.set(cursor.id, cursor);
    return cursor;
  }

  find(id: string, kind: Cursor["kind"], now: number): Cursor | undefined {
    const cursor = this.#open.get(id);
    if (cursor === undefined || cursor.kind !== kind) return undefined;
    if (cursor.expiresAt > now) return cursor;
    this.close(id);
    return undefined;
  }

  close(id: string): void {
    const cursor = this.#open.get(id);
    if (cursor === undefined) return;
    this.#listBytes -= cursor.hits.bytes;
    this.#open.delete(id);
  }

  /** Closes what is too old, and what keeps too many superseded rows. */
  sweep(now: number, supersededBytes: number): void {
    for (const cursor of this.#open.values()) if (cursor.expiresAt <= now) this.close(cursor.id);
    for (const cursor of this.#open.values()) {
      if (supersededBytes - cursor.supersededBytes <= this.#limits.maxSupersededBytes) break;
      this.close(cursor.id);
    }
  }

  closeOf(collection: SearchedCollection): void {
    for (const cursor of this.#open.values()) if (cursor.collections.includes(collection)) this.close(cursor.id);
  }

  /** Position of the oldest cursor; undefined when none is open. */
  get oldestPosition(): number | undefined {
    for (const cursor of this.#open.values()) return cursor.position;
    return undefined;
  }
}
