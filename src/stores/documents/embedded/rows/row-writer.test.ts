import assert from "node:assert/strict";
import { test } from "node:test";
import type { WriteOperation, WriteOutcome } from "../../index.ts";
import type { ChangeSet } from "../wire/change.ts";
import { fromErrorText } from "../wire/error-text.ts";
import { answerCodes, decodeOutcomes, encodeOperations, type Flat, requestCodes } from "../wire/operations.ts";
import { RowReader } from "./row-reader.ts";
import { RowWriter } from "./row-writer.ts";
import { openForWriting } from "./schema.ts";

const target = { index: "lib", collection: "books" };
const creation: Flat = [
  requestCodes.admin,
  { kind: "create", target, scope: "public", mappings: "{}", settings: "{}" },
];

function start() {
  const database = openForWriting(":memory:");
  const changes: ChangeSet[] = [];
  const writer = new RowWriter(database, (set) => changes.push(set));
  const [answer] = writer.commit([creation]);
  const collection = answer?.[1] as number;
  return { database, writer, changes, collection, reader: new RowReader(database) };
}

const writing = (collection: number, operations: readonly WriteOperation[]): Flat => {
  const message: Flat = [requestCodes.write, collection];
  encodeOperations(message, operations);
  return message;
};

function outcomesOf(answer: Flat | undefined, count: number): WriteOutcome[] {
  assert.equal(answer?.[0], answerCodes.written);
  return decodeOutcomes(answer ?? [], 1, count).outcomes;
}

const create = (id: string, source = "{}"): WriteOperation => ({ kind: "create", id, source });

test("all messages of a commit are one transaction, published once under the next position", () => {
  const { writer, changes, collection } = start();
  const before = writer.position;
  const answers = writer.commit([writing(collection, [create("a")]), writing(collection, [create("b"), create("a")])]);
  assert.equal(outcomesOf(answers[0], 1)[0]?.ok, true);
  assert.deepEqual(
    outcomesOf(answers[1], 2).map((outcome) => outcome.ok),
    [true, false],
  );
  assert.equal(changes.length, 2);
  assert.partialDeepStrictEqual(changes[1], {
    position: before + 1,
    changes: [{ kind: "documents", collection, numbers: [1, 2], replaced: [0, 0], ids: ["a", "b"] }],
  });
});

test("metadata is short in a row, and whole wherever the row is read", () => {
  const { database, writer, collection, reader } = start();
  const info = (updatedAt: number | null) => ({ author: "kuid", createdAt: 1, updatedAt, updater: null });
  const source = JSON.stringify({ n: 1, _kuzzle_info: info(null) });
  writer.commit([writing(collection, [create("a", source), create("b", source)])]);
  const update: WriteOperation = {
    kind: "update",
    id: "b",
    partial: '{"_kuzzle_info":{"updatedAt":2}}',
    returnSource: true,
  };
  const [outcome] = outcomesOf(writer.commit([writing(collection, [update])])[0], 1);
  const changed = JSON.stringify({ n: 1, _kuzzle_info: info(2) });
  assert.equal(outcome?.ok === true && outcome.source, changed);
  assert.deepEqual([reader.find(collection, "a")?.source, reader.byNumber(collection, 3)?.source], [source, changed]);
  const stored = database.prepare(`SELECT length(source) AS length FROM rows_${collection}`).all();
  assert.ok(stored.every(({ length }) => Number(length) < 30));
});

test("a commit that changes nothing publishes nothing", () => {
  const { writer, changes, collection } = start();
  const before = writer.position;
  writer.commit([writing(collection, [{ kind: "delete", id: "none" }])]);
  assert.equal(writer.position, before);
  assert.equal(changes.length, 1);
});

test("when the disk is full the batch is refused as a whole, reads go on, and so do writes once there is room", () => {
  const { database, writer, changes, collection, reader } = start();
  writer.commit([writing(collection, [create("kept", '{"n":1}')])]);
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const big = create("big", JSON.stringify({ pad: "x".repeat(100_000) }));
  const update: WriteOperation = { kind: "update", id: "kept", partial: '{"n":2}' };
  const published = changes.length;
  const answers = writer.commit([writing(collection, [update]), writing(collection, [big, create("after")]), creation]);
  assert.equal(answers.length, 3);
  for (const answer of answers) {
    assert.equal(answer[0], answerCodes.error);
    assert.equal(answer.length, 2);
    const error = fromErrorText(answer[1] as Parameters<typeof fromErrorText>[0]);
    assert.equal(error.id, "services.storage.not_writable");
    assert.equal(error.status, 503);
    assert.match(error.message, /full.*Nothing of this request was stored/);
  }
  assert.equal(changes.length, published);
  assert.deepEqual(reader.find(collection, "kept"), { id: "kept", version: 1, source: '{"n":1}' });
  assert.equal(reader.find(collection, "after"), undefined);

  database.exec("PRAGMA max_page_count = 1000000");
  const [again] = writer.commit([writing(collection, [update, big])]);
  assert.deepEqual(
    outcomesOf(again, 2).map((outcome) => outcome.ok && outcome.version),
    [2, 1],
  );
});

