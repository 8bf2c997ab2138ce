/** Kept between searches, for each kind: most searches need a few, mostly as long as those before. */
const mostKept = 24;
const mostKeptBytes = 4 * 1_048_576;

type Numbers = Uint32Array | Float64Array;

/** Arrays that nobody has borrowed. The oldest makes room. */
class Shelf<Kind extends Numbers> {
  readonly #make: (length: number) => Kind;
  readonly #kept: Kind[] = [];
  #bytes = 0;

  constructor(make: (length: number) => Kind) {
    this.#make = make;
  }

  take(length: number): Kind {
    const at = this.#kept.findLastIndex((one) => one.length === length);
    if (at < 0) return this.#make(length);
    const [taken] = this.#kept.splice(at, 1) as [Kind];
    this.#bytes -= taken.byteLength;
    taken.fill(0);
    return taken;
  }

  give(array: Kind): void {
    this.#kept.push(array);
    this.#bytes += array.byteLength;
    while (this.#kept.length > mostKept || this.#bytes > mostKeptBytes)
      this.#bytes -= (this.#kept.shift() as Kind).byteLength;
  }
}

const words = new Shelf<Uint32Array>((length) => new Uint32Array(length));
const numbers = new Shelf<Float64Array>((length) => new Float64Array(length));

/**
 * Arrays for as long as one search runs: sets of documents, numbers of a window. Made anew each time they would wake the collector of garbage
 * ten times a second, and each time for milliseconds. Those of a search that failed are not given back, and others are made.
 */
export class LentArrays {
  #words: Uint32Array[] = [];
  #numbers: Float64Array[] = [];

  /** Zeros. */
  words(length: number): Uint32Array {
    const array = words.take(length);
    this.#words.push(array);
    return array;
  }

  /** Zeros. */
  numbers(length: number): Float64Array {
    const array = numbers.take(length);
    this.#numbers.push(array);
    return array;
  }

  /** Call it when nothing of the search is looked at any more. */
  giveBack(): void {
    for (const array of this.#words) words.give(array);
    for (const array of this.#numbers) numbers.give(array);
    this.#words = [];
    this.#numbers = [];
  }
}
