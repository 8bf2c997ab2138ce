/**
 * The embedded search engine at 135 k and 1 M synthetic documents of nine fields: indexing speed, memory, and how long searches take.
 * Run: `node --expose-gc bench/search-engine.ts [documents...]`.
 */
import {
  type CollectionIndex,
  createCollectionIndex,
} from "../src/stores/documents/embedded/search/collection-index.ts";
import { checkDocument } from "../src/stores/documents/mapping/check-document.ts";
import { compileMapping } from "../src/stores/documents/mapping/compile-mapping.ts";
import { parseMappings } from "../src/stores/documents/mapping/parse-mappings.ts";

const mappings = parseMappings({
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
});

let state = 42;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);
/** Few words are frequent and many rare, as in texts. */
const word = (): string => `word${Math.floor(random() ** 3 * 5000)}`;

function newDocument(): Record<string, unknown> {
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

const searches: Readonly<Record<string, Record<string, unknown>>> = {
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

/** Milliseconds in all, and the longest step between two yields. */
function measure(index: CollectionIndex, body: Record<string, unknown>): { ms: number; longest: number } {
  const start = performance.now();
  const size = body.aggs === undefined ? 10 : 0;
  const search = index.search({ body, from: 0, size, now: Date.now() });
  let longest = 0;
  for (let before = start; ; ) {
    const { done } = search.next();
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    if (done === true) return { ms: now - start, longest };
  }
}

function used(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function run(count: number): void {
  const index = createCollectionIndex(mappings);
  const compiled = compileMapping(mappings);
  const before = used();
  let indexMs = 0;
  let checkMs = 0;
  for (let from = 0; from < count; from += 5000) {
    const documents = Array.from({ length: Math.min(5000, count - from) }, newDocument);
    const start = performance.now();
    for (const document of documents) checkDocument(compiled, document);
    const middle = performance.now();
    for (const [i, document] of documents.entries()) index.add(from + i, `d${from + i}`, document);
    checkMs += middle - start;
    indexMs += performance.now() - middle;
  }
  const bytes = (used() - before) / count;
  const micros = (ms: number): string => ((ms * 1000) / count).toFixed(2);
  process.stdout.write(
    `${count} documents: check ${micros(checkMs)} us, index ${micros(indexMs)} us each, ${bytes.toFixed(0)} bytes each\n`,
  );
  for (const [name, body] of Object.entries(searches)) {
    const times: number[] = [];
    let longest = 0;
    const first = measure(index, body).ms;
    const until = performance.now() + 400;
    while (times.length < 50 && (times.length < 5 || performance.now() < until)) {
      const one = measure(index, body);
      times.push(one.ms);
      longest = Math.max(longest, one.longest);
    }
    times.sort((a, b) => a - b);
    const p50 = times[times.length >> 1] ?? 0;
    process.stdout.write(
      `  ${name.padEnd(32)} p50 ${p50.toFixed(2).padStart(7)} ms, first ${first.toFixed(1)}, longest step ${longest.toFixed(1)}\n`,
    );
  }
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [135_000, 1_000_000]) run(count);
