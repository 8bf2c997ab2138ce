import { type Matcher, windowSize } from "../query/matcher.ts";
import { countBits } from "../segment/bits.ts";
import type { TopDocs } from "./top-docs.ts";
import type { WindowCollector } from "./windows.ts";

/** Counts matches and keeps the best by score. */
export class ScoreCollector implements WindowCollector {
  total = 0;
  readonly #matcher: Matcher;
  readonly #top: TopDocs;
  readonly #offset: number;
  readonly #scores = new Float64Array(windowSize);
  readonly #key = new Float64Array(1);

  constructor(matcher: Matcher, top: TopDocs, offset: number) {
    this.#matcher = matcher;
    this.#top = top;
    this.#offset = offset;
  }

  collect(base: number, end: number, bits: Uint32Array): void {
    this.total += countBits(bits);
    const top = this.#top;
    if (top.size === 0) return;
    const scores = this.#scores;
    scores.fill(0);
    this.#matcher.score(base, end, bits, scores);
    const words = (end - base + 31) >>> 5;
    for (let i = 0; i < words; i++) {
      let word = bits[i] as number;
      while (word !== 0) {
        const at = (i << 5) + 31 - Math.clz32(word & -word);
        word &= word - 1;
        // Scores are floats, so that equal ones are equal here too.
        const score = Math.fround(scores[at] as number);
        if (top.isFull && score <= top.worst) continue;
        this.#key[0] = score;
        top.offer(this.#offset + base + at, this.#key);
      }
    }
  }
}
