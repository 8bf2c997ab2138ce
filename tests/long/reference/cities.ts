import { type City, readCities } from "../../../examples/cities/cities.ts";
import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";
import type { Search } from "./searches.ts";

type Make = (random: Random, city: City["body"]) => JSONObject;

const cities = readCities();

/** The places of the example, as documents of both engines. */
export const cityDocuments = (): JSONObject[] => cities.map(({ body }) => ({ ...body }));

const firstWord = (name: string): string => name.split(/[ -]/)[0] ?? name;
const place = ({ position }: City["body"]): JSONObject => ({ ...position });
/** With letters exchanged, left out or doubled, as people type. */
function mistyped(random: Random, name: string): string {
  const at = random.between(1, Math.max(1, name.length - 2));
  return random.pick([
    name.slice(0, at) + name.slice(at + 1),
    name.slice(0, at) + (name[at + 1] ?? "") + (name[at] ?? "") + name.slice(at + 2),
    name.slice(0, at) + (name[at] ?? "") + name.slice(at),
  ]);
}
/** Escaped for patterns. */
const plain = (text: string): string => text.replace(/[^\p{L}\p{N} -]/gu, "?");

const filters: Readonly<Record<string, Make>> = {
  country: (_, { country }) => ({ term: { country } }),
  countries: (random, { country }) => ({ terms: { country: [country, random.pick(["FR", "US", "CN", "BR"])] } }),
  "people at least": (random) => ({ range: { population: { gte: random.pick([1, 1_000, 10_000, 100_000]) } } }),
  "people between": (_, { population }) => ({
    range: { population: { gte: Math.floor(population * 0.8), lte: Math.ceil(population * 1.2) } },
  }),
  "near by": (random, city) => ({
    geo_distance: { distance: random.pick(["5km", "20km", "100km", "500mi"]), position: place(city) },
  }),
  "in a box": (random, { position: { lat, lon } }) => {
    const half = random.pick([0.2, 1, 5]);
    const top = Math.min(89, lat + half);
    const bottom = Math.max(-89, lat - half);
    const left = Math.max(-180, lon - half);
    const right = Math.min(180, lon + half);
    return {
      geo_bounding_box: { position: { top_left: { lat: top, lon: left }, bottom_right: { lat: bottom, lon: right } } },
    };
  },
  "has people": () => ({ range: { population: { gt: 0 } } }),
  "not a country": (random) => ({ bool: { must_not: { term: { country: random.pick(["FR", "US", "CN"]) } } } }),
};

const texts: Readonly<Record<string, Make>> = {
  match: (_, { name }) => ({ match: { name } }),
  "match, all words": (_, { name }) => ({ match: { name: { query: name, operator: "and" } } }),
  "match, mistyped": (random, { name }) => ({ match: { name: { query: mistyped(random, name), fuzziness: "AUTO" } } }),
  match_phrase: (_, { name }) => ({ match_phrase: { name } }),
  "while typing": (random, { name }) => ({
    [random.pick(["match_phrase_prefix", "match_bool_prefix"])]: { name: name.slice(0, random.between(3, 9)) },
  }),
  prefix: (random, { name }) => ({ prefix: { "name.raw": name.slice(0, random.between(1, 5)) } }),
  "prefix of a word": (random, { name }) => ({
    prefix: { name: { value: firstWord(name).slice(0, random.between(2, 4)), case_insensitive: true } },
  }),
  wildcard: (random, { name }) => ({
    wildcard: { "name.raw": { value: `*${plain(name.slice(1, random.between(3, 6)))}*`, case_insensitive: true } },
  }),
  fuzzy: (random, { name }) => ({ fuzzy: { name: { value: mistyped(random, firstWord(name).toLowerCase()) } } }),
  "exact name": (_, { name }) => ({ term: { "name.raw": name } }),
  simple_query_string: (_, { name }) => ({
    simple_query_string: { query: `${plain(name)} | ${plain(firstWord(name))}`, fields: ["name", "country"] },
  }),
  query_string: (_, { name, country }) => ({
    query_string: { query: `name:(${plain(firstWord(name)).replaceAll(" ", "")}) AND country:${country}` },
  }),
  multi_match: (_, { name, country }) => ({
    multi_match: { query: `${name} ${country}`, fields: ["name^2", "country"] },
  }),
};

function query(random: Random, city: City["body"]): JSONObject {
  const text = random.pick(Object.values(texts))(random, city);
  const filter = random.pick(Object.values(filters))(random, city);
  return random.pick<JSONObject>([
    text,
    { bool: { must: text, filter } },
    { bool: { must: text, should: filter } },
    { bool: { filter: [filter, random.pick(Object.values(filters))(random, city)] } },
    { bool: { should: [text, filter], minimum_should_match: 1 } },
    { constant_score: { filter } },
    { dis_max: { queries: [text, { match: { country: city.country } }], tie_breaker: 0.3 } },
    {
      function_score: {
        query: text,
        functions: [
          { field_value_factor: { field: "population", modifier: "log1p", factor: 0.1 } },
          { gauss: { position: { origin: place(city), scale: "100km", offset: "10km" } } },
        ],
        score_mode: random.pick(["sum", "multiply", "avg"]),
        boost_mode: random.pick(["sum", "multiply"]),
      },
    },
  ]);
}

