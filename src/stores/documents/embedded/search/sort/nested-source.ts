import { hasBit } from "../segment/bits.ts";
import type { Space } from "../segment/space.ts";
import type { Reduction } from "./reduction.ts";
import { type MissingSource, SortSource } from "./sort-source.ts";

/** Values of nested objects, reduced to one for the document that holds them. */
export class NestedSource extends SortSource {
  readonly #inner: SortSource;
  readonly #space: Space;
  readonly #allowed: Uint32Array | undefined;
  readonly #absent: MissingSource;
  readonly #reduction: Reduction;
  readonly #isText: boolean;

  /** `absent` stands for documents none of whose objects has a value. */
  constructor(
    inner: SortSource,
    space: Space,
    allowed: Uint32Array | undefined,
    absent: MissingSource,
    reduction: Reduction,
    isText: boolean,
  ) {
    super();
    this.#inner = inner;
    this.#space = space;
    this.#allowed = allowed;
    this.#absent = absent;
    this.#reduction = reduction;
    this.#isText = isText;
  }

  /** NaN without values. */
  #reduced(doc: number): number {
    this.#reduction.clear();
    this.addTo(this.#reduction, doc);
    return this.#reduction.result;
  }

  key(doc: number): number {
    const result = this.#reduced(doc);
    return Number.isNaN(result) ? this.#absent.key() : result;
  }

  override addTo(reduction: Reduction, doc: number): void {
    const end = this.#space.firstChild(doc + 1);
    for (let child = this.#space.firstChild(doc); child < end; child++) {
      if (this.#allowed !== undefined && !hasBit(this.#allowed, child)) continue;
      this.#inner.addTo(reduction, child);
    }
  }

  override ordering(doc: number): number | string {
    const key = this.#reduced(doc);
    if (Number.isNaN(key)) return this.#absent.ordering();
    const child = this.#isText ? this.#childOf(doc, key) : -1;
    return child < 0 ? key : this.#inner.ordering(child);
  }

  value(doc: number): unknown {
    const key = this.#reduced(doc);
    if (Number.isNaN(key)) return this.#absent.value();
    if (!this.#isText) return this.print(key);
    const child = this.#childOf(doc, key);
    return child < 0 ? null : this.#inner.value(child);
  }

  override print(key: number): unknown {
    return this.#inner.print(key);
  }

  /** The nested object that gave the document its key, -1 when none did. */
  #childOf(doc: number, key: number): number {
    const end = this.#space.firstChild(doc + 1);
    for (let child = this.#space.firstChild(doc); child < end; child++)
      if (this.#inner.key(child) === key) return child;
    return -1;
  }

  keyOf(value: unknown): number {
    return value === null ? this.#absent.key() : this.#inner.keyOf(value);
  }
}
