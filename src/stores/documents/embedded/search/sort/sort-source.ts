import type { Budget } from "../budget.ts";
import type { DocGroups } from "../segment/geo-order.ts";
import type { Reduction } from "./reduction.ts";

/** One key of a sort over the documents of one segment. Keys are numbers that order as the values do. */
export abstract class SortSource {
  /**
   * Clears the bits of documents whose keys surely lie outside of two bounds, which need not be finite: what is left is looked at one by one.
   * Bit `n` of the window is document `base + n`.
   */
  narrow(_base: number, _bits: Uint32Array, _low: number, _high: number): void {}

  /**
   * The documents of a frozen segment that have a key, ascending by it and then by document, when those without one are the last of a sort in
   * that direction; undefined where the order is not known.
   */
  // biome-ignore lint/correctness/useYield: those that have to find out yield
  *order(_isDescending: boolean, _budget: Budget): Generator<void, Uint32Array | undefined> {
    return undefined;
  }

  /**
   * The documents of a frozen segment that have a key, in groups that tell how low their keys may be; undefined where there are none such. Those
   * without a key are the last of an ascending sort.
   */
  groups(): DocGroups | undefined {
    return undefined;
  }

  /** All values of a document that has some, for a reduction over several documents. */
  addTo(reduction: Reduction, doc: number): void {
    const key = this.key(doc);
    if (Number.isFinite(key)) reduction.add(key);
  }

  /** What orders documents of several segments: the key, unless keys compare only inside of one. */
  ordering(doc: number): number | string {
    return this.key(doc);
  }

  /** A key as it is answered, where it is the key that is. */
  print(key: number): unknown {
    return key;
  }

  abstract key(doc: number): number;
  /** The value as answered in a hit; null when the document has none. */
  abstract value(doc: number): unknown;
  /** The key of a value of `search_after`. */
  abstract keyOf(value: unknown): number;
}

/** The place of a document in its collection. */
export class DocSource extends SortSource {
  readonly #firstDoc: number;

  /** `firstDoc`: documents in the segments before. */
  constructor(firstDoc: number) {
    super();
    this.#firstDoc = firstDoc;
  }

  key(doc: number): number {
    return this.#firstDoc + doc;
  }

  value(doc: number): unknown {
    return this.key(doc);
  }

  keyOf(value: unknown): number {
    return Number(value);
  }
}

/** Stands for fields of which the segment has no value. */
export class MissingSource extends SortSource {
  readonly #key: number;
  readonly #value: unknown;
  readonly #ordering: number | string;
  readonly #keyOf: (value: unknown) => number;

  /**
   * `value`: what is answered in hits. `keyOf`: the keys of what other segments have, for a `search_after` from there; any number lies on the
   * right side of an infinity.
   */
  constructor(key: number, { value = null, ordering = key, keyOf = () => 0 }: Partial<Standing> = {}) {
    super();
    this.#key = key;
    this.#value = value;
    this.#ordering = ordering;
    this.#keyOf = keyOf;
  }

  override ordering(): number | string {
    return this.#ordering;
  }

  key(): number {
    return this.#key;
  }

  value(): unknown {
    return this.#value;
  }

  keyOf(value: unknown): number {
    return value === null ? this.#key : this.#keyOf(value);
  }
}

interface Standing {
  readonly value: unknown;
  readonly ordering: number | string;
  readonly keyOf: (value: unknown) => number;
}
