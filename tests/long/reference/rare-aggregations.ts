import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { compareValues, type OwnAnswer } from "./compare.ts";
import type { Random } from "./random.ts";
import type { ReferenceAnswer } from "./reference-engine.ts";
import type { Search } from "./searches.ts";

/** Aggregations that are asked for rarely. */

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};

const query = (random: Random): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({ match_all: {} }),
    () => ({ match: { t: random.pick(words) } }),
    () => ({ term: { k: random.pick(keywords) } }),
    () => ({ range: { i: { gte: random.between(-40, 20) } } }),
  ])();

const search = (random: Random, aggregation: JSONObject): Search => ({
  body: { query: query(random), aggs: { a: aggregation } },
  from: 0,
  size: 0,
});

const widths = (random: Random): Search => {
  // Without aggregations below: the reference engine mixes up to which bucket their results belong.
  const widthsOf = {
    variable_width_histogram: {
      // Whole numbers: where two pairs of values are as near, it depends on the last digit which is taken.
      field: random.pick(["i", "i", "l", "by", "s1", "i"]),
      ...maybe(random, 0.8, () => ({ buckets: random.between(1, 12) })),
      // Of more values than that the reference engine estimates.
      shard_size: 5000,
      ...maybe(random, 0.2, () => ({ missing: random.between(-60, 60) })),
      ...maybe(random, 0.2, () => ({ format: "0.00" })),
    },
  };
  return search(
    random,
    random.chance(0.8) ? widthsOf : { filter: { term: { g1: random.pick(keywords) } }, aggs: { w: widthsOf } },
  );
};

const heuristics: readonly JSONObject[] = [
  {},
  {},
  { chi_square: { background_is_superset: false } },
  { mutual_information: { background_is_superset: false, include_negatives: true } },
  { gnd: { background_is_superset: false } },
  { percentage: {} },
  { jlh: {} },
];

const wordsOf = (random: Random): Search => {
  const significant = {
    significant_text: {
      field: random.pick(["t", "tn", "u"]),
      size: 300,
      ...random.pick(heuristics),
      ...maybe(random, 0.6, () => ({ min_doc_count: random.between(1, 5) })),
      ...maybe(random, 0.4, () =>
        random.pick<JSONObject>([
          { include: "[a-m].*" },
          { include: ["elm", "oak", "ash"] },
          { exclude: ".*e.*" },
          { exclude: ["beech", "of"] },
        ]),
      ),
      ...maybe(random, 0.2, () => ({
        background_filter: { range: { s1: { gte: random.between(0, 5) } } },
      })),
    },
  };
  return search(
    random,
    random.chance(0.7) ? significant : { terms: { field: "g1", order: { _key: "asc" } }, aggs: { w: significant } },
  );
};

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  variableWidthHistogram: widths,
  significantText: wordsOf,
};

/** What differs between the aggregations of two answers; words of the same significance may come in any order. */
export function findDifference(own: OwnAnswer, theirs: ReferenceAnswer): string | undefined {
  if ("error" in own) return theirs.status >= 400 ? undefined : `ours refused: ${own.error}`;
  if (theirs.status >= 400) return `the reference refused: ${JSON.stringify(theirs.body).slice(0, 400)}`;
  return compareValues(sorted(own.page.aggregations), sorted(theirs.body.aggregations), "aggregations");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = value.map(sorted);
    const isScored = list.every((one) => typeof one === "object" && one !== null && "score" in one);
    return isScored ? list.sort((a, b) => rank(b) - rank(a) || (keyOf(a) < keyOf(b) ? -1 : 1)) : list;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sorted(member)]));
}

// The casts: both are asked of buckets with a score.
const rank = (bucket: unknown): number => Number((bucket as { readonly score: number }).score.toPrecision(9));
const keyOf = (bucket: unknown): string => (bucket as { readonly key: string }).key;

/** Whether there was any bucket. */
export const isFilled = (theirs: ReferenceAnswer): boolean =>
  JSON.stringify(theirs.body.aggregations ?? {}).includes('"key"');
