import type { LentArrays } from "../../lent-arrays.ts";
import { Matcher, windowSize, windowWords } from "./matcher.ts";

/** Documents in which something is found; how often is worked out while they are matched, and kept for their scores. */
export abstract class FrequencyMatcher extends Matcher {
  /** By document of the present window. */
  protected readonly frequencies: Float64Array;

  constructor(boost: number, arrays: LentArrays) {
    super(boost);
    this.frequencies = arrays.numbers(windowSize);
  }

  /** Clears the bits of documents of the window that cannot have it. */
  protected abstract sift(base: number, end: number, bits: Uint32Array): void;

  /** How often a document of the window that was left has it, 0 when it does not. */
  protected abstract frequency(at: number): number;

  fill(base: number, end: number, bits: Uint32Array): void {
    bits.fill(0xffffffff);
    this.keep(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.sift(base, end, bits);
    for (let i = 0; i < windowWords; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const bit = word & -word;
        word ^= bit;
        const at = (i << 5) + 31 - Math.clz32(bit);
        const frequency = this.frequency(at);
        this.frequencies[at] = frequency;
        if (frequency === 0) bits[i] = (bits[i] as number) ^ bit;
      }
    }
  }
}
