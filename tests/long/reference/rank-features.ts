import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

/** Numbers that score: fields of one, and fields of several by name, also in nested objects and below other fields. */

const feature = { type: "rank_feature" };

export const mappings: JSONObject = {
  properties: {
    rank: feature,
    length: { type: "rank_feature", positive_score_impact: false },
    topics: { type: "rank_features" },
    votes: { type: "keyword", fields: { rank: feature } },
    kind: { type: "keyword" },
    text: { type: "text" },
    parts: { type: "nested", properties: { rank: feature, topics: { type: "rank_features" } } },
  },
};
export const settings: JSONObject = {};

const topics = ["sea", "land", "air", "fire"];
const kinds1 = ["a", "b", "c"];

const value = (random: Random): number =>
  random.pick([
    () => random.between(1, 100),
    () => random.between(1, 1_000) / 64,
    () => random.between(1, 9) * 10 ** random.between(-36, 37),
    () => random.pick([1, 1, 2, 255, 257, 65_537, 0.1, 3.4e38, 1.2e-38]),
  ])();
const maybe = (random: Random, chance: number, make: () => JSONObject): JSONObject =>
  random.chance(chance) ? make() : {};
const some = (random: Random): JSONObject =>
  Object.fromEntries(topics.filter(() => random.chance(0.5)).map((name) => [name, value(random)]));

export const newDocument = (random: Random, number: number): JSONObject => ({
  uid: number,
  kind: random.pick(kinds1),
  text: random.pick(["sea", "sea land", "land air"]),
  ...maybe(random, 0.8, () => ({ rank: random.pick<unknown>([value(random), `${random.between(1, 50)}.5`]) })),
  ...maybe(random, 0.6, () => ({ length: random.between(1, 500) / 8 })),
  ...maybe(random, 0.7, () => ({ topics: some(random) })),
  ...maybe(random, 0.4, () => ({ votes: String(random.between(1, 30)) })),
  ...maybe(random, 0.5, () => ({
    parts: Array.from({ length: random.between(1, 3) }, () => ({ rank: value(random), topics: some(random) })),
  })),
});

const fields = ["rank", "rank", "length", "topics.sea", "topics.land", "topics.air", "votes.rank"];
const refused = ["kind", "topics", "none", "topics.none", "text"];

const scoring = (random: Random, field: string): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({}),
    () => ({ saturation: {} }),
    () => ({ saturation: { pivot: value(random) } }),
    () => ({ sigmoid: { pivot: random.between(1, 90) / 2, exponent: random.pick([0.3, 0.6, 1, 2]) } }),
    () => (field === "length" && random.chance(0.8) ? {} : { log: { scaling_factor: random.pick([1, 2, 4.5, 100]) } }),
  ])();

function clause(random: Random, prefix = ""): JSONObject {
  const field = prefix + (prefix === "" ? random.pick(fields) : random.pick(["rank", "topics.sea", "topics.fire"]));
  return {
    rank_feature: {
      field,
      ...scoring(random, field),
      ...maybe(random, 0.3, () => ({ boost: random.pick([0.5, 2, 7]) })),
    },
  };
}

const search = (query: JSONObject): Search => ({ body: { query }, from: 0, size: 400 });

const wrong = (random: Random): JSONObject =>
  random.pick<() => JSONObject>([
    () => ({ field: random.pick(refused) }),
    () => ({ field: "rank", saturation: { pivot: random.pick([0, -1]) } }),
    () => ({ field: "rank", log: random.pick<JSONObject>([{ scaling_factor: 0.5 }, {}, { factor: 2 }]) }),
    () => ({
      field: "rank",
      sigmoid: random.pick<JSONObject>([{ pivot: 2 }, { exponent: 2 }, { pivot: 2, exponent: 0 }]),
    }),
    () => ({ field: "rank", log: { scaling_factor: 1 }, saturation: {} }),
    () => ({ field: "rank", boost: -1 }),
    () => ({ field: "length", log: { scaling_factor: 2 } }),
    () => ({ saturation: {} }),
  ])();

const other = (random: Random): JSONObject => {
  const field = random.pick(["rank", "length", "topics", "topics.sea", "votes.rank"]);
  return random.pick<() => JSONObject>([
    () => ({ exists: { field } }),
    () => ({ term: { [field]: 1 } }),
    () => ({ match: { [field]: "1" } }),
    () => ({ range: { [field]: { gte: 1 } } }),
    () => ({ prefix: { [field]: "1" } }),
    () => ({ bool: { filter: { exists: { field: "rank" } }, must_not: { exists: { field: "votes.rank" } } } }),
    () => ({ query_string: { query: "sea" } }),
  ])();
};

export const kinds: Readonly<Record<string, (random: Random) => Search>> = {
  rankFeature: (random) => {
    const { body, ...page } = search(clause(random));
    return { body: { ...body, fields: ["rank", "topics", "votes.rank"] }, ...page };
  },
  rankFeatureBeside: (random) =>
    search({
      bool: {
        [random.pick(["must", "filter"])]: random.pick<JSONObject>([
          { match: { text: "sea" } },
          { term: { kind: "a" } },
        ]),
        should: [clause(random), clause(random)],
      },
    }),
  rankFeatureInside: (random) =>
    search(
      random.pick<() => JSONObject>([
        () => ({
          nested: { path: "parts", query: clause(random, "parts."), score_mode: random.pick(["sum", "max", "avg"]) },
        }),
        () => ({ constant_score: { filter: clause(random) } }),
        () => ({ dis_max: { queries: [clause(random), clause(random)], tie_breaker: 0.3 } }),
      ])(),
    ),
  rankFeatureWrong: (random) => search({ rank_feature: wrong(random) }),
  featureFields: (random) => search(other(random)),
};
