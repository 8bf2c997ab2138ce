import { forEachWindow } from "../collect/windows.ts";
import { countBits, wordsFor } from "../segment/bits.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { BitmapMatcher, type Matcher, NoneMatcher, windowSize, windowWords } from "./matcher.ts";
import { boostOf, clauseBody, flagOf, malformed, onlyKnown, textOf } from "./parameters.ts";

type ScoreMode = "avg" | "max" | "min" | "sum" | "none";
const modes: readonly unknown[] = ["avg", "max", "min", "sum", "none"];

export const nestedClauses: ClauseTable = {
  *nested(body, context) {
    const object = clauseBody(body, "nested");
    onlyKnown(object, ["path", "query", "score_mode", "ignore_unmapped", "inner_hits"], "nested");
    const path = textOf(object.path, "nested.path");
    const { score_mode: mode = "avg" } = object;
    if (!modes.includes(mode)) throw malformed(`[nested.score_mode] must be one of ${modes.join(", ")}.`);
    const node = context.mapping.objects.get(path);
    if (node?.isNested !== true) {
      if (flagOf(object.ignore_unmapped, false, "nested.ignore_unmapped")) return new NoneMatcher();
      throw malformed(`[nested] "${path}" is not a nested object of the mapping.`);
    }
    const inner = context.inside(path);
    const matcher = yield* inner.compile(object.query);
    return yield* liftMatches(matcher, inner, context, mode as ScoreMode, boostOf(object, "nested"));
  },
};

/** Matches of nested objects, as matches of the documents that hold them. */
function* liftMatches(
  matcher: Matcher,
  inner: QueryContext,
  outer: QueryContext,
  mode: ScoreMode,
  boost: number,
): Generator<void, Matcher> {
  const bits = new Uint32Array(wordsFor(outer.maxDoc));
  const parentsOf = chainOf(inner, outer);
  const sums = new Float64Array(mode === "none" ? 0 : outer.maxDoc);
  const counts = new Uint32Array(mode === "avg" ? outer.maxDoc : 0);
  const scores = new Float64Array(windowSize);
  yield* forEachWindow(matcher, inner, {
    collect(base, end, matches) {
      if (mode !== "none") {
        scores.fill(0);
        matcher.score(base, end, matches, scores);
      }
      for (let i = 0; i < windowWords; i++) {
        let word = matches[i] as number;
        while (word !== 0) {
          const at = (i << 5) + 31 - Math.clz32(word & -word);
          word &= word - 1;
          let doc = base + at;
          for (const parents of parentsOf) doc = parents[doc] as number;
          const isFirst = (((bits[doc >>> 5] as number) >>> (doc & 31)) & 1) === 0;
          if (isFirst) bits[doc >>> 5] = (bits[doc >>> 5] as number) | (1 << (doc & 31));
          if (mode === "none") continue;
          const score = scores[at] as number;
          const before = sums[doc] as number;
          if (mode === "max") sums[doc] = isFirst ? score : Math.max(before, score);
          else if (mode === "min") sums[doc] = isFirst ? score : Math.min(before, score);
          else sums[doc] = before + score;
          if (mode === "avg") counts[doc] = (counts[doc] as number) + 1;
        }
      }
    },
  });
  if (mode === "avg")
    for (let doc = 0; doc < counts.length; doc++)
      if ((counts[doc] as number) > 1) sums[doc] = (sums[doc] as number) / (counts[doc] as number);
  return mode === "none" ? new UnscoredMatcher(bits, countBits(bits)) : new ScoredBitmapMatcher(bits, sums, boost);
}

/** From the inner space outwards: which document holds which object. */
function chainOf(inner: QueryContext, outer: QueryContext): Uint32Array[] {
  const chain: Uint32Array[] = [];
  for (
    let space: QueryContext["space"] | undefined = inner.space;
    space !== undefined && space.path !== outer.space.path;
    space = space.parent
  ) {
    chain.push(space.parentOf);
  }
  return chain;
}

class UnscoredMatcher extends BitmapMatcher {
  override score(): void {}
}

class ScoredBitmapMatcher extends BitmapMatcher {
  readonly #scores: Float64Array;

  constructor(bits: Uint32Array, scores: Float64Array, boost: number) {
    super(bits, countBits(bits), boost);
    this.#scores = scores;
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const length = end - base;
    for (let at = 0; at < length; at++) {
      if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1)
        scores[at] = (scores[at] as number) + this.boost * (this.#scores[base + at] as number);
    }
  }
}
