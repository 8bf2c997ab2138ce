import type { JSONObject } from "../../../src/kernel/index.ts";
import { clauseOnField } from "./every-clause.ts";
import { nestedModes } from "./queries.ts";
import { centre } from "./query-parts.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";
import type { Values } from "./values.ts";

type Make = (random: Random, values: Values, depth: number) => JSONObject;

const list = (random: Random, values: Values, depth: number, most: number): JSONObject[] =>
  random.list(random.between(1, most), () => clause(random, values, depth - 1));
const named = (random: Random, body: JSONObject): JSONObject =>
  random.chance(0.1) ? { ...body, _name: "named" } : body;
const boosted = (random: Random, body: JSONObject): JSONObject =>
  random.chance(0.2) ? { ...body, boost: random.pick([3, 0.25]) } : body;

const nestedClauses: readonly ((random: Random, values: Values) => JSONObject)[] = [
  (random, values) => ({ term: { "n.k": values.pick(random, "n.k") } }),
  (random, values) => ({ terms: { "n.k": random.list(2, () => values.pick(random, "n.k")) } }),
  (random, values) => ({ range: { "n.i": { [random.pick(["gte", "lt"])]: values.pick(random, "n.i") } } }),
  (random, values) => ({ match: { "n.t": values.phrase(random, "n.t", 3) } }),
  (random, values) => ({ match_phrase: { "n.t": values.phrase(random, "n.t", 2) } }),
  (random, values) => ({ range: { "n.at": { gte: values.pick(random, "n.at") } } }),
  (random, values) => ({ prefix: { "n.k": String(values.pick(random, "n.k")).slice(0, 1) } }),
  (random) => ({ exists: { field: random.pick(["n.k", "n.t", "n.i", "n.at"]) } }),
  (random, values) => ({ nested: { path: "n.m", query: { term: { "n.m.k": values.pick(random, "n.m.k") } } } }),
  (random, values) => ({
    function_score: {
      query: { exists: { field: "n.i" } },
      functions: [
        { field_value_factor: { field: "n.i", missing: 1 } },
        { filter: { term: { "n.k": values.pick(random, "n.k") } }, weight: 2 },
      ],
      score_mode: random.pick(["sum", "max"]),
    },
  }),
];

const compounds: Readonly<Record<string, Make>> = {
  // What finds little stands beside what finds much, so that most of the whole find something.
  bool: (random, values, depth) => ({
    bool: named(random, {
      ...(random.chance(0.3) ? { must: clause(random, values, depth - 1) } : {}),
      ...(random.chance(0.3)
        ? {
            filter: random.pick<unknown>([
              { exists: { field: "uid" } },
              [{ exists: { field: "t" } }],
              [],
              clause(random, values, depth - 1),
            ]),
          }
        : {}),
      ...(random.chance(0.8) ? { should: list(random, values, depth, 4) } : {}),
      ...(random.chance(0.3)
        ? { must_not: random.chance(0.8) ? { term: { k: "red" } } : clause(random, values, depth - 1) }
        : {}),
      ...(random.chance(0.2) ? { minimum_should_match: random.pick<unknown>([0, 1, "-1", "30%"]) } : {}),
      ...(random.chance(0.1) ? { adjust_pure_negative: true } : {}),
    }),
  }),
  dis_max: (random, values, depth) => ({
    dis_max: named(random, {
      queries: list(random, values, depth, 3),
      ...(random.chance(0.5) ? { tie_breaker: random.pick([0, 0.4, 1]) } : {}),
    }),
  }),
  constant_score: (random, values, depth) => ({
    constant_score: boosted(random, { filter: { bool: { should: list(random, values, depth, 3) } } }),
  }),
  boosting: (random, values, depth) => ({
    boosting: {
      positive: { bool: { should: list(random, values, depth, 3) } },
      negative: clause(random, values, depth - 1),
      negative_boost: random.pick([0, 0.2, 0.9, 2]),
    },
  }),
  function_score: (random, values, depth) => ({
    function_score: {
      query: { bool: { should: list(random, values, depth, 3) } },
      ...random.pick<JSONObject>([
        { weight: 3 },
        { field_value_factor: { field: "by", missing: 2, factor: 0.5, modifier: "square" } },
        {
          functions: [
            { filter: clause(random, values, 0), weight: 5 },
            { weight: 2, filter: clause(random, values, 0) },
          ],
        },
        {
          functions: [
            { linear: { i: { origin: 0, scale: 30, decay: 0.3 } } },
            { exp: { at: { origin: "2020-06-01", scale: "100d" } } },
          ],
        },
        { gauss: { g: { origin: [3.88, 43.6], scale: "80km" } } },
        {
          gauss: {
            hf: { origin: 50, scale: 10, offset: 5 },
            multi_value_mode: random.pick(["min", "max", "avg", "sum"]),
          },
        },
      ]),
      ...(random.chance(0.4) ? { score_mode: random.pick(["multiply", "sum", "avg", "first", "max", "min"]) } : {}),
    },
  }),
  nested: (random, values) => ({
    nested: named(random, {
      path: "n",
      query: {
        bool: {
          [random.pick(["must", "should", "filter"])]: random.list(random.between(1, 2), () =>
            random.pick(nestedClauses)(random, values),
          ),
          ...(random.chance(0.2) ? { must_not: { term: { "n.i": values.pick(random, "n.i") } } } : {}),
        },
      },
      ...(random.chance(0.7) ? { score_mode: random.pick(nestedModes) } : {}),
      ...(random.chance(0.1) ? { ignore_unmapped: true } : {}),
    }),
  }),
  "nested, unmapped": () => ({
    bool: {
      should: [{ nested: { path: "nowhere", query: { match_all: {} }, ignore_unmapped: true } }, { match_all: {} }],
    },
  }),
  geo: (random, values) => ({
    bool: {
      should: [
        {
          geo_distance: {
            distance: random.pick(["100km", "1000km"]),
            g: random.chance(0.5) ? centre : { lat: random.between(42, 45), lon: random.between(2, 5) },
          },
        },
        clauseOnField(random, values),
      ],
    },
  }),
};

function clause(random: Random, values: Values, depth: number): JSONObject {
  if (depth > 0 && random.chance(0.6)) return random.pick(Object.values(compounds))(random, values, depth);
  return clauseOnField(random, values);
}

/** Clauses of all kinds within clauses of all kinds, three deep at most. */
export function everyCompound(random: Random, count: number, values: Values): Search[] {
  const makers = Object.values(compounds);
  return Array.from({ length: count }, (_, i) => ({
    body: {
      query: random.pick(i % 2 === 0 ? [makers[(i / 2) % makers.length] ?? clause] : [clause])(
        random,
        values,
        random.between(1, 3),
      ),
    },
    from: random.chance(0.2) ? random.below(10) : 0,
    size: random.pick([10, 30, 400]),
  }));
}
