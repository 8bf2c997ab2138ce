import type { QueryContext } from "../query/context.ts";
import { type Matcher, newWindow, windowSize } from "../query/matchers/matcher.ts";
import type { Explanation } from "../query/scoring/explanation.ts";

/** What a query makes of one document; `explain` answers for as long as the visit lasts. */
export interface ScoredDoc {
  readonly doc: number;
  /** A float, as the score of a hit is. */
  readonly score: number;
  explain(): Explanation;
}

/** Visits those of some documents of one segment that a query matches, in ascending order. The matcher is used up. */
export function* scoreDocs(
  matcher: Matcher,
  context: QueryContext,
  docs: readonly number[],
  visit: (scored: ScoredDoc) => void,
): Generator<void, void> {
  const sorted = [...docs].sort((a, b) => a - b);
  const scores = new Float64Array(windowSize);
  const bits = newWindow();
  for (let i = 0; i < sorted.length; ) {
    const base = Math.floor((sorted[i] as number) / windowSize) * windowSize;
    const end = Math.min(base + windowSize, context.maxDoc);
    bits.fill(0);
    for (; i < sorted.length && (sorted[i] as number) < end; i++) {
      const at = (sorted[i] as number) - base;
      bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
    }
    matcher.keep(base, end, bits);
    scores.fill(0);
    const constant = matcher.constantScore;
    if (constant === undefined) matcher.score(base, end, bits, scores);
    else scores.fill(constant);
    for (let at = 0; at < end - base; at++) {
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
      const score = Math.fround(scores[at] as number);
      visit({ doc: base + at, score, explain: () => matcher.explain(base, end, at) });
    }
    yield* context.budget.pause();
  }
}
