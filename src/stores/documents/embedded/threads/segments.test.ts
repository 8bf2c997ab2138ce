/** Segments that are frozen, merged, stored and opened again, under a store that works. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { books, create, createBooks, idsOf } from "../../../../../testing/documents/fixture.ts";
import { createLogger, type JSONObject, systemClock } from "../../../../kernel/index.ts";
import type { DocumentStore, RebuildProgress, WriteOperation } from "../../index.ts";
import { createEmbeddedStore, type IndexWork } from "../index.ts";
import { SegmentFile } from "../search/segment/stored/segment-file.ts";

const sizes = { headDocuments: 100, mergedAtOnce: 3, maxDocuments: 5_000 };

interface Opened {
  readonly store: DocumentStore;
  readonly lines: string[];
  /** Documents that were indexed from their rows at the start. */
  readonly progress: RebuildProgress[];
  readonly work: IndexWork[];
}

function newDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "tenon-segments-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function open(t: TestContext, directory: string): Promise<Opened> {
  const lines: string[] = [];
  const progress: RebuildProgress[] = [];
  const log = createLogger(
    (level, event, fields) => void lines.push(`${level} ${event} ${JSON.stringify(fields ?? {})}`),
    () => log,
  );
  const onRebuild = (one: RebuildProgress): void => void progress.push(one);
  const work: IndexWork[] = [];
  const watch = { onRebuild, onIndexWork: (one: IndexWork): void => void work.push(one) };
  const store = await createEmbeddedStore({ directory, log, clock: systemClock, segmentSizes: sizes, ...watch });
  t.after(() => store.close());
  return { store, lines, progress, work };
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const segmentsIn = (directory: string): string[] => readdirSync(join(directory, "segments"));

const book = (i: number): WriteOperation =>
  create(
    { title: `book number ${i} of ${i % 17}`, lang: ["fr", "en", "de"][i % 3], pages: i, tags: [`t${i % 5}`] },
    `b${i}`,
  );

async function fill(store: DocumentStore, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 250)
    await store.write(
      books,
      Array.from({ length: Math.min(250, to - at) }, (_, i) => book(at + i)),
    );
}

/** What a few searches of different kinds answer. */
async function answersOf(store: DocumentStore): Promise<unknown> {
  const bodies: JSONObject[] = [
    { query: { match: { title: "number 7" } }, sort: ["_score", { pages: "asc" }] },
    { query: { term: { lang: "fr" } }, sort: [{ pages: "desc" }] },
    {
      query: { range: { pages: { gte: 100, lt: 900 } } },
      sort: ["lang", "pages"],
      aggs: { tags: { terms: { field: "tags" } } },
    },
    { query: { match_phrase: { title: "number 12 of" } } },
  ];
  const answers: unknown[] = [];
  for (const body of bodies) {
    const { total, hits, aggregations } = await store.search({ targets: [books], body, from: 0, size: 20 });
    answers.push({
      total,
      hits: hits.map(({ id, sort }) => [id, body.query === undefined ? undefined : sort?.slice(-1)]),
      aggregations,
    });
  }
  return answers;
}

test("a store that is opened again reads its stored segments and indexes only what they lack", async (t) => {
  const directory = newDirectory(t);
  const first = await open(t, directory);
  await createBooks(first.store);
  await fill(first.store, 0, 2_030);
  await first.store.write(books, [
    { kind: "delete", id: "b7" },
    { kind: "replace", id: "b8", source: '{"pages":100000}' },
  ]);
  await until(() => segmentsIn(directory).length > 0, "nothing was stored");
  await until(async () => (await storedUpTo(directory)) >= 2_000, "not all was stored");
  await first.store.write(books, [{ kind: "delete", id: "b9" }, book(5_000)]);
  const expected = await answersOf(first.store);
  await first.store.close();

  const second = await open(t, directory);
  assert.deepEqual(await answersOf(second.store), expected);
  const indexed = second.progress[0];
  assert.ok(indexed !== undefined && indexed.total - indexed.done <= 200, JSON.stringify(second.progress));
  assert.equal((await second.store.stats(books)).documents, 2_029);
  assert.deepEqual(second.lines, []);
  // Numbers go on behind those of the segments, so that nothing is mistaken for what was there before.
  await second.store.write(books, [book(6_000)]);
  const page = await second.store.search({
    targets: [books],
    body: { query: { ids: { values: ["b6000", "b7", "b9"] } } },
    from: 0,
    size: 5,
  });
  assert.deepEqual(idsOf(page), ["b6000"]);
});

