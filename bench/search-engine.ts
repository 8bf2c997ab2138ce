/**
 * The embedded search engine at 135 k and 1 M synthetic documents: writing, memory, and how long searches take, without threads and disk.
 * Run: `node --expose-gc bench/search-engine.ts [documents...]`.
 */
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore } from "../src/stores/documents/index.ts";
import { measure, show } from "./latency.ts";
import { mappings, newDocument, searches } from "./search-workload.ts";

const target = { index: "bench", collection: "things" };

function used(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function run(count: number): Promise<void> {
  await using store = await createEmbeddedStore({ directory: ":memory:", log: silentLogger, clock: systemClock });
  await store.createCollection(target, "public", mappings, {});
  const before = used();
  let writeMs = 0;
  for (let from = 0; from < count; from += 5000) {
    const operations = Array.from({ length: Math.min(5000, count - from) }, (_, i) => ({
      kind: "index" as const,
      id: `d${from + i}`,
      source: JSON.stringify(newDocument()),
    }));
    const start = performance.now();
    await store.write(target, operations);
    writeMs += performance.now() - start;
  }
  const bytes = (used() - before) / count;
  console.log(`${count} documents: ${((writeMs * 1000) / count).toFixed(1)} us and ${bytes.toFixed(0)} bytes each`);
  for (const [name, body] of Object.entries(searches)) {
    const size = body.aggs === undefined ? 10 : 0;
    const latency = await measure(() => store.search({ targets: [target], body, size }), 400);
    console.log(`  ${name.padEnd(32)}${show(latency)} ms`);
  }
}

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [135_000, 1_000_000]) await run(count);
