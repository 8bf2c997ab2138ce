import type { NumberField } from "./number-field.ts";
import { orderByKeys } from "./order-by-keys.ts";

/** Fewer are looked at one by one, which takes no longer. */
const fewNumbers = 4_096;

/** The documents of a field of a frozen segment by their numbers. It is made when it is asked for the second time: most fields are never sorted by. */
export class NumberOrder {
  #docs: Uint32Array | undefined;
  #asked = 0;

  get memory(): number {
    return this.#docs?.byteLength ?? 0;
  }

  /** Those with a number, ascending by it and then by document; undefined where it is not worth while. */
  *of(field: NumberField, pause: () => Generator<void, void>): Generator<void, Uint32Array | undefined> {
    if (field.isMultiple || field.exists.count < fewNumbers) return undefined;
    if (this.#docs === undefined && ++this.#asked > 1) this.#docs = yield* orderNumbers(field, pause);
    return this.#docs;
  }
}

function* orderNumbers(
  { values, exists }: NumberField,
  pause: () => Generator<void, void>,
): Generator<void, Uint32Array> {
  const docs = new Uint32Array(exists.count);
  // Halves of a number whose bits order as the numbers do.
  const high = new Uint32Array(exists.count);
  const low = new Uint32Array(exists.count);
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  for (let doc = 0, used = 0; doc < values.length; doc++) {
    if ((doc & 16_383) === 16_383) yield* pause();
    if (!exists.has(doc)) continue;
    // The sum makes one zero of two.
    number[0] = (values[doc] as number) + 0;
    const lower = halves[0] as number;
    const upper = halves[1] as number;
    const isNegative = upper >>> 31 === 1;
    docs[used] = doc;
    low[used] = isNegative ? ~lower : lower;
    high[used++] = isNegative ? ~upper : upper ^ 0x80000000;
  }
  return yield* orderByKeys(docs, [low, high], pause);
}
