/**
 * The nearest of many vectors, beside the floor of comparing every one in a plain loop: time, and how many of the true ten are found.
 * Run: `node bench/vectors.ts [vectors] [dimensions]`, 200 000 and 96 unless given. Vectors lie in clusters, as those of texts and pictures do.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore } from "../src/stores/documents/index.ts";
import { measure, show } from "./latency.ts";
import { Sequence } from "./million/documents.ts";

const count = Number(process.argv[2] ?? 200_000);
const dims = Number(process.argv[3] ?? 96);
const target = { index: "bench", collection: "vectors" };
const random = new Sequence();
const spread = (): number => random.next() + random.next() + random.next() - 1.5;
const places = Array.from({ length: 1_000 }, () => Float32Array.from({ length: dims }, spread));
const newVector = (): Float32Array => {
  const place = places[random.below(places.length)] as Float32Array; // the index is inside
  return place.map((value) => Math.round((value + spread() * 0.5) * 1_000) / 1_000);
};

const all = new Float32Array(count * dims);
const directory = mkdtempSync(join(tmpdir(), "tenon-bench-"));
const store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
try {
  const vector = { type: "dense_vector", dims, similarity: "cosine" };
  const mappings = { properties: { vector, kind: { type: "keyword" } } };
  await store.createCollection(target, "public", mappings, {});
  let writeMs = 0;
  for (let from = 0; from < count; from += 2_000) {
    const operations = Array.from({ length: Math.min(2_000, count - from) }, (_, i) => {
      const own = newVector();
      all.set(own, (from + i) * dims);
      const source = JSON.stringify({ vector: [...own], kind: `kind${(from + i) % 20}` });
      return { kind: "index" as const, id: `d${from + i}`, source };
    });
    const start = performance.now();
    await store.write(target, operations);
    writeMs += performance.now() - start;
  }
  console.log(`${count} vectors of ${dims} dimensions written: ${Math.round((count / writeMs) * 1_000)}/s`);
  const settled = performance.now();
  await untilQuiet();
  console.log(`grouped after ${((performance.now() - settled) / 1_000).toFixed(0)} s more`);
  const queries = Array.from({ length: 50 }, newVector);
  for (const [name, more] of Object.entries({
    "ten nearest": {},
    "ten nearest of 1000 candidates": { num_candidates: 1_000 },
    "ten nearest of a twentieth": { filter: { term: { kind: "kind7" } } },
  })) {
    const body = (query: Float32Array) => ({
      knn: { field: "vector", query_vector: [...query], k: 10, num_candidates: 100, ...more },
      _source: false,
    });
    let turn = 0;
    const own = await measure(
      () => store.search({ targets: [target], body: body(queries[turn++ % queries.length] as Float32Array) }),
      2_000,
    );
    let found = 0;
    for (const query of queries) {
      const { hits } = await store.search({ targets: [target], body: body(query) });
      const wanted = new Set(trueNearest(query, "filter" in more));
      found += hits.filter(({ id }) => wanted.has(id)).length;
    }
    console.log(`${name.padEnd(36)}${show(own)} ms   ${(found / queries.length).toFixed(2)} of 10 found`);
  }
  let turn = 0;
  const floor = await measure(async () => trueNearest(queries[turn++ % queries.length] as Float32Array, false), 2_000);
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

function trueNearest(query: Float32Array, isFiltered: boolean): string[] {
  const best: { id: string; score: number }[] = [];
  for (let row = isFiltered ? 7 : 0; row < count; row += isFiltered ? 20 : 1) {
    let [dot, square] = [0, 0];
    for (let i = 0, at = row * dims; i < dims; i++, at++) {
      const value = all[at] as number;
      dot += value * (query[i] as number);
      square += value * value;
    }
    const score = dot / Math.sqrt(square);
    if (best.length === 10 && score <= (best[9]?.score ?? 0)) continue;
    best.push({ id: `d${row}`, score });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, 10);
  }
  return best.map(({ id }) => id);
}