const any = (random: Random): City["body"] => random.pick(cities).body;

/** The reference engine marks nothing of a beginning of one word below a `function_score`. */
const isUnmarked = ({ function_score: scored }: JSONObject): boolean =>
  /"match_phrase_prefix":\{"name":"\S*"\}/.test(JSON.stringify(scored ?? ""));

export function citiesByRelevance(random: Random, count: number): Search[] {
  const makers = [...Object.values(texts), ...Object.values(filters)];
  return Array.from({ length: count }, (_, i) => {
    const maker = i < makers.length * 2 ? makers[i % makers.length] : undefined;
    const city = any(random);
    const asked = maker === undefined ? query(random, city) : maker(random, city);
    const body = {
      query: asked,
      ...(random.chance(0.2) && !isUnmarked(asked) ? { highlight: { fields: { name: {} } } } : {}),
      ...(random.chance(0.2) ? { min_score: 0.1 } : {}),
      ...(random.chance(0.2) ? { _source: random.pick<unknown>([["name"], false, { excludes: ["position"] }]) } : {}),
    };
    return { body, from: random.chance(0.2) ? random.below(30) : 0, size: random.pick([5, 10, 50]) };
  });
}

export function citiesSorted(random: Random, count: number): Search[] {
  return random.list(count, () => {
    const city = any(random);
    const order = random.pick(["asc", "desc"]);
    const key = random.pick<unknown>([
      { population: order },
      { "name.raw": { order } },
      { country: order },
      { _geo_distance: { position: place(city), order, unit: "km" } },
      "_score",
    ]);
    const isCollapsed = random.chance(0.15);
    const body = {
      query: random.chance(0.5) ? query(random, city) : random.pick(Object.values(filters))(random, city),
      sort: [key, { "name.raw": "asc" }, { population: "desc" }, { country: "asc" }],
      ...(isCollapsed
        ? { collapse: { field: "country", inner_hits: { name: "biggest", size: 2, sort: [{ population: "desc" }] } } }
        : {}),
    };
    const continues = !isCollapsed && random.chance(0.4);
    return { body, continues, from: continues ? 0 : random.pick([0, 0, 10]), size: random.pick([10, 40]) };
  });
}

const metrics: readonly JSONObject[] = [
  { sum: { field: "population" } },
  { avg: { field: "population" } },
  { stats: { field: "population" } },
  { max: { field: "population" } },
  { geo_bounds: { field: "position" } },
  { geo_centroid: { field: "position" } },
  { value_count: { field: "country" } },
  { top_hits: { size: 2, sort: [{ population: "desc" }, { "name.raw": "asc" }], _source: ["name"] } },
];

export function citiesAggregated(random: Random, count: number): Search[] {
  const buckets: readonly (() => JSONObject)[] = [
    () => ({ terms: { field: "country", size: random.pick([5, 10, 300]) } }),
    () => ({ terms: { field: "country", order: { _key: random.pick(["asc", "desc"]) } } }),
    () => ({ terms: { field: "country", exclude: "A.*|F.*", size: 300 } }),
    () => ({ histogram: { field: "population", interval: 100_000, min_doc_count: 1 } }),
    () => ({ range: { field: "population", ranges: [{ to: 1_000 }, { from: 1_000, to: 50_000 }, { from: 50_000 }] } }),
    () => ({ geohash_grid: { field: "position", precision: random.between(1, 4) } }),
    () => ({ geotile_grid: { field: "position", precision: random.between(1, 6) } }),
    () => ({
      filters: { filters: { big: { range: { population: { gte: 100_000 } } }, fr: { term: { country: "FR" } } } },
    }),
    () => ({ composite: { size: 20, sources: [{ country: { terms: { field: "country" } } }] } }),
    () => ({ cardinality: { field: "country" } }),
  ];
  return random.list(count, () => {
    const bucket = random.pick(buckets)();
    const hasInner = !("cardinality" in bucket) && random.chance(0.6);
    const inner = hasInner ? { aggs: { inner: random.pick(metrics) } } : {};
    const filter = random.pick([
      filters.country,
      filters["people at least"],
      filters["near by"],
      filters["has people"],
    ]);
    const isFiltered = filter !== undefined && random.chance(0.6);
    const body = {
      ...(isFiltered ? { query: filter(random, any(random)) } : {}),
      aggs: { a: { ...bucket, ...inner } },
    };
    return { body, from: 0, size: 0 };
  });
}