test("a mapping that grew in a transaction that was rolled back has not grown", () => {
  const { database, writer, collection, reader } = start();
  writer.commit([[requestCodes.admin, { kind: "mappings", collection, mappings: '{"dynamic":"true"}' }]]);
  const before = reader.collection(collection)?.mappings;
  const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const grown = create("a", JSON.stringify({ n: 1, pad: "x".repeat(100_000) }));
  const [refused] = writer.commit([writing(collection, [grown])]);
  assert.equal(refused?.[0], answerCodes.error);
  assert.equal(reader.collection(collection)?.mappings, before);
  database.exec("PRAGMA max_page_count = 1000000");
  // "n" may be text now: the number that would have made it a number was never stored.
  const [accepted] = writer.commit([writing(collection, [create("b", '{"n":"text"}')])]);
  assert.equal(outcomesOf(accepted, 1)[0]?.ok, true);
  assert.match(reader.collection(collection)?.mappings ?? "", /"n":\{"type":"text"/);
});

test("a superseded row is kept until its position is released, and then purged", () => {
  const { writer, collection, reader } = start();
  writer.commit([writing(collection, [create("a", '{"n":1}')])]);
  writer.commit([writing(collection, [{ kind: "index", id: "a", source: '{"n":2}' }])]);
  const superseding = writer.position;
  writer.release(superseding - 1);
  writer.purge();
  assert.equal(reader.byNumber(collection, 1)?.source, '{"n":1}');
  writer.release(superseding);
  assert.equal(writer.purge(), false);
  assert.equal(reader.byNumber(collection, 1), undefined);
  assert.equal(reader.byNumber(collection, 2)?.source, '{"n":2}');
});

test("a request for a collection that is gone is answered as such, without harm to its neighbours", () => {
  const { writer, collection } = start();
  const deletion: Flat = [requestCodes.admin, { kind: "delete", collection }];
  const late = writing(collection, [create("a"), create("b")]);
  const [answer] = writer.commit([[...deletion, ...late, ...creation]]);
  assert.deepEqual(answer?.slice(0, 4), [answerCodes.value, true, answerCodes.gone, answerCodes.value]);
});

test("more collections than statements are kept for are written without mixing their numbers up", () => {
  const { writer, reader } = start();
  const collections: number[] = [];
  for (let i = 0; i < 300; i++) {
    const request = {
      kind: "create",
      target: { index: "lib", collection: `c${i}` },
      scope: "public",
      mappings: "{}",
      settings: "{}",
    };
    collections.push(writer.commit([[requestCodes.admin, request]])[0]?.[1] as number);
  }
  for (let round = 0; round < 2; round++) {
    const messages = collections.map((id) => writing(id, [{ kind: "index", id: "a", source: `{"round":${round}}` }]));
    for (const answer of writer.commit(messages)) assert.equal(outcomesOf(answer, 1)[0]?.ok, true);
    writer.release(writer.position);
    writer.purge();
  }
  for (const id of collections) assert.deepEqual(reader.find(id, "a"), { id: "a", version: 2, source: '{"round":1}' });
});

test("an operation of the wrong shape is refused alone", () => {
  const { writer, collection, reader } = start();
  // What the types forbid and a plugin without types may send.
  const wrong = [
    { kind: "create", id: {}, source: "{}" },
    { kind: "create", id: 5, source: "{}" },
    { kind: "create", id: "a", source: { n: 1 } },
    { kind: "create", id: "b", source: new String("{}") },
    { kind: "update", id: "kept", partial: null },
    { kind: "deleteFields", id: "kept", fields: "n", partial: "{}" },
    { kind: "deleteFields", id: "kept", fields: [["n"]], partial: "{}" },
    { kind: "nonsense", id: "c", source: "{}" },
  ] as unknown as WriteOperation[];
  const operations = [create("kept", '{"n":1}'), ...wrong, create("after")];
  const [answer] = writer.commit([
    structuredClone(writing(collection, operations.slice(0, -2))),
    writing(collection, [create("after")]),
  ]);
  const outcomes = outcomesOf(answer, operations.length - 2);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok),
    [true, ...wrong.slice(1).map(() => false)],
  );
  assert.deepEqual(reader.find(collection, "kept"), { id: "kept", version: 1, source: '{"n":1}' });
  assert.equal(reader.find(collection, "after")?.version, 1);
});
