import { forEachWindow } from "../collect/windows.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { HoldingDocs, type ScoreMode } from "./matchers/holding-docs.ts";
import { ListMatcher } from "./matchers/list-matcher.ts";
import { clearScores, type Matcher, NoneMatcher, windowSize, windowWords } from "./matchers/matcher.ts";
import { boostOf, clauseBody, flagOf, malformed, onlyKnown, textOf } from "./parameters.ts";

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
  const parentsOf = chainOf(inner, outer);
  const found = new HoldingDocs(mode);
  const add = (object: number, score: number): void => {
    let doc = object;
    for (const parents of parentsOf) doc = parents[doc] as number;
    found.add(doc, score);
  };
  const { listed } = matcher;
  if (listed?.isAscending === true) {
    for (let at = 0; at < listed.count; at++) add(listed.docs[at] as number, mode === "none" ? 0 : listed.scoreOf(at));
    return new ListMatcher(found, mode === "none" ? 0 : boost);
  }
  const scores = new Float64Array(windowSize);
  yield* forEachWindow(matcher, inner, {
    collect(base, end, matches) {
      if (mode !== "none") {
        clearScores(matches, scores);
        matcher.score(base, end, matches, scores);
      }
      for (let i = 0; i < windowWords; i++) {
        let word = matches[i] as number;
        while (word !== 0) {
          const at = (i << 5) + 31 - Math.clz32(word & -word);
          word &= word - 1;
          add(base + at, scores[at] as number);
        }
      }
    },
  });
  return new ListMatcher(found, mode === "none" ? 0 : boost);
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
