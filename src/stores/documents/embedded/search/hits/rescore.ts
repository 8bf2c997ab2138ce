import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { AllMatcher } from "../query/matchers/matcher.ts";
import { clauseBody, malformed, numberOf, onlyKnown } from "../query/parameters.ts";
import type { FoundDoc, SearchPart } from "./finish-hits.ts";
import { scoreDocs } from "./score-docs.ts";

type ScoreMode = "total" | "multiply" | "avg" | "max" | "min";
const modes: readonly unknown[] = ["total", "multiply", "avg", "max", "min"];

/** A second query that puts the best hits of the first one into another order. */
export interface Rescore {
  readonly windowSize: number;
  readonly query: unknown;
  readonly queryWeight: number;
  readonly rescoreWeight: number;
  readonly mode: ScoreMode;
}

/** Hits that a rescorer may look at, as `index.max_rescore_window` of the reference engine. */
const maxWindow = 10_000;

/** `{window_size, query: {rescore_query, query_weight, rescore_query_weight, score_mode}}`, or a list of these that run one after the other. */
export function parseRescores(value: unknown): readonly Rescore[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 20) throw malformed("[rescore] takes at most 20 rescorers.");
  return list.map((one) => {
    if (!isPlainObject(one)) throw malformed("[rescore] must be an object.");
    return parseRescore(one);
  });
}

function parseRescore(one: JSONObject): Rescore {
  onlyKnown(one, ["window_size", "query"], "rescore");
  const windowSize = numberOf(one.window_size, 10, "rescore.window_size");
  if (windowSize < 0 || windowSize > maxWindow)
    throw malformed(`[rescore.window_size] must lie between 0 and ${maxWindow}.`);
  if (!isPlainObject(one.query)) throw malformed('[rescore] needs a "query".');
  const options = clauseBody(one.query, "rescore.query");
  onlyKnown(options, ["rescore_query", "query_weight", "rescore_query_weight", "score_mode"], "rescore.query");
  if (options.rescore_query === undefined) throw malformed('[rescore.query] needs a "rescore_query".');
  const mode = String(options.score_mode ?? "total").toLowerCase();
  if (!modes.includes(mode)) throw malformed(`[rescore.query.score_mode] must be one of ${modes.join(", ")}.`);
  return {
    windowSize,
    query: options.rescore_query,
    queryWeight: numberOf(options.query_weight, 1, "rescore.query.query_weight"),
    rescoreWeight: numberOf(options.rescore_query_weight, 1, "rescore.query.rescore_query_weight"),
    mode: mode as ScoreMode, // one of the modes, as just checked
  };
}

/** Scores the first hits again, weighs those behind the window as well, and puts all in order. */
export function* rescoreHits(
  found: readonly FoundDoc[],
  parts: readonly SearchPart[],
  rescore: Rescore,
): Generator<void, FoundDoc[]> {
  const second = yield* scoresOf(found.slice(0, rescore.windowSize), parts, rescore.query);
  const scored = found.map((one) => {
    const own = second.get(one);
    const score = combine(rescore, one.score ?? 0, own);
    const step = { second: own === undefined ? undefined : own * rescore.rescoreWeight, mode: rescore.mode, score };
    return { ...one, score, orderings: [score], values: [score], rescored: [...(one.rescored ?? []), step] };
  });
  return scored.sort((a, b) => b.score - a.score || a.part - b.part || a.doc - b.doc);
}

function combine({ mode, queryWeight, rescoreWeight }: Rescore, score: number, second: number | undefined): number {
  const own = Math.fround(score * queryWeight);
  if (second === undefined) return own;
  const other = Math.fround(second * rescoreWeight);
  if (mode === "multiply") return Math.fround(own * other);
  if (mode === "avg") return Math.fround((own + other) / 2);
  if (mode === "max") return Math.max(own, other);
  if (mode === "min") return Math.min(own, other);
  return Math.fround(own + other);
}

/** The scores that a query gives to found documents; those that it does not match are absent. */
export function* scoresOf(
  found: readonly FoundDoc[],
  parts: readonly SearchPart[],
  query: unknown,
): Generator<void, Map<FoundDoc, number>> {
  const scores = new Map<FoundDoc, number>();
  for (const [at, { context }] of parts.entries()) {
    const own = new Map(found.filter(({ part }) => part === at).map((one) => [one.doc, one]));
    const matcher = query === undefined ? new AllMatcher(context.maxDoc) : yield* context.compile(query);
    if (own.size === 0) continue;
    yield* scoreDocs(matcher, context, [...own.keys()], ({ doc, score }) => {
      const one = own.get(doc);
      if (one !== undefined) scores.set(one, score);
    });
  }
  return scores;
}
