import type { JSONObject } from "../../../src/kernel/index.ts";
import { isPlainObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { newQuery } from "./queries.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";
import { kinds as textKinds } from "./text-clauses.ts";

/** What stands beside a query and changes what its hits are or bring. */

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};
const text = (random: Random): string => random.list(random.between(1, 3), () => random.pick(words)).join(" ");

const scored = (random: Random): JSONObject =>
  random.pick<JSONObject>([
    { match: { t: text(random) } },
    { match: { tn: { query: text(random), boost: 2 } } },
    { multi_match: { query: text(random), fields: ["t", "tn^2", "u"] } },
    {
      bool: {
        must: { match: { t: text(random) } },
        should: [{ term: { k: random.pick(keywords) } }, { match: { u: text(random) } }],
      },
    },
    {
      bool: {
        should: [
          { match: { t: text(random) } },
          { match_phrase: { t: `${random.pick(words)} ${random.pick(words)}` } },
        ],
      },
    },
    { dis_max: { queries: [{ match: { t: text(random) } }, { match: { tc: text(random) } }], tie_breaker: 0.4 } },
    { function_score: { query: { match: { t: text(random) } }, weight: 3 } },
    {
      boosting: {
        positive: { match: { t: text(random) } },
        negative: { match: { tn: text(random) } },
        negative_boost: 0.3,
      },
    },
    { constant_score: { filter: { match: { t: text(random) } }, boost: 1.5 } },
    newQuery(random, 1),
  ]);

/** Clauses of all sorts, explained: alone, and among others. */
const explainable = (random: Random): JSONObject => {
  const clause = random.chance(0.5) ? scored(random) : random.pick(Object.values(textKinds))(random).body.query;
  if (!isPlainObject(clause)) return scored(random);
  return random.pick<JSONObject>([
    clause,
    { bool: { must: clause, should: [scored(random)], filter: scored(random) } },
    { constant_score: { filter: clause, boost: 2 } },
    { function_score: { query: clause, functions: [{ weight: 2 }, { filter: scored(random), weight: 3 }] } },
    { dis_max: { queries: [clause, scored(random)], tie_breaker: 0.3 } },
  ]);
};

export function explained(random: Random): Search {
  return {
    body: {
      query: explainable(random),
      explain: true,
      ...maybe(random, 0.2, () => ({ sort: ["_score", "uid"] })),
      ...maybe(random, 0.1, () => ({ sort: ["uid"], track_scores: true })),
    },
    from: 0,
    size: random.pick([5, 20]),
  };
}

export function rescored(random: Random): Search {
  const one = (): JSONObject => ({
    ...maybe(random, 0.7, () => ({ window_size: random.pick([1, 5, 20, 100]) })),
    query: {
      rescore_query: scored(random),
      ...maybe(random, 0.4, () => ({ query_weight: random.pick([0.5, 2, 0]) })),
      ...maybe(random, 0.4, () => ({ rescore_query_weight: random.pick([0.5, 3]) })),
      ...maybe(random, 0.6, () => ({ score_mode: random.pick(["total", "multiply", "avg", "max", "min"]) })),
    },
  });
  return {
    body: {
      query: { match: { t: text(random) } },
      rescore: random.chance(0.7) ? one() : [one(), one()],
      ...maybe(random, 0.2, () => ({ explain: true })),
    },
    from: random.pick([0, 0, 3]),
    size: random.pick([5, 10, 30]),
  };
}

const fieldNames = [
  "k",
  "kn",
  "kl",
  "kv",
  "tags",
  "t",
  "t.*",
  "tn",
  "i",
  "l",
  "s",
  "by",
  "f",
  "hf",
  "d",
  "sf",
  "bool",
  "at",
  "day",
  "stamp",
  "ip",
  "g",
  "al",
  "o.*",
  "o.k",
  "n.*",
  "n.k",
  "nothing",
  "u",
  "k*",
  "*",
  "n.m.*",
  "n.m.k",
  "n.at",
  "n.t",
  "*.k",
  "o*",
  "t.raw",
  "tc",
  "bin",
  "uid",
];
const columns = [
  "k",
  "kn",
  "kl",
  "kv",
  "tags",
  "t.raw",
  "i",
  "l",
  "s",
  "by",
  "f",
  "hf",
  "d",
  "sf",
  "bool",
  "at",
  "day",
  "stamp",
  "ip",
  "g",
  "al",
  "o.k",
  "o.i",
  "nothing",
  "k*",
];

