import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { SearchPage, WriteOperation } from "../../index.ts";
import { RowReader } from "../rows/row-reader.ts";
import { RowWriter } from "../rows/row-writer.ts";
import { openForWriting } from "../rows/schema.ts";
import { encodeOperations, type Flat, requestCodes } from "../wire/operations.ts";
import type { SearchAnswer, SearchCommand } from "../wire/search-messages.ts";
import { decodePage, type FlatPage } from "../wire/search-page.ts";
import { Searcher } from "./searcher.ts";

const target = { index: "lib", collection: "books" };
const mappings = '{"properties":{"n":{"type":"integer"}}}';

/** A writer and a searcher over one database in memory; `answers` grows in the order in which searches end. */
function start(
  t: TestContext,
  limits: { maxCursors?: number; maxListBytes?: number; maxSupersededBytes?: number } = {},
) {
  const database = openForWriting(":memory:");
  const cancelled = new Set<number>();
  const answers: SearchAnswer[] = [];
  let wake = (): void => {};
  const writer = new RowWriter(database, (changes) => searcher.apply(changes));
  const searcher = new Searcher({
    reader: new RowReader(database),
    openForRebuild: () => ({ database, shared: true, close: () => {} }),
    limits: { maxCursors: 10, maxListBytes: 1_000_000, maxSupersededBytes: 1_000_000, ...limits },
    sizes: undefined,
    isCancelled: (request) => cancelled.has(request),
    answer: (ready) => {
      answers.push(...ready);
      wake();
    },
    onRebuild: () => {},
    onAbandoned: () => {},
    onReleased: (position) => writer.release(position),
    onApplied: () => {},
    log: () => {},
  });
  searcher.start();
  t.after(() => searcher.close());
  const creation: Flat = [requestCodes.admin, { kind: "create", target, scope: "public", mappings, settings: "{}" }];
  const collection = writer.commit([creation])[0]?.[1] as number;
  const write = (operations: readonly WriteOperation[]): void => {
    const message: Flat = [requestCodes.write, collection];
    encodeOperations(message, operations);
    writer.commit([message]);
  };
  const submit = (request: number, command: SearchCommand, timeoutMs = 10_000, position = writer.position): void =>
    searcher.submit([{ request, position, now: 1_000_000, timeoutMs, command }]);
  const until = async (count: number): Promise<void> => {
    while (answers.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const all = (size: number, scrollTtlMs?: number): SearchCommand => ({
    kind: "search",
    targets: [collection],
    body: "{}",
    from: 0,
    size,
    scrollTtlMs,
  });
  return { writer, write, submit, until, answers, cancelled, collection, all };
}

const creations = (count: number): WriteOperation[] =>
  Array.from({ length: count }, (_, n) => ({ kind: "create", id: `n${n}`, source: `{"n":${n}}` }) as const);

const answered = (answer: SearchAnswer | undefined): unknown =>
  answer !== undefined && "value" in answer ? answer.value : assert.fail(JSON.stringify(answer));

const pageOf = (answer: SearchAnswer | undefined): SearchPage => decodePage(answered(answer) as FlatPage);

test("a small search overtakes a big one that was there first", async (t) => {
  const { write, submit, until, answers, collection, all } = start(t);
  write(creations(10_000));
  submit(1, all(10_000));
  submit(2, { kind: "count", target: collection, query: '{"term":{"n":7}}' });
  await until(2);
  assert.deepEqual(
    answers.map((answer) => answer.request),
    [2, 1],
  );
  assert.equal(answered(answers[0]), 1);
  assert.equal(pageOf(answers[1]).hits.length, 10_000);
});

test("a big search that is cancelled, or beyond its deadline, stops in the middle", async (t) => {
  const { write, submit, until, answers, cancelled, all } = start(t);
  write(creations(10_000));
  submit(1, all(10_000));
  submit(2, all(10_000), 1);
  cancelled.add(1);
  await until(2);
  const messages = answers.map((answer) => ("error" in answer ? answer.error.message : ""));
  assert.match(messages[answers.findIndex((answer) => answer.request === 1)] ?? "", /cancelled/);
  assert.match(messages[answers.findIndex((answer) => answer.request === 2)] ?? "", /stopped after 1 ms/);
});

test("a search waits for the position that it names, and sees what was written up to it", async (t) => {
  const { writer, write, submit, until, answers, collection } = start(t);
  write(creations(1));
  submit(1, { kind: "count", target: collection, query: "{}" }, 10_000, writer.position + 1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answers.length, 0);
  write([{ kind: "create", id: "late", source: "{}" }]);
  await until(1);
  assert.equal(answered(answers[0]), 2);
});

test("a big search answers the sources of the state it saw, whatever is written and purged meanwhile", async (t) => {
  const { writer, write, submit, until, answers, all } = start(t);
  write(creations(10_000));
  submit(0, { kind: "refresh", target: 1 });
  await until(1);
  submit(1, all(10_000));
  assert.equal(answers.length, 1);
  const changes = Array.from(
    { length: 9_000 },
    (_, n) => ({ kind: "index", id: `n${n + 1_000}`, source: '{"n":-1}' }) as const,
  );
  write(changes);
  for (let i = 0; i < 5; i++) writer.purge();
  await until(2);
  const { hits, total } = pageOf(answers[1]);
  assert.equal(total, 10_000);
  assert.ok(hits.every((hit) => hit.source === `{"n":${hit.id.slice(1)}}`));
});

test("scrolls that keep too many superseded documents are closed, the oldest first", async (t) => {
  const { write, submit, until, answers, all } = start(t, { maxSupersededBytes: 50_000 });
  const pad = "x".repeat(10_000);
  write([...creations(3), { kind: "create", id: "a", source: `{"pad":"${pad}"}` }]);
  submit(1, all(1, 60_000));
  await until(1);
  const { scrollId = "" } = pageOf(answers[0]);
  for (let i = 0; i < 10; i++) write([{ kind: "index", id: "a", source: `{"pad":"${pad}"}` }]);
  submit(2, { kind: "refresh", target: 1 });
  await until(2);
  submit(3, { kind: "scroll", scrollId, ttlMs: 60_000 });
  await until(3);
  const last = answers.at(-1);
  assert.equal(last !== undefined && "error" in last && last.error.id, "services.storage.unknown_scroll_id");
});
