/**
 * What the embedded document engine costs: CPU of the whole process (all threads) and wall clock per operation, beside the floor of a bare
 * `node:sqlite` that commits the same rows in the same batches. Run: `node bench/documents.ts [documents]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLogger, systemClock } from "../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type WriteOperation } from "../src/stores/documents/index.ts";

const documents = Number(process.argv[2] ?? 20_000);
const directory = mkdtempSync(join(tmpdir(), "tenon-bench-"));
const cities = { index: "world", collection: "cities" };
const mappings = {
  dynamic: "false",
  properties: {
    name: { type: "text", fields: { raw: { type: "keyword" } } },
    country: { type: "keyword" },
    population: { type: "integer" },
    at: { type: "geo_point" },
    founded: { type: "date" },
  },
} as const;

const open = (): Promise<DocumentStore> =>
  createEmbeddedStore({ directory: join(directory, "data"), log: silentLogger, clock: systemClock });

const sourceOf = (i: number): string =>
  JSON.stringify({
    name: `City of number ${i % 5_000}`,
    country: `C${i % 200}`,
    population: (i * 7_919) % 1_000_000,
    at: { lat: (i % 170) - 85, lon: (i % 350) - 175 },
    founded: new Date(1_000_000_000_000 + i * 60_000).toISOString(),
    _kuzzle_info: { author: "-1", createdAt: 1_700_000_000_000 + i, updatedAt: null, updater: null },
  });

const created = (i: number): WriteOperation => ({ kind: "create", source: sourceOf(i) });

/** Runs `count` operations, `flying` at a time, and prints what each cost. */
async function measure(
  name: string,
  count: number,
  flying: number,
  per: number,
  run: (i: number) => unknown,
): Promise<void> {
  const times = new Float64Array(count);
  let next = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      const at = performance.now();
      await run(i);
      times[i] = performance.now() - at;
    }
  };
  await Promise.all(Array.from({ length: flying }, lane));
  print(name, count * per, performance.now() - start, process.cpuUsage(cpu), times);
}

function print(name: string, count: number, ms: number, cpu: NodeJS.CpuUsage, times?: Float64Array): void {
  const perSecond = Math.round((count / ms) * 1_000).toLocaleString("en");
  const cpuUs = ((cpu.user + cpu.system) / count).toFixed(1);
  const sorted = times?.sort();
  const at = (part: number): string => (sorted?.[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  const latency = sorted === undefined ? "" : `  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`;
  console.log(`${name.padEnd(44)}${perSecond.padStart(9)}/s  ${cpuUs.padStart(6)} us CPU${latency}`);
}

function floor(batch: number, count: number): void {
  const database = new DatabaseSync(join(directory, `floor-${batch}.db`));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE documents (number INTEGER PRIMARY KEY, source TEXT)");
  const insert = database.prepare("INSERT INTO documents (source) VALUES (?)");
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < count; ) {
    database.exec("BEGIN");
    for (let j = 0; j < batch && i < count; j++, i++) insert.run(sourceOf(i));
    database.exec("COMMIT");
  }
  print(`floor: bare node:sqlite, ${batch} per commit`, count, performance.now() - start, process.cpuUsage(cpu));
  database.close();
}

try {
  floor(1, 1_000);
  floor(64, documents);
  let store = await open();
  await store.createCollection(cities, "public", mappings, {});
  const create = (i: number): Promise<unknown> => store.write(cities, [created(i)]);
  await measure("create, 64 in flight (warming up)", documents, 64, 1, create);
  await measure("create, 64 in flight", documents, 64, 1, create);
  await measure("create, one at a time", 1_000, 1, 1, create);
  await measure("create and then count, one at a time", 500, 1, 1, async (i) => {
    await create(i);
    await store.count(cities, { term: { country: "C1" } });
  });
  const bulk = (i: number): Promise<unknown> =>
    store.write(
      cities,
      Array.from({ length: 100 }, (_, j) => created(i * 100 + j)),
    );
  await measure("create, 100 in a call, one call at a time", documents / 100, 1, 100, bulk);
  await measure("create, 100 in a call, 4 calls in flight", documents / 100, 4, 100, bulk);
  await store.write(
    cities,
    Array.from({ length: 1_000 }, (_, i) => ({ kind: "index", id: `n${i}`, source: sourceOf(i) }) as const),
  );
  await measure("update, 64 in flight", documents / 2, 64, 1, (i) =>
    store.write(cities, [{ kind: "update", id: `n${i % 1_000}`, partial: `{"population":${i}}` }]),
  );
  await measure("find", 50_000, 1, 1, (i) => store.find(cities, `n${i % 1_000}`));
  const search = (name: string, body: Record<string, unknown>): Promise<void> =>
    measure(`search: ${name}`, 1_000, 1, 1, () => store.search({ targets: [cities], body }));
  await search("everything, top 10", {});
  await search("term", { query: { term: { country: "C7" } } });
  await search("term and range", {
    query: { bool: { filter: [{ term: { country: "C7" } }, { range: { population: { gte: 500_000 } } }] } },
  });
  await search("text", { query: { match: { name: "4711" } } });
  await measure("search: term, 16 in flight", 4_000, 16, 1, () =>
    store.search({ targets: [cities], body: { query: { term: { country: "C7" } } } }),
  );
  const total = await store.count(cities, {});
  await store.close();
  const cpu = process.cpuUsage();
  const start = performance.now();
  store = await open();
  const served = performance.now() - start;
  await store.count(cities, {});
  const rebuilt = performance.now() - start;
  console.log(
    `opened ${total} documents: served after ${served.toFixed(0)} ms, searchable after ${rebuilt.toFixed(0)} ms`,
  );
  print("rebuild of the index", total, rebuilt, process.cpuUsage(cpu));
  await store.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