export function withFields(random: Random): Search {
  const dates = [
    { field: "at", format: random.pick(["yyyy-MM", "epoch_millis", "strict_date"]) },
    { field: "day", format: "epoch_second" },
    { field: "stamp", format: "basic_date" },
    { field: "n.at", format: random.pick(["yyyy/MM/dd", "epoch_millis", "date_hour"]) },
    { field: "at", format: random.pick(["dd.MM.uuuu HH:mm", "hour_minute", "basic_ordinal_date"]) },
    { field: random.pick(["st*", "da*"]), format: "yyyy" },
  ];
  return {
    body: {
      query: random.chance(0.5) ? { match_all: {} } : scored(random),
      sort: ["uid"],
      _source: false,
      ...maybe(random, 0.7, () => ({
        fields: [
          ...random.some(fieldNames, 0.15),
          ...maybeList(random, () => random.pick(dates)),
          ...maybeList(random, () => ({ field: "g", format: random.pick(["wkt", "geojson"]) })),
        ],
      })),
      ...maybe(random, 0.5, () => ({
        docvalue_fields: [...random.some(columns, 0.15), ...maybeList(random, () => random.pick(dates))],
      })),
    },
    from: random.below(20),
    size: 10,
  };
}

const maybeList = (random: Random, make: () => JSONObject): JSONObject[] => (random.chance(0.3) ? [make()] : []);

export function limited(random: Random): Search {
  return {
    body: {
      query: random.chance(0.3) ? { match_all: {} } : scored(random),
      ...random.pick<JSONObject>([
        { terminate_after: random.pick([1, 5, 50, 1000]) },
        { min_score: random.pick([0.5, 1, 2, 4]) },
        { min_score: 1, sort: ["uid"] },
        { track_scores: true, sort: ["uid"] },
        { track_scores: true, sort: [{ k: "desc" }, "uid"], _source: false },
        { post_filter: { term: { k: random.pick(keywords) } } },
        { timeout: "10s" },
        { version: true, seq_no_primary_term: true },
        { track_total_hits: random.pick<unknown>([true, 1000]) },
        { terminate_after: 10, post_filter: { term: { k: random.pick(keywords) } } },
      ]),
    },
    from: 0,
    size: random.pick([5, 10, 40]),
  };
}

export function collapsed(random: Random): Search {
  const field = random.pick(["g1", "s1"]);
  const inner = (name: string): JSONObject => ({
    name,
    ...maybe(random, 0.7, () => ({ size: random.between(1, 4) })),
    ...maybe(random, 0.3, () => ({ from: 1 })),
    sort: random.pick([["uid"], [{ uid: "desc" }], [{ i: "asc" }, "uid"]]),
    ...maybe(random, 0.3, () => ({ fields: ["k", "i"] })),
    ...maybe(random, 0.3, () => ({ docvalue_fields: ["s1"] })),
    ...maybe(random, 0.3, () => ({ highlight: { fields: { t: { number_of_fragments: 0 } } } })),
    ...maybe(random, 0.3, () => ({ _source: ["uid", "k"] })),
  });
  return {
    body: {
      query: scored(random),
      sort: random.pick([["uid"], [{ uid: "desc" }], [{ _score: "desc" }, "uid"]]),
      collapse: {
        field,
        ...maybe(random, 0.7, () => ({ inner_hits: random.chance(0.5) ? inner("a") : [inner("a"), inner("b")] })),
      },
      _source: ["uid", field],
    },
    from: random.pick([0, 2]),
    size: random.pick([3, 10]),
  };
}
