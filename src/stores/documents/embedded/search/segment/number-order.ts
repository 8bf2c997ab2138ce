import type { NumberField } from "./number-field.ts";

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

/** Takes some ten milliseconds for a hundred thousand. */
function* orderNumbers(
  { values, exists }: NumberField,
  pause: () => Generator<void, void>,
): Generator<void, Uint32Array> {
  const count = exists.count;
  let docs: Uint32Array = new Uint32Array(count);
  // Halves of a number whose bits order as the numbers do.
  let high: Uint32Array = new Uint32Array(count);
  let low: Uint32Array = new Uint32Array(count);
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  for (let doc = 0, used = 0; doc < values.length; doc++) {
    if ((doc & 16_383) === 16_383) yield* pause();
    if (!exists.has(doc)) continue;
    // The sum makes one zero of two.
    number[0] = (values[doc] as number) + 0;
    const [lower = 0, upper = 0] = halves;
    const isNegative = upper >>> 31 === 1;
    docs[used] = doc;
    low[used] = isNegative ? ~lower : lower;
    high[used++] = isNegative ? ~upper : upper ^ 0x80000000;
  }
  // By the lowest digit first: what is equal in a digit stays in the order of those below.
  const starts = new Uint32Array(65_537);
  for (let digit = 0; digit < 4; digit++) {
    const keys = digit < 2 ? low : high;
    const shift = (digit & 1) * 16;
    if (countDigits(keys, shift, starts)) continue;
    const [sortedDocs, sortedHigh, sortedLow] = [
      new Uint32Array(count),
      new Uint32Array(count),
      new Uint32Array(count),
    ];
    for (let i = 0; i < count; i++) {
      if ((i & 16_383) === 16_383) yield* pause();
      const key = ((keys[i] as number) >>> shift) & 0xffff;
      const to = starts[key] as number;
      starts[key] = to + 1;
      sortedDocs[to] = docs[i] as number;
      sortedHigh[to] = high[i] as number;
      sortedLow[to] = low[i] as number;
    }
    [docs, high, low] = [sortedDocs, sortedHigh, sortedLow];
  }
  return docs;
}

/** Where each digit begins; true when all are the same, so that there is nothing to do. */
function countDigits(keys: Uint32Array, shift: number, starts: Uint32Array): boolean {
  starts.fill(0);
  for (const key of keys) {
    const place = ((key >>> shift) & 0xffff) + 1;
    starts[place] = (starts[place] as number) + 1;
  }
  const first = keys.length === 0 ? 0 : ((keys[0] as number) >>> shift) & 0xffff;
  if (starts[first + 1] === keys.length) return true;
  for (let place = 0; place < 65_536; place++)
    starts[place + 1] = (starts[place + 1] as number) + (starts[place] as number);
  return false;
}
