import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../../kernel/index.ts";
import type { Engine, EngineEvents } from "../engine.ts";
import { SearchClient } from "../search-client.ts";
import { WriteQueue } from "../write-queue.ts";
import { startThreadedEngine } from "./threaded-engine.ts";

const limits = {
  maxScrolls: 10,
  maxScrollBytes: 1_000_000,
  maxSupersededBytes: 1_000_000,
  maxFieldBytes: 1_000_000,
  segmentSizes: undefined,
};
const target = { index: "lib", collection: "books" };
const unused = (): never => {
  throw new Error("unused");
};

/** The threads with the queues of the store before them, and a way to make each thread end by a message that it cannot read. */
async function start(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "tenon-crash-"));
  const ends: [string, boolean][] = [];
  const writes = new WriteQueue((message) => engine.write(message));
  const searches = new SearchClient({
    clock: systemClock,
    send: (messages) => engine.search(messages),
    cancel: (request) => engine.cancel(request),
  });
  const events: EngineEvents = {
    written: (answers, position) => {
      searches.position = position;
      writes.answered(answers);
    },
    answered: (answers) => searches.answered(answers),
    rebuild: () => {},
    refused: () => {},
    migrated: () => {},
    warned: () => {},
    failed: (part, error, isFinal) => {
      ends.push([part, isFinal]);
      if (part === "writer") writes.fail(error);
      else searches.fail(error, isFinal);
    },
  };
  const engine: Engine = await startThreadedEngine(directory, events, limits);
  t.after(async () => {
    await engine.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const creation = {
    kind: "create",
    target,
    scope: "public",
    mappings: '{"properties":{"n":{"type":"integer"}}}',
    settings: "{}",
  } as const;
  const collection = (await writes.admin(creation, unused)) as number;
  const create = (n: number) =>
    writes.write(collection, [{ kind: "create", id: `n${n}`, source: `{"n":${n}}` }], unused);
  const count = () => searches.request({ kind: "count", target: collection, query: "{}" }, 10_000);
  // The casts: what the types forbid is the point.
  const crashSearch = () => engine.search(null as never);
  const crashWriter = () => engine.write(null as never);
  return { engine, ends, create, count, collection, crashSearch, crashWriter };
}

test("a search thread that ends is replaced: what it was asked is refused, and nothing written is lost to searches", async (t) => {
  const { create, count, ends, crashSearch } = await start(t);
  await create(1);
  assert.equal(await count(), 1);
  crashSearch();
  await assert.rejects(count(), {
    id: "services.storage.unexpected_error",
    message: /search thread has ended.*try again/,
  });
  assert.deepEqual(ends, [["search", false]]);
  await Promise.all([create(2), create(3)]);
  assert.equal(await count(), 3);
  await create(4);
  assert.equal(await count(), 4);
});

test("a search thread that ends again and again is given up, and writes and reads go on", async (t) => {
  const { create, count, ends, crashSearch, engine, collection } = await start(t);
  for (let i = 0; i < 6; i++) {
    crashSearch();
    await assert.rejects(count());
  }
  assert.deepEqual(ends.at(-1), ["search", true]);
  await assert.rejects(count(), { message: /restart the server/ });
  assert.equal((await create(1))[0]?.ok, true);
  assert.equal(engine.reader.find(collection, "n1")?.version, 1);
});

test("when the writer ends, writes are refused at once, and reads and searches go on", async (t) => {
  const { create, count, ends, crashWriter, crashSearch, engine, collection } = await start(t);
  await create(1);
  crashWriter();
  await assert.rejects(create(2), {
    id: "services.storage.unexpected_error",
    message: /writer has ended.*restart the server/,
  });
  assert.deepEqual(ends, [["writer", true]]);
  await assert.rejects(create(3), { message: /restart the server/ });
  assert.equal(engine.reader.find(collection, "n1")?.version, 1);
  assert.equal(engine.reader.find(collection, "n2"), undefined);
  assert.equal(await count(), 1);
  crashSearch();
  await assert.rejects(count(), { message: /restart the server/ });
});