test("however many segments were frozen, a start indexes no more than the head that was not yet full", async (t) => {
  const directory = newDirectory(t);
  let written = 0;
  for (const batches of [
    [37],
    [50, 50, 50, 50, 50, 37],
    Array.from({ length: 40 }, () => 33),
    [1, 99, 100, 101],
    [7],
  ]) {
    const { store, work } = await open(t, directory);
    if (written === 0) await createBooks(store);
    const before = work.find(({ kind }) => kind === "opened");
    for (const size of batches) {
      await store.write(
        books,
        Array.from({ length: size }, (_, i) => book(written + i)),
      );
      written += size;
    }
    assert.equal(await store.count(books, {}), written);
    await until(
      async () => written - (await storedUpTo(directory)) < sizes.headDocuments,
      "what is full was not stored",
    );
    const known = await storedUpTo(directory);
    await store.close();

    const again = await open(t, directory);
    assert.equal(await again.store.count(books, {}), written);
    const opened = again.work.find(({ kind }) => kind === "opened");
    const { stored, indexed } = opened?.kind === "opened" ? opened : { stored: -1, indexed: -1 };
    assert.deepEqual(
      [stored, indexed],
      [known, written - known],
      `after ${written} documents, ${JSON.stringify(before)}`,
    );
    await again.store.close();
  }
  assert.ok(written > 15 * sizes.headDocuments);
});

/** The last document number that the stored segments of the only collection know. */
async function storedUpTo(directory: string): Promise<number> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(directory, "store.db"), { readOnly: true });
  try {
    return Number(database.prepare("SELECT max(last) AS last FROM segments").get()?.last ?? 0);
  } finally {
    database.close();
  }
}

