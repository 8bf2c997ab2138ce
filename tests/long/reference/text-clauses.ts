import type { JSONObject } from "../../../src/kernel/index.ts";
import { keywords, words } from "./collection.ts";
import { centre } from "./query-parts.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Clauses on texts that stand apart from the everyday ones, by name. */

const maybe = (random: Random, share: number, make: () => JSONObject): JSONObject =>
  random.chance(share) ? make() : {};
const text = (random: Random, most = 3): string =>
  random.list(random.between(1, most), () => random.pick(words)).join(" ");
const search = (random: Random, query: JSONObject): Search => ({
  body: { query: random.chance(0.8) ? query : { bool: { should: [query, { term: { k: random.pick(keywords) } }] } } },
  from: 0,
  size: random.pick([10, 20, 300]),
});

const fieldLists = [
  ["t", "tn"],
  ["t", "tn^2", "u"],
  ["t", "tc", "o.t"],
  ["t", "t.ws", "tn"],
  ["t.folding", "t^3", "u"],
  ["t", "k"],
  ["k", "kv", "u"],
  ["t", "nothing"],
  ["t"],
];

const crossFields = (random: Random): Search =>
  search(random, {
    multi_match: {
      query: text(random, 4),
      type: "cross_fields",
      fields: random.pick(fieldLists),
      ...maybe(random, 0.4, () => ({ operator: random.pick(["and", "or"]) })),
      ...maybe(random, 0.3, () => ({ tie_breaker: random.pick([0, 0.3, 1]) })),
      ...maybe(random, 0.3, () => ({ minimum_should_match: random.pick<unknown>([1, 2, "60%", "-1"]) })),
      ...maybe(random, 0.2, () => ({ analyzer: random.pick(["whitespace", "simple"]) })),
      ...maybe(random, 0.2, () => ({ boost: 2 })),
      ...maybe(random, 0.1, () => ({ zero_terms_query: "all" })),
    },
  });

const multiMatch = (random: Random): Search =>
  search(random, {
    multi_match: {
      query: text(random, 4),
      type: random.pick(["best_fields", "most_fields", "phrase", "phrase_prefix", "bool_prefix"]),
      fields: random.pick(fieldLists.slice(0, 5)),
      ...maybe(random, 0.3, () => ({ operator: random.pick(["and", "or"]) })),
      ...maybe(random, 0.3, () => ({ tie_breaker: random.pick([0, 0.3, 1]) })),
      ...maybe(random, 0.3, () => ({ minimum_should_match: random.pick<unknown>([1, 2, "60%", "-1"]) })),
      ...maybe(random, 0.2, () => ({ analyzer: random.pick(["whitespace", "simple"]) })),
      ...maybe(random, 0.2, () => ({ boost: 2 })),
      ...maybe(random, 0.3, () => ({ slop: random.between(0, 3) })),
      ...maybe(random, 0.2, () => ({ max_expansions: random.pick([50, 60, 70]) })),
    },
  });

const likeItem = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => text(random, 8),
    () => ({ _id: `d${random.below(250)}` }),
    () => ({ _id: `d${random.below(300)}` }),
    () => ({ doc: { t: text(random, 6), tn: text(random, 4), k: random.pick(keywords) } }),
  ])();

const moreLikeThis = (random: Random): Search => {
  const like = random.chance(0.5) ? likeItem(random) : random.list(random.between(1, 3), () => likeItem(random));
  return search(random, {
    more_like_this: {
      fields: random.pick([["t"], ["t", "tn"], ["t", "k"], ["tn", "u"], ["t.folding"]]),
      like,
      min_term_freq: random.pick([1, 1, 1, 2]),
      min_doc_freq: random.pick([1, 1, 3, 5]),
      ...maybe(random, 0.3, () => ({ unlike: likeItem(random) })),
      ...maybe(random, 0.3, () => ({ max_query_terms: random.pick([30, 50]) })),
      // Pieces of words are many, and of those that weigh the same any may be chosen.
      ...(JSON.stringify(like).includes('"doc"') ? { max_query_terms: 1_000 } : {}),
      ...maybe(random, 0.2, () => ({ max_doc_freq: random.pick([20, 60]) })),
      ...maybe(random, 0.2, () => ({ min_word_length: 4 })),
      ...maybe(random, 0.2, () => ({ max_word_length: 5 })),
      ...maybe(random, 0.2, () => ({ stop_words: ["the", "oak", "pine"] })),
      ...maybe(random, 0.4, () => ({ minimum_should_match: random.pick<unknown>([1, 2, "50%", "0%"]) })),
      ...maybe(random, 0.3, () => ({ boost_terms: random.pick([1, 2]) })),
      ...maybe(random, 0.3, () => ({ include: true })),
      ...maybe(random, 0.2, () => ({ boost: 2 })),
    },
  });
};

const distanceFeature = (random: Random): Search =>
  search(random, {
    distance_feature: random.chance(0.5)
      ? {
          field: "at",
          origin: random.pick(["2020-06-01", "2019-01-01T10:00:00Z", 1_590_000_000_000]),
          pivot: random.pick(["7d", "12h", "100d"]),
        }
      : {
          field: "g",
          origin: random.pick<unknown>([centre, [3.9, 43.5], "43,4"]),
          pivot: random.pick(["10km", "100m", "500mi"]),
          boost: 2,
        },
  });

const wrapper = (random: Random): Search =>
  search(random, {
    wrapper: { query: Buffer.from(JSON.stringify({ match: { t: text(random) } })).toString("base64") },
  });

const interval = (random: Random, depth: number): JSONObject => {
  const kind = random.next();
  const filter = (): JSONObject =>
    maybe(random, 0.3, () => ({
      filter: {
        [random.pick([
          "containing",
          "contained_by",
          "not_containing",
          "not_contained_by",
          "overlapping",
          "not_overlapping",
          "before",
          "after",
        ])]: interval(random, 0),
      },
    }));
  const gaps = (): JSONObject => maybe(random, 0.5, () => ({ max_gaps: random.pick([0, 1, 3, 10]) }));
  const order = (): JSONObject => maybe(random, 0.5, () => ({ ordered: random.chance(0.6) }));
  if (kind < 0.5 || depth === 0) {
    return random.pick<() => JSONObject>([
      () => ({ match: { query: text(random), ...gaps(), ...order(), ...filter() } }),
      () => ({ match: { query: text(random), ...gaps(), ...order() } }),
      () => ({ prefix: { prefix: random.pick(["a", "be", "w", "pi", "o"]) } }),
      () => ({ wildcard: { pattern: random.pick(["a*", "?ak", "*e", "b*h", "w?l*"]) } }),
      () => ({ fuzzy: { term: random.pick(["oat", "wilow", "beach", "fig"]) } }),
    ])();
  }
  const intervals = random.list(random.between(1, 3), () => interval(random, depth - 1));
  // Filters over choices, and within them, are left out: docs/search-differences.md.
  const isChosen = JSON.stringify(intervals).includes('"any_of"');
  if (kind < 0.75) return { all_of: { intervals, ...gaps(), ...order(), ...(isChosen ? {} : filter()) } };
  return JSON.stringify(intervals).includes('"filter"') ? interval(random, depth) : { any_of: { intervals } };
};

const intervals = (random: Random): Search =>
  search(random, {
    intervals: { [random.pick(["t", "t", "tn", "tc", "t.stopped"])]: interval(random, random.between(1, 3)) },
  });

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  crossFields,
  multiMatch,
  moreLikeThis,
  distanceFeature,
  wrapper,
  intervals,
};
