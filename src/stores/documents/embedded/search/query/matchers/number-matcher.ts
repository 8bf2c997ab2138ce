import { numbersBetween } from "../../segment/between.ts";
import { countOf } from "../../segment/bits.ts";
import { blockShift, type NumberField } from "../../segment/number-field.ts";
import { TestMatcher, windowWords } from "./matcher.ts";

/** Documents with a number between two bounds, both included. */
export class RangeMatcher extends TestMatcher {
  readonly cost: number;
  readonly #field: NumberField;
  readonly #low: number;
  readonly #high: number;

  constructor(field: NumberField, low: number, high: number, boost: number) {
    super(boost);
    this.#field = field;
    this.#low = low;
    this.#high = high;
    // A guess: a scan costs about what reading a third as many postings does.
    this.cost = low === high ? field.exists.count / 8 : field.exists.count / 3;
  }

  test(doc: number): boolean {
    const field = this.#field;
    const value = doc < field.values.length ? (field.values[doc] as number) : Number.NaN;
    if (value >= this.#low && value <= this.#high) return true;
    return field.isMultiple && value < this.#low && this.#testMany(doc);
  }

  #testMany(doc: number): boolean {
    const count = this.#field.countOf(doc);
    for (let i = 1; i < count; i++) {
      const value = this.#field.valueAt(doc, i);
      if (value >= this.#low) return value <= this.#high;
    }
    return false;
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    if (this.#field.isMultiple || end > this.#field.values.length) super.keep(base, end, bits);
    else keepRange(this.#field.values, this.#low, this.#high, base, bits);
  }

  override fill(base: number, end: number, bits: Uint32Array): void {
    const { blockMin, blockMax, values } = this.#field;
    const limit = Math.min(end, values.length);
    const low = this.#low;
    const high = this.#high;
    const size = 1 << blockShift;
    for (let from = base; from < limit; ) {
      const block = from >>> blockShift;
      const to = Math.min(limit, (block + 1) * size);
      if ((blockMin[block] as number) <= high && (blockMax[block] as number) >= low) {
        if (this.#field.isMultiple) this.#fillTested(base, from, to, bits);
        else fillRange(values, low, high, base, from, to, bits);
      }
      from = to;
    }
  }

  #fillTested(base: number, from: number, to: number, bits: Uint32Array): void {
    for (let doc = from; doc < to; doc++) {
      if (this.test(doc)) bits[(doc - base) >>> 5] = (bits[(doc - base) >>> 5] as number) | (1 << ((doc - base) & 31));
    }
  }
}

/** `from` and `base` are multiples of 32: each word of bits is made in a register. */
function fillRange(
  values: Float64Array,
  low: number,
  high: number,
  base: number,
  from: number,
  to: number,
  bits: Uint32Array,
): void {
  for (let start = from; start < to; start += 32)
    bits[(start - base) >>> 5] = numbersBetween(values, start, Math.min(start + 32, to), low, high);
}

/** A look at all 32 documents of a word takes less than one at each of more than these. A guess, from timing both. */
const fewOfWord = 12;

/** The test inlined and without a branch, since nobody foretells it: conjunctions with a range are what many searches are. */
function keepRange(values: Float64Array, low: number, high: number, base: number, bits: Uint32Array): void {
  for (let i = 0; i < windowWords; i++) {
    let kept = bits[i] as number;
    if (kept === 0) continue;
    const start = base + (i << 5);
    if (countOf(kept) > fewOfWord) {
      bits[i] = kept & numbersBetween(values, start, start + 32, low, high);
      continue;
    }
    for (let word = kept; word !== 0; ) {
      const bit = word & -word;
      const value = values[start + 31 - Math.clz32(bit)] as number;
      const isBetween = Number(value >= low) & Number(value <= high);
      kept ^= bit & (isBetween - 1);
      word ^= bit;
    }
    bits[i] = kept;
  }
}

/** Documents with one of several numbers. */
export class NumberSetMatcher extends TestMatcher {
  readonly cost: number;
  readonly #field: NumberField;
  readonly #wanted: ReadonlySet<number>;

  constructor(field: NumberField, wanted: ReadonlySet<number>, boost: number) {
    super(boost);
    this.#field = field;
    this.#wanted = wanted;
    this.cost = field.exists.count / 2;
  }

  test(doc: number): boolean {
    const field = this.#field;
    if (doc >= field.values.length) return false;
    if (this.#wanted.has(field.values[doc] as number)) return true;
    if (!field.isMultiple) return false;
    const count = field.countOf(doc);
    for (let i = 1; i < count; i++) if (this.#wanted.has(field.valueAt(doc, i))) return true;
    return false;
  }
}
