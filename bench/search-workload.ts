/** One collection and the searches on it, for benches of search engines: nine fields, about 210 bytes of JSON a document. */
export const mappings = {
  dynamic: "false",
  properties: {
    title: { type: "text" },
    colour: { type: "keyword" },
    city: { type: "keyword" },
    owner: { type: "keyword" },
    count: { type: "integer" },
    price: { type: "double" },
    at: { type: "date" },
    place: { type: "geo_point" },
    sold: { type: "boolean" },
  },
} as const;

let state = 42;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);
/** Few words are frequent and many rare, as in texts. */
const word = (): string => `word${Math.floor(random() ** 3 * 5000)}`;

export function newDocument(): Record<string, unknown> {
  const title = Array.from({ length: 3 + below(5) }, word).join(" ");
  return {
    title,
    colour: `colour${below(8)}`,
    city: `city${below(200)}`,
    owner: `owner${below(5000)}`,
    count: below(1000),
    price: Math.round(random() * 100_000) / 100,
    at: new Date(1_500_000_000_000 + below(200_000_000) * 1000).toISOString(),
    place: { lat: random() * 160 - 80, lon: random() * 360 - 180 },
    sold: random() < 0.25,
  };
}

/** By the names of the table that the engine is judged by; those with aggregations answer no hits. */
export const searches: Readonly<Record<string, Record<string, unknown>>> = {
  everything: {},
  term: { query: { term: { city: "city7" } } },
  "term + range": {
    query: { bool: { filter: [{ term: { city: "city7" } }, { range: { count: { gte: 200, lt: 600 } } }] } },
  },
  "text, one word": { query: { match: { title: "word7" } } },
  "text, three words (or)": { query: { match: { title: "word0 word1 word2" } } },
  "text, two words (and)": { query: { match: { title: { query: "word0 word1", operator: "and" } } } },
  "phrase of two frequent words": { query: { match_phrase: { title: "word0 word1" } } },
  prefix: { query: { prefix: { owner: "owner12" } } },
  fuzzy: { query: { fuzzy: { title: "wrd42" } } },
  "a quarter sorted by a number": { query: { term: { sold: true } }, sort: [{ price: "desc" }] },
  "geo distance": { query: { geo_distance: { distance: "200km", place: { lat: 48, lon: 2 } } } },
  "a quarter sorted by distance": {
    query: { term: { sold: true } },
    sort: [{ _geo_distance: { place: { lat: 48, lon: 2 } } }],
  },
  "search_after in the middle": { sort: [{ price: "asc" }, { _id: "asc" }], search_after: [500, "d5"] },
  "terms (200 values)": { aggs: { cities: { terms: { field: "city" } } } },
  "range, then terms with avg": {
    query: { range: { count: { gte: 100 } } },
    aggs: { cities: { terms: { field: "city" }, aggs: { price: { avg: { field: "price" } } } } },
  },
  "date histogram by month": { aggs: { months: { date_histogram: { field: "at", calendar_interval: "month" } } } },
  "cardinality (5 000)": { aggs: { owners: { cardinality: { field: "owner" } } } },
  percentiles: { aggs: { prices: { percentiles: { field: "price" } } } },
};
