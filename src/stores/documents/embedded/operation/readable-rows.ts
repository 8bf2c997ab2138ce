import type { DatabaseSync } from "node:sqlite";

/** A row of `rows_<id>`, as whatever is there. */
export interface RawRow {
  readonly number: number;
  readonly id: unknown;
  readonly version: unknown;
  readonly source: unknown;
}

/** Ranges of numbers that are split no more: each number is asked for by itself. */
const pointRange = 64;

/** Numbers that are gone through at most; an end that is further away came from the damage, or nothing came from the end at all. A guess. */
const plausibleRange = 2 ** 30;

/**
 * The rows of a table that can be read, in no order: from the beginning up to the first page that cannot be read, from the end down to the last
 * one, and then what lies between, halved again and again. A walk that ends without an error is not taken for the end of the table: a damaged
 * number that is out of every range ends it just so.
 */
export class ReadableRows {
  readonly #database: DatabaseSync;
  readonly #table: string;
  /** Numbers of which nobody can say whether there was a row. */
  unreadable = 0;

  constructor(database: DatabaseSync, table: string) {
    this.#database = database;
    this.#table = table;
  }

  /** `greatest`: no row is expected beyond it, for tables whose end cannot be read; 0 when that is not known. */
  *read(greatest: number): Generator<RawRow> {
    const start = yield* this.#along("ASC", 1, Number.MAX_SAFE_INTEGER);
    const end = yield* this.#along("DESC", start + 1, Number.MAX_SAFE_INTEGER);
    const last = end - 1 - start <= plausibleRange ? end - 1 : Math.max(start, greatest);
    yield* this.#between(start + 1, last);
  }

  *#between(from: number, to: number): Generator<RawRow> {
    if (from > to) return;
    if (to - from < pointRange) {
      for (let number = from; number <= to; number++) {
        try {
          const row = this.#prepare("number = ?").get(number);
          if (row !== undefined) yield row as unknown as RawRow; // the statement names these columns
        } catch {
          this.unreadable++;
        }
      }
      return;
    }
    const middle = Math.floor((from + to) / 2);
    for (const [low, high] of [
      [from, middle],
      [middle + 1, to],
    ] as const) {
      const stopped = yield* this.#along("ASC", low, high);
      yield* this.#between(stopped + 1, high);
    }
  }

  /** The rows of a range in one direction; answers the last number that it could read, the one before the range when there was none. */
  *#along(order: "ASC" | "DESC", from: number, to: number): Generator<RawRow, number> {
    let last = order === "ASC" ? from - 1 : to + 1;
    try {
      const rows = this.#prepare(`number >= ? AND number <= ? ORDER BY number ${order}`).iterate(from, to);
      for (const row of rows) {
        const number = Number(row.number);
        if (order === "ASC" ? number <= last : number >= last) break; // out of order: that page is damaged
        last = number;
        yield row as unknown as RawRow; // the statement names these columns
      }
    } catch {
      // what lies behind the page that cannot be read is met from the other end, or between
    }
    return last;
  }

  #prepare(condition: string) {
    return this.#database.prepare(`SELECT number, id, version, source FROM ${this.#table} WHERE ${condition}`);
  }
}
