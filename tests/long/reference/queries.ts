import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords } from "./collection.ts";
import { boosted, centre, type Make, phrase, rangeOf } from "./query-parts.ts";
import type { Random } from "./random.ts";
import { geoQueries, termQueries } from "./term-queries.ts";
import { textQueries } from "./text-queries.ts";

/** Clauses on documents, each by name. */
const leaves: Readonly<Record<string, Make>> = { ...termQueries, ...textQueries, ...geoQueries };

/** Clauses on the objects of `n`. */
const nestedLeaves: readonly Make[] = [
  (random) => ({ term: { "n.k": random.pick(keywords.slice(0, 6)) } }),
  (random) => ({ range: { "n.i": rangeOf(random, () => random.below(20)) } }),
  (random) => ({ match: { "n.t": phrase(random, 3) } }),
  (random) => ({ exists: { field: random.pick(["n.k", "n.t", "n.i"]) } }),
  () => ({ match_all: {} }),
  (random) => ({ nested: { path: "n.m", query: { term: { "n.m.k": random.pick(keywords.slice(0, 4)) } } } }),
];

export const nestedModes = ["avg", "max", "min", "sum", "none"] as const;

export function nestedQuery(random: Random, innerHits: boolean): JSONObject {
  const inner = random.chance(0.5)
    ? random.pick(nestedLeaves)(random)
    : {
        bool: {
          must: random.list(random.between(1, 2), () => random.pick(nestedLeaves)(random)),
          ...(random.chance(0.3) ? { must_not: random.pick(nestedLeaves.slice(0, 3))(random) } : {}),
        },
      };
  return {
    nested: {
      path: "n",
      query: inner,
      ...(random.chance(0.6) ? { score_mode: random.pick(nestedModes) } : {}),
      ...(innerHits ? { inner_hits: random.chance(0.5) ? {} : { size: 2, sort: [{ "n.i": "desc" }] } } : {}),
    },
  };
}

function functionScore(random: Random, depth: number): JSONObject {
  const functions: readonly (() => JSONObject)[] = [
    () => ({ weight: random.pick([2, 0.5, 10]) }),
    () => ({
      field_value_factor: {
        field: "hf",
        missing: 1,
        factor: random.pick([1, 0.1]),
        modifier: random.pick(["square", "none", "log2p", "ln2p", "sqrt", "log1p", "reciprocal"]),
      },
    }),
    () => ({ gauss: { i: { origin: 10, scale: 20, offset: 2, decay: 0.4 } } }),
    () => ({ exp: { g: { origin: centre, scale: "50km", offset: "5km" } } }),
    () => ({ linear: { at: { origin: "2020-06-01", scale: "90d" } } }),
  ];
  const one = (): JSONObject => ({
    ...(random.chance(0.5) ? { filter: newQuery(random, 0) } : {}),
    ...random.pick(functions)(),
    ...(random.chance(0.3) ? { weight: 3 } : {}),
  });
  return {
    function_score: {
      query: newQuery(random, depth - 1),
      functions: random.list(random.between(1, 3), one),
      ...(random.chance(0.6) ? { score_mode: random.pick(["multiply", "sum", "avg", "first", "max", "min"]) } : {}),
      ...(random.chance(0.6) ? { boost_mode: random.pick(["multiply", "replace", "sum", "avg", "max", "min"]) } : {}),
      ...(random.chance(0.2) ? { max_boost: 3 } : {}),
      ...(random.chance(0.2) ? { min_score: 1 } : {}),
    },
  };
}

/** Ours does not hand the boost of a clause on to function_score within it (docs/search-differences.md). */
const boostedLeaves = (random: Random, depth: number, body: JSONObject): JSONObject =>
  depth === 1 ? boosted(random, body) : body;

/** Clauses that hold others. */
const branches: Readonly<Record<string, (random: Random, depth: number) => JSONObject>> = {
  bool: (random, depth) => {
    const list = (most: number): JSONObject[] => random.list(random.below(most + 1), () => newQuery(random, depth - 1));
    const should = list(3);
    return {
      bool: boostedLeaves(random, depth, {
        ...(random.chance(0.5) ? { must: list(2) } : {}),
        ...(random.chance(0.5) ? { filter: random.chance(0.5) ? list(2) : newQuery(random, depth - 1) } : {}),
        ...(random.chance(0.7) ? { should } : {}),
        ...(random.chance(0.3) ? { must_not: list(1) } : {}),
        ...(random.chance(0.3) ? { minimum_should_match: random.pick<unknown>([0, 1, 2, "50%", "-1"]) } : {}),
      }),
    };
  },
  constant_score: (random, depth) => ({ constant_score: boosted(random, { filter: newQuery(random, depth - 1) }) }),
  dis_max: (random, depth) => ({
    dis_max: {
      queries: random.list(random.between(1, 3), () => newQuery(random, depth - 1)),
      ...(random.chance(0.5) ? { tie_breaker: 0.4 } : {}),
    },
  }),
  boosting: (random, depth) => ({
    boosting: { positive: newQuery(random, depth - 1), negative: newQuery(random, depth - 1), negative_boost: 0.3 },
  }),
  function_score: functionScore,
  nested: (random) => nestedQuery(random, false),
};

/** A query of any clause, nested up to `depth` deep. */
export function newQuery(random: Random, depth: number): JSONObject {
  const isBranch = depth > 0 && random.chance(0.6);
  return isBranch ? random.pick(Object.values(branches))(random, depth) : random.pick(Object.values(leaves))(random);
}

/** Every clause alone, by name. */
export const clauses: Readonly<Record<string, Make>> = {
  ...leaves,
  ...Object.fromEntries(
    Object.entries(branches).map(([name, make]): [string, Make] => [name, (random) => make(random, 1)]),
  ),
};
