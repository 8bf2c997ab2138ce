import type { TermBytes } from "./term-bytes.ts";

export interface TermBounds {
  readonly low?: string | undefined;
  readonly high?: string | undefined;
  readonly excludeLow?: boolean;
  readonly excludeHigh?: boolean;
}

/** The terms of one field, by number. */
export interface Dictionary {
  readonly size: number;
  readonly terms: TermBytes;
  readonly memory: number;
  /** The number of a term, -1 when it is not there. */
  find(term: string): number;
  /** Length of a term in UTF-8. */
  byteLength(ord: number): number;
  term(ord: number): string;
  /** By bytes, which is the order of code points. */
  compare(a: number, b: number): number;
  /** Numbers of all terms, in the order of the terms. Yields while it sorts. */
  sorted(): Generator<void, Uint32Array>;
  /** Numbers of the terms between two bounds, in no order; undefined bounds are open. */
  range(bounds: TermBounds): Generator<void, number[]>;
  /** A number for each term that sorts as the terms do. */
  ranks(): Generator<void, Float64Array>;
  /** Where a text would stand among the ranks; that of the term itself when there is one. */
  rankOf(text: string, ranks: Float64Array): number;
}
