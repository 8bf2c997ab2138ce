/**
 * The nearest of many vectors, beside the floor of comparing every one in a plain loop: time, and how many of the true ten are found.
 * Run: `node bench/vectors.ts [vectors] [dimensions]`, 200 000 and 96 unless given. Over the API and on a million: `bench/million/main.ts --vectors`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore } from "../src/stores/documents/index.ts";
import { measure, show } from "./latency.ts";
import { VectorWorkload } from "./vector-workload.ts";

const count = Number(process.argv[2] ?? 200_000);
const dims = Number(process.argv[3] ?? 96);
const target = { index: "bench", collection: "vectors" };
const workload = new VectorWorkload(count, dims);
const directory = mkdtempSync(join(tmpdir(), "tenon-bench-"));
const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
try {
  await store.createCollection(target, "public", workload.mappings, {});
  let writeMs = 0;
  for (const documents of workload.documents(2_000)) {
    const operations = documents.map((document) => ({ kind: "index" as const, ...document }));
    const start = performance.now();
    await store.write(target, operations);
    writeMs += performance.now() - start;
  }
  console.log(`${count} vectors of ${dims} dimensions written: ${Math.round((count / writeMs) * 1_000)}/s`);
  const settled = performance.now();
  await untilQuiet();
  console.log(`grouped after ${((performance.now() - settled) / 1_000).toFixed(0)} s more`);
  const queries = Array.from({ length: 50 }, () => workload.newVector());
  let turn = 0;
  const next = (): Float64Array => queries[turn++ % queries.length] as Float64Array; // the index is inside
  for (const [name, more] of Object.entries(VectorWorkload.searches)) {
    const search = (query: Float64Array) => store.search({ targets: [target], body: VectorWorkload.body(query, more) });
    const own = await measure(() => search(next()), 2_000);
    let found = 0;
    for (const query of queries) {
      const wanted = new Set(workload.trueNearest(query, more));
      found += (await search(query)).hits.filter(({ id }) => wanted.has(id)).length;
    }
    console.log(`${name.padEnd(36)}${show(own)} ms   ${(found / queries.length).toFixed(2)} of 10 found`);
  }
  const floor = await measure(async () => workload.trueNearest(next(), {}), 2_000);
  console.log(`${"every vector in a plain loop".padEnd(36)}${show(floor)} ms`);
} finally {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
}

async function untilQuiet(): Promise<void> {
  for (let quiet = 0; quiet < 12; ) {
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { user } = process.cpuUsage(before);
    quiet = user < 50_000 ? quiet + 1 : 0;
  }
}