for (const [what, damage] of [
  [
    "is damaged",
    (file: string) => {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 255;
      for (let i = 0; i < bytes.length; i += 50) bytes[i] = (bytes[i] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
  ],
  ["is missing", (file: string) => rmSync(file)],
  ["is cut short", (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 500))],
] as const) {
  test(`a segment that ${what} is indexed again from its documents, and the log says so`, async (t) => {
    const directory = newDirectory(t);
    const first = await open(t, directory);
    await createBooks(first.store);
    await fill(first.store, 0, 1_000);
    await until(async () => (await storedUpTo(directory)) >= 900, "not all was stored");
    const expected = await answersOf(first.store);
    await first.store.close();
    for (const name of segmentsIn(directory)) damage(join(directory, "segments", name));
    const second = await open(t, directory);
    assert.deepEqual(await answersOf(second.store), expected);
    assert.match(second.lines.join("\n"), /documents\.segments\.damaged/);
  });
}

test("a column that turns out to be damaged when it is first read costs the search time, not its answer", async (t) => {
  const directory = newDirectory(t);
  const first = await open(t, directory);
  await createBooks(first.store);
  await fill(first.store, 0, 1_000);
  await until(async () => (await storedUpTo(directory)) >= 900, "not all was stored");
  const expected = await answersOf(first.store);
  await first.store.close();
  const path = join(directory, "segments", segmentsIn(directory)[0] ?? "");
  const file = new SegmentFile(path);
  const [at = 0] = file.directory.spaces[0]?.fields.title?.columns.docs ?? [];
  file.close();
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 255;
  writeFileSync(path, bytes);
  const second = await open(t, directory);
  assert.equal(await second.store.count(books, {}), 1_000);
  const untouched = [...second.lines];
  assert.deepEqual(await answersOf(second.store), expected);
  assert.deepEqual(untouched, []);
  assert.equal(second.lines.filter((line) => line.includes("documents.segments.damaged")).length, 1);
  await second.store.write(books, [book(5_000)]);
  assert.equal(await second.store.count(books, { match: { title: "book" } }), 1_001);
});

test("truncation and deletion take the stored segments with them, and nothing of them comes back", async (t) => {
  const directory = newDirectory(t);
  const first = await open(t, directory);
  await createBooks(first.store);
  await fill(first.store, 0, 1_000);
  await until(async () => (await storedUpTo(directory)) >= 900, "not all was stored");
  await first.store.truncateCollection(books);
  await first.store.write(books, [book(1)]);
  assert.equal((await first.store.stats(books)).documents, 1);
  await until(() => segmentsIn(directory).length === 0, `left: ${segmentsIn(directory)}`);
  await first.store.close();
  const second = await open(t, directory);
  assert.equal((await second.store.stats(books)).documents, 1);
  await fill(second.store, 2, 1_000);
  await until(async () => (await storedUpTo(directory)) >= 900, "not all was stored");
  await second.store.deleteCollection(books);
  await until(() => segmentsIn(directory).length === 0, `left: ${segmentsIn(directory)}`);
  assert.ok(existsSync(join(directory, "segments")));
});

test("twenty freezes and five merges go by under updates, deletions and open scrolls, and searches do not notice", async (t) => {
  const directory = newDirectory(t);
  const { store, lines } = await open(t, directory);
  await createBooks(store);
  await fill(store, 0, 400);
  const body = { query: { match_all: {} }, sort: [{ pages: "asc" }] };
  const scroll = await store.search({ targets: [books], body, from: 0, size: 50, scrollTtlMs: 600_000 });
  const seen = [...idsOf(scroll)];
  const present = new Map(Array.from({ length: 400 }, (_, i) => [`b${i}`, i]));
  const names = new Set<string>();
  let written = 400;
  for (let round = 0; round < 24; round++) {
    await fill(store, 1_000 + round * 100, 1_100 + round * 100);
    for (let i = 0; i < 100; i++) present.set(`b${1_000 + round * 100 + i}`, 1_000 + round * 100 + i);
    const operations: WriteOperation[] = [];
    for (const [id, pages] of [...present].filter((_, i) => i % 23 === round % 23)) {
      if (pages % 2 === 0) {
        operations.push({ kind: "delete", id });
        present.delete(id);
      } else {
        operations.push({ kind: "replace", id, source: JSON.stringify({ pages: pages + 100_000 }) });
        present.set(id, pages + 100_000);
      }
    }
    await store.write(books, operations);
    written += 100 + operations.filter(({ kind }) => kind === "replace").length;
    // So that each is stored before the next comes, and none is merged before it was stored.
    await until(async () => (await storedUpTo(directory)) > written - 350, "the heads were not stored");
    for (const name of segmentsIn(directory)) names.add(name);
    const found = await store.search({ targets: [books], body, from: 0, size: 10 });
    assert.equal(found.total, present.size);
    const order = [...present].sort((a, b) => a[1] - b[1]).slice(0, 10);
    assert.deepEqual(
      idsOf(found),
      order.map(([id]) => id),
    );
  }
  const { scrollId } = scroll;
  for (let next = scroll; scrollId !== undefined && next.remaining !== 0; ) {
    next = await store.scroll(scrollId, 600_000);
    seen.push(...idsOf(next));
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 400 }, (_, i) => `b${i}`),
  );
  const left = segmentsIn(directory).length;
  assert.ok(names.size >= 20, `only ${names.size} segments were stored`);
  assert.ok(left <= names.size - 10, `${left} of ${names.size} segments are left: few were merged`);
  assert.deepEqual(lines, []);
});
