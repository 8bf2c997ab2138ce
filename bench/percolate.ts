/**
 * Stored queries: what storing one costs, and how long it takes to ask which of them match a document of thirty words.
 * Run: `node bench/percolate.ts [queries]`, 10 000 unless given.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JSONObject, silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore } from "../src/stores/documents/index.ts";
import { measure, show } from "./latency.ts";
import { Sequence } from "./million/documents.ts";

const count = Number(process.argv[2] ?? 10_000);
const random = new Sequence();
/** Some are frequent, most are rare. */
const word = (): string => `w${Math.floor(5_000 * random.next() ** 2)}`;
const city = (): string => `c${random.below(200)}`;

const kinds: Readonly<Record<string, () => JSONObject>> = {
  "two words, one is enough": () => ({ match: { title: `${word()} ${word()}` } }),
  "three words, all needed": () => ({ match: { title: { query: `${word()} ${word()} ${word()}`, operator: "and" } } }),
  "words, a keyword and a range": () => ({
    bool: {
      must: { match: { title: `${word()} ${word()}` } },
      filter: [{ term: { city: city() } }, { range: { price: { lte: random.below(1_000) } } }],
    },
  }),
  "a range": () => ({ range: { price: { gte: random.below(1_000) } } }),
  "no keyword of two, which most documents pass": () => ({ bool: { must_not: { terms: { city: [city(), city()] } } } }),
};
const makers = Object.values(kinds);
const all = (): JSONObject => (makers[random.below(makers.length)] as () => JSONObject)(); // the index is inside

const properties = {
  query: { type: "percolator" },
  title: { type: "text" },
  city: { type: "keyword" },
  price: { type: "integer" },
};
const directory = mkdtempSync(join(tmpdir(), "tenon-bench-"));
const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
try {
  for (const [i, [name, make]] of Object.entries({ ...kinds, "a fifth of each": all }).entries()) {
    const target = { index: "bench", collection: `queries${i}` };
    await store.createCollection(target, "public", { properties }, {});
    const startedAt = performance.now();
    for (let from = 0; from < count; from += 1_000) {
      const operations = Array.from({ length: Math.min(1_000, count - from) }, () => {
        return { kind: "index" as const, source: JSON.stringify({ query: make() }) };
      });
      await store.write(target, operations);
    }
    const storedUs = ((performance.now() - startedAt) * 1_000) / count;
    let matches = 0;
    let asked = 0;
    const latency = await measure(async () => {
      const title = Array.from({ length: 30 }, word).join(" ");
      const percolate = { field: "query", document: { title, city: city(), price: random.below(1_000) } };
      const { total } = await store.search({ targets: [target], body: { query: { percolate } }, size: 10 });
      matches += total;
      asked++;
    }, 2_000);
    const cost = `stored in ${storedUs.toFixed(0)} us each, ${Math.round(matches / asked)} match`;
    console.log(`${count} queries, ${name}: ${show(latency)} ms; ${cost}`);
  }
} finally {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}
