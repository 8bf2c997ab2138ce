import type { JSONObject } from "../../src/kernel/index.ts";
import { frequentFirst, Sequence } from "./documents.ts";

/** Bodies of one kind; each turn another, so that no engine answers from what it kept of the last one. */
export type SearchKind = (turn: number) => JSONObject;

const random = new Sequence();
const variants = 64;
const words = frequentFirst();
const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T; // the index is inside
const frequent = words.slice(0, 60);
const middle = words.slice(100, 2_000);
const countries = ["FR", "DE", "IT", "ES", "IN", "BR", "MX", "PL", "RU", "GB", "JP", "TR"];
const points = [
  { lat: 48.85, lon: 2.35 },
  { lat: 52.5, lon: 13.4 },
  { lat: 40.7, lon: -74 },
  { lat: 19.4, lon: -99.1 },
  { lat: 28.6, lon: 77.2 },
  { lat: 35.7, lon: 139.7 },
];

function varied(make: () => JSONObject): SearchKind {
  const bodies = Array.from({ length: variants }, make);
  return (turn) => bodies[turn % variants] as JSONObject; // the index is inside
}

const misspelt = (word: string): string => `${word.slice(0, 3)}${word.slice(4)}`;

/** By the names that the measurements page uses; those with `aggs` answer no hits. */
export const searches: Readonly<Record<string, SearchKind>> = {
  term: varied(() => ({ query: { term: { country: pick(countries) } } })),
  "term and range": varied(() => {
    const from = random.below(5_000);
    const range = { range: { population: { gte: from, lt: from * 2 + 1_000 } } };
    return { query: { bool: { filter: [{ term: { country: pick(countries) } }, range] } } };
  }),
  "text, one word": varied(() => ({ query: { match: { title: pick(frequent) } } })),
  "text, two words (and)": varied(() => ({
    query: { match: { title: { query: `${pick(frequent)} ${pick(frequent)}`, operator: "and" } } },
  })),
  "text, three words (or)": varied(() => ({
    query: { match: { title: `${pick(frequent)} ${pick(frequent)} ${pick(middle)}` } },
  })),
  "text, four words (or)": varied(() => ({
    query: { match: { title: `${pick(frequent)} ${pick(middle)} ${pick(frequent)} ${pick(middle)}` } },
  })),
  "phrase of two frequent words": varied(() => ({
    query: { match_phrase: { title: `${pick(["san", "saint", "la", "de", "santa"])} ${pick(frequent)}` } },
  })),
  prefix: varied(() => ({ query: { prefix: { owner: `owner${10 + random.below(90)}` } } })),
  fuzzy: varied(() => ({ query: { fuzzy: { title: misspelt(pick(middle.filter(({ length }) => length > 4))) } } })),
  "distance from a point": varied(() => ({ query: { geo_distance: { distance: "100km", place: pick(points) } } })),
  "a quarter sorted by distance": varied(() => ({
    query: { term: { sold: true } },
    sort: [{ _geo_distance: { place: pick(points) } }],
  })),
  "a quarter sorted by a number": varied(() => ({ query: { term: { sold: true } }, sort: [{ price: "desc" }] })),
  "text sorted by a date": varied(() => ({ query: { match: { title: pick(frequent) } }, sort: [{ at: "desc" }] })),
  "search_after in the middle": varied(() => ({
    sort: [{ price: "asc" }, { population: "asc" }],
    search_after: [random.below(100_000) / 100, random.below(10_000)],
  })),
  "nested objects": varied(() => {
    const must = [
      { term: { "visits.who": `visitor${random.below(2_000)}` } },
      { range: { "visits.stars": { gte: 3 } } },
    ];
    return { query: { nested: { path: "visits", query: { bool: { must } } } } };
  }),
  "terms (220 values)": varied(() => ({ aggs: { countries: { terms: { field: "country", size: pick([10, 20]) } } } })),
  "range, then terms with avg": varied(() => ({
    query: { range: { price: { gte: random.below(200) } } },
    aggs: { countries: { terms: { field: "country" }, aggs: { price: { avg: { field: "price" } } } } },
  })),
  "terms in terms": varied(() => ({
    query: { term: { sold: true } },
    aggs: { countries: { terms: { field: "country" }, aggs: { owners: { terms: { field: "owner", size: 5 } } } } },
  })),
  "date histogram by month": varied(() => ({
    aggs: { months: { date_histogram: { field: "at", calendar_interval: pick(["month", "quarter"]) } } },
  })),
  "date histogram by month with stats": varied(() => ({
    query: { term: { country: pick(countries) } },
    aggs: {
      months: {
        date_histogram: { field: "at", calendar_interval: "month" },
        aggs: { price: { stats: { field: "price" } } },
      },
    },
  })),
  "cardinality (5 000)": varied(() => ({ aggs: { owners: { cardinality: { field: "owner" } } } })),
  percentiles: varied(() => ({ aggs: { prices: { percentiles: { field: "price" } } } })),
};
