import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { clauses, nestedQuery, newQuery } from "./queries.ts";
import { centre } from "./query-parts.ts";
import type { Random } from "./random.ts";

export interface Search {
  /** Under which name it is counted; that of the file unless given. */
  readonly kind?: string;
  readonly body: JSONObject;
  /** Page on from the middle of this search's hits. */
  readonly continues?: boolean;
  readonly from: number;
  readonly size: number;
}

const page = (random: Random): { from: number; size: number } => ({
  from: random.chance(0.3) ? random.below(20) : 0,
  size: random.pick([10, 5, 20, 400]),
});

const sortFields = [
  "k",
  "kn",
  "kv",
  "tags",
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
  "t.raw",
  "o.k",
  "o.i",
  "al",
];
const textual = ["k", "kn", "kv", "tags", "t.raw", "o.k", "ip"];

function sortKey(random: Random): JSONObject | string {
  const order = random.pick(["asc", "desc"]);
  const kind = random.next();
  if (kind < 0.12) {
    return {
      _geo_distance: {
        g: random.chance(0.8) ? centre : [centre, { lat: 0, lon: 0 }],
        order,
        unit: random.pick(["m", "km", "mi"]),
        ...(random.chance(0.3) ? { mode: random.pick(["min", "max", "avg", "median"]) } : {}),
      },
    };
  }
  if (kind < 0.25) {
    return {
      "n.i": {
        order,
        nested: {
          path: "n",
          ...(random.chance(0.5) ? { filter: { term: { "n.k": random.pick(keywords.slice(0, 4)) } } } : {}),
        },
        ...(random.chance(0.4) ? { mode: random.pick(["min", "max", "sum", "avg"]) } : {}),
      },
    };
  }
  if (kind < 0.3) return { nothing: { order, unmapped_type: random.pick(["long", "keyword", "date"]) } };
  if (kind < 0.35) return "_score";
  const field = random.pick(sortFields);
  const isText = textual.includes(field);
  return {
    [field]: {
      order,
      ...(random.chance(0.4)
        ? { missing: random.pick<unknown>(["_first", "_last", ...(isText || field === "bool" ? [] : [0])]) }
        : {}),
      ...(random.chance(0.3)
        ? { mode: random.pick(isText ? ["min", "max"] : ["min", "max", "sum", "avg", "median"]) }
        : {}),
    },
  };
}

/** Often beside something that is found, so that most searches have something to compare. */
function found(random: Random, query: JSONObject): JSONObject {
  if (random.chance(0.5)) return query;
  return { bool: { should: [query, { match: { t: random.list(3, () => random.pick(words)).join(" ") } }] } };
}

/** By relevance: every clause in turn, then random trees of them. */
export function byRelevance(random: Random, count: number): Search[] {
  const names = Object.keys(clauses);
  return Array.from({ length: count }, (_, i) => {
    const clause = i < names.length * 4 ? clauses[names[i % names.length] ?? ""] : undefined;
    const query = clause === undefined ? found(random, newQuery(random, random.between(1, 3))) : clause(random);
    return { body: { query }, ...page(random) };
  });
}

export function bySort(random: Random, count: number): Search[] {
  return random.list(count, () => ({
    body: {
      ...(random.chance(0.7) ? { query: found(random, newQuery(random, random.below(2))) } : {}),
      sort: [...random.list(random.between(1, 2), () => sortKey(random)), { uid: random.pick(["asc", "desc"]) }],
    },
    ...page(random),
  }));
}

/** Sorted searches that go on behind a hit of theirs. */
export function pagesAfter(random: Random, count: number): Search[] {
  return bySort(random, count).map((search) => ({ ...search, from: 0, continues: true }));
}

/** What stands beside the query. */
export function withExtras(random: Random, count: number): Search[] {
  const kinds: readonly (() => Search)[] = [
    () => ({
      body: {
        query: found(random, newQuery(random, 1)),
        post_filter: found(random, newQuery(random, 1)),
        sort: ["uid"],
        aggs: { k: { terms: { field: "k", size: 30 } } },
      },
      ...page(random),
    }),
    () => ({
      body: { query: found(random, newQuery(random, 1)), min_score: random.pick([0.2, 0.5, 1]) },
      ...page(random),
    }),
    () => ({
      body: {
        query: { exists: { field: "uid" } },
        collapse: { field: random.pick(["s1", "g1"]) },
        sort: [{ uid: random.pick(["asc", "desc"]) }],
      },
      from: random.below(3),
      size: 10,
    }),
    () => ({
      body: {
        query: { bool: { must: found(random, newQuery(random, 1)), filter: { exists: { field: "uid" } } } },
        collapse: {
          field: random.pick(["s1", "g1"]),
          inner_hits: { name: "others", size: 3, sort: [{ uid: "desc" }] },
        },
        sort: ["uid"],
      },
      from: 0,
      size: 10,
    }),
    () => ({
      body: {
        sort: ["uid"],
        _source: random.pick<unknown>([
          false,
          true,
          "n.*",
          ["k", "o"],
          { includes: ["n*", "o.*"], excludes: ["*.i", "n.m"] },
          { excludes: ["t", "n.k"] },
          ["*.k"],
          [],
        ]),
      },
      ...page(random),
    }),
    () => ({ body: { query: nestedQuery(random, true), sort: ["uid"] }, ...page(random) }),
    () => ({
      body: {
        query: { bool: { must: found(random, newQuery(random, 1)), should: nestedQuery(random, true) } },
        sort: ["uid"],
      },
      ...page(random),
    }),
  ];
  return random.list(count, () => random.pick(kinds)());
}

export function withHighlights(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const text = random.list(random.between(1, 2), () => random.pick(words)).join(" ");
    const field = random.pick(["t", "tn", "u", "t.ws", "t.folding"]);
    const query = random.pick<JSONObject>([
      { match: { [field]: text } },
      { match_phrase: { [field]: text } },
      { prefix: { [field]: text.slice(0, 2).toLowerCase() } },
      { bool: { must: { match: { [field]: text } }, must_not: { term: { k: "red" } } } },
      { multi_match: { query: text, fields: ["t", "tn"] } },
    ]);
    return {
      body: {
        query,
        sort: ["uid"],
        highlight: {
          fields: random.pick<JSONObject>([
            { [field]: {} },
            { [field]: { number_of_fragments: 0 } },
            { "t*": { number_of_fragments: 0 } },
          ]),
          ...(random.chance(0.3) ? { pre_tags: ["<b>"], post_tags: ["</b>"] } : {}),
          ...(random.chance(0.3) ? { require_field_match: false } : {}),
        },
      },
      from: 0,
      size: 20,
    };
  });
}
