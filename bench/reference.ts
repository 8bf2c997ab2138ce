/**
 * The embedded engine beside the reference engine, on this machine and in one run: the same documents, the same searches; middle and
 * 99th percentile in milliseconds. The embedded engine runs as in a server, with its threads and its files; the reference is asked over
 * one kept connection, its request cache off.
 *
 * Run: `node bench/reference.ts [documents] [milliseconds for each search]`, 1 000 000 and 2 000 unless given; it takes some minutes, and needs Java 17 and Maven.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore } from "../src/stores/documents/index.ts";
import { missingPrerequisite, startReference } from "../tests/long/reference/reference-engine.ts";
import { measure, show } from "./latency.ts";
import { mappings, newDocument, searches } from "./search-workload.ts";

const missing = missingPrerequisite();
if (missing !== undefined) {
  console.log(missing);
  process.exit(0);
}
const documents = Number(process.argv[2] ?? 1_000_000);
const batchSize = 5000;
const msPerSearch = Number(process.argv[3] ?? 2000);
const target = { index: "bench", collection: "things" };
const directory = mkdtempSync(join(tmpdir(), "tenon-bench-"));
try {
  await compare();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  await using reference = await startReference();
  await using store = await createEmbeddedStore({ directory, log: silentLogger, clock: systemClock });
  await store.createCollection(target, "public", mappings, {});
  const index = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: -1 };
  await reference.request("PUT", "/things", { mappings, settings: { index } });
  let ownMs = 0;
  let theirMs = 0;
  for (let from = 0; from < documents; from += batchSize) {
    const sources = Array.from({ length: Math.min(batchSize, documents - from) }, () => JSON.stringify(newDocument()));
    const lines = sources.map((source, i) => `{"index":{"_id":"d${from + i}"}}\n${source}\n`).join("");
    const start = performance.now();
    await store.write(
      target,
      sources.map((source, i) => ({ kind: "index", id: `d${from + i}`, source })),
    );
    const middle = performance.now();
    await reference.request("POST", "/things/_bulk", lines);
    ownMs += middle - start;
    theirMs += performance.now() - middle;
  }
  await reference.request("POST", "/things/_forcemerge?max_num_segments=1");
  await reference.request("POST", "/things/_refresh");
  const perSecond = (ms: number): string => `${(documents / ms).toFixed(1)} k/s`;
  console.log(`${documents} documents written: embedded ${perSecond(ownMs)}, reference ${perSecond(theirMs)}`);
  console.log(`${"".padEnd(32)}${"embedded".padStart(19)}${"reference".padStart(19)}   p50 / p99 in ms`);
  for (const [name, body] of Object.entries(searches)) {
    const size = body.aggs === undefined ? 10 : 0;
    const own = await measure(() => store.search({ targets: [target], body, size }), msPerSearch);
    const path = "/things/_search?request_cache=false&track_total_hits=true";
    const theirs = await measure(() => reference.request("POST", path, { ...body, size }), msPerSearch);
    console.log(`${name.padEnd(32)}${show(own)}${show(theirs)}`);
  }
}
