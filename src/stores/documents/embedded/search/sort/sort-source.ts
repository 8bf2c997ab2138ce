import type { Reduction } from "./reduction.ts";

/** One key of a sort over the documents of one segment. Keys are numbers that order as the values do. */
export abstract class SortSource {
  /** The keys as a column, where they are one: NaN is missing, and `missing` its key. */
  readonly column: Float64Array | undefined = undefined;
  readonly missing: number = 0;
  /** True when the key is surely greater than a limit; spares computing it. */
  isBeyond(_doc: number, _limit: number): boolean {
    return false;
  }

  /** All values of a document that has some, for a reduction over several documents. */
  addTo(reduction: Reduction, doc: number): void {
    const key = this.key(doc);
    if (Number.isFinite(key)) reduction.add(key);
  }

  abstract key(doc: number): number;
  /** The value as answered in a hit; null when the document has none. */
  abstract value(doc: number): unknown;
  /** The key of a value of `search_after`. */
  abstract keyOf(value: unknown): number;
}

/** Stands for the keys that the collector has itself: score and document. */
export class DocSource extends SortSource {
  key(doc: number): number {
    return doc;
  }

  value(doc: number): unknown {
    return doc;
  }

  keyOf(value: unknown): number {
    return Number(value);
  }
}

/** Stands for fields of which the segment has no value. */
export class MissingSource extends SortSource {
  readonly #key: number;

  constructor(key: number) {
    super();
    this.#key = key;
  }

  key(): number {
    return this.#key;
  }

  value(): unknown {
    return null;
  }

  keyOf(): number {
    return this.#key;
  }
}
