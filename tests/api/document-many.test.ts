/** Writing and reading several documents at once: what succeeds is done and what fails is listed (contract/search.md 6). */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { assertMembers, http, Line, type Partial, type Written } from "./wire.ts";

const books = { index: "lib", collection: "books" };
const anonymous = "-1";

let server: TestServer;
let line: Line;
let watcher: Line;

before(async () => {
  server = await startServer({ data: ":memory:" });
  line = await Line.open(server);
  watcher = await Line.open(server);
  const properties = { year: { type: "integer" }, tag: { type: "keyword" } };
  await line.result({ controller: "collection", action: "create", ...books, body: { mappings: { properties } } });
  await watcher.result({ controller: "realtime", action: "subscribe", ...books, body: {} });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await watcher?.[Symbol.asyncDispose]();
  await server?.close();
});

const old = { author: "ada", createdAt: 1, updatedAt: null, updater: null };

/** `a` and `b` are there, written by somebody else, and nothing else is. */
beforeEach(async () => {
  await line.result({ controller: "collection", action: "truncate", ...books });
  for (const _id of ["a", "b"]) {
    const body = { year: 1, nested: { x: 1 }, _kuzzle_info: old };
    await line.result({ controller: "bulk", action: "write", ...books, _id, body });
  }
  watcher.notifications.length = 0;
});

const ask = <R = Partial>(action: string, request: JSONObject) =>
  line.ask<R>({ controller: "document", action, ...books, ...request });
const write = (action: string, documents: unknown[], request: JSONObject = {}) =>
  line.result<Partial>({ controller: "document", action, ...books, body: { documents }, ...request });
const stored = async (_id: string): Promise<Written> =>
  line.result({ controller: "document", action: "get", ...books, _id });
const heard = async (count: number): Promise<unknown[]> =>
  (await watcher.take(count)).map(({ action, scope, result }) => [action, scope, result._id]);

function assertInfo({ _source }: Written, expected: Readonly<Record<string, unknown>>): void {
  const info = _source._kuzzle_info as JSONObject;
  const plain = Object.entries(info).map(([name, value]) => [name, Number(value) > 1e12 ? "now" : value]);
  assert.deepEqual(Object.fromEntries(plain), expected);
}
const created = { author: anonymous, createdAt: "now", updatedAt: null, updater: null };

test("mCreate creates in order, makes ids, and lists bodies that are no objects and ids that exist", async () => {
  const taken = { _id: "a", body: { year: 2 } };
  const bad = { _id: "bad", body: "text" };
  const { successes, errors } = await write("mCreate", [
    { _id: "z", body: { year: 3, _kuzzle_info: { author: "mallory" } } },
    taken,
    bad,
    { _id: 42, body: { year: 4 } },
    { _id: "wrong", body: { year: "no year" } },
    null,
    { body: {} },
  ]);
  assert.equal(successes.length, 3);
  for (const one of successes) {
    assertMembers(one, ["_id", "_source", "_version", "created", "result", "status"]);
    const { _version, created: isNew, result, status } = one as Written & JSONObject;
    assert.deepEqual([_version, isNew, result, status], [1, true, "created", 201]);
    assertInfo(one, created);
  }
  assert.deepEqual(
    successes.map(({ _source }) => _source.year),
    [3, 4, undefined],
  );
  assert.equal(successes[0]?._id, "z");
  assert.match(successes[1]?._id ?? "", /^[\w-]{20}$/);
  for (const error of errors) assertMembers(error, ["document", "reason", "status"]);
  assert.deepEqual(
    errors.map(({ document, status }) => [status, document]),
    [
      [400, bad],
      [400, null],
      [400, taken],
      [400, { _id: "wrong", _source: errors[3]?.document._source }],
    ],
  );
  assert.equal(errors[3]?.document._source?.year, "no year");
  assert.deepEqual(
    await heard(3),
    successes.map(({ _id }) => ["create", "in", _id]),
  );
  assert.deepEqual((await stored("a"))._source.year, 1);
});

test("mCreateOrReplace creates or replaces, without the content when source is false", async () => {
  const { successes, errors } = await write("mCreateOrReplace", [
    { _id: "a", body: { year: 2 } },
    { _id: "z", body: {} },
    { body: 3 },
  ]);
  assert.deepEqual(
    successes.map((one) => ({ ...one, _source: undefined })),
    [
      { _id: "a", _source: undefined, _version: 2, created: false, result: "updated", status: 200 },
      { _id: "z", _source: undefined, _version: 1, created: true, result: "created", status: 201 },
    ],
  );
  for (const one of successes) assertInfo(one, created);
  assert.deepEqual(
    errors.map(({ status }) => status),
    [400],
  );
  assert.deepEqual(await heard(2), [
    ["replace", "in", "a"],
    ["create", "in", "z"],
  ]);
  for (const source of [false, "false"]) {
    const { successes } = await write("mCreateOrReplace", [{ _id: "a", body: { year: 9 } }], { source });
    assertMembers(successes[0], ["_id", "_version", "created", "result", "status"]);
    const [told] = await watcher.take(1);
    assert.equal(told?.result._source.year, 9);
  }
});

test("mReplace replaces what exists, and lists what does not, and ids that are no text", async () => {
  const nobody = { _id: "nobody", body: {} };
  const noId = { body: {} };
  const bad = { _id: 3, body: 3 };
  const { successes, errors } = await write("mReplace", [{ _id: "a", body: { year: 2 } }, nobody, noId, bad]);
  const [one] = successes as readonly (Written & JSONObject)[];
  assertMembers(one, ["_id", "_source", "_version", "created", "result", "status"]);
  assert.deepEqual([one?._version, one?.created, one?.result, one?.status], [2, false, "updated", 200]);
  assertInfo(one as Written, created);
  assert.deepEqual(
    errors.map(({ status, document }) => [status, document]),
    [
      [400, noId],
      [400, bad],
      [404, nobody],
    ],
  );
  assert.deepEqual(await heard(1), [["replace", "in", "a"]]);
});

test("mUpdate merges into what exists and answers whole documents", async () => {
  const { successes, errors } = await write("mUpdate", [
    { _id: "a", body: { nested: { y: 2 }, list: [1], _kuzzle_info: { author: "mallory" } } },
    { _id: "nobody", body: { year: 3 } },
    { body: { year: 3 } },
    { _id: "b" },
  ]);
  const [one] = successes as readonly (Written & JSONObject)[];
  assertMembers(one, ["_id", "_source", "_version", "status"]);
  assert.deepEqual([one?._version, one?.status, one?._source.nested], [2, 200, { x: 1, y: 2 }]);
  assertInfo(one as Written, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  assert.deepEqual(
    errors.map(({ status }) => status),
    [400, 400, 404],
  );
  assert.equal(errors[2]?.document._id, "nobody");
  assert.equal(errors[2]?.document.body?.year, 3);
  const [told] = await watcher.take(1);
  assert.deepEqual(told?.result._updatedFields, ["nested.y", "list"]);
  assert.deepEqual(told?.result._source, one?._source);
});

test("mUpsert creates with the defaults over the changes, and updates without them", async () => {
  const { successes, errors } = await write("mUpsert", [
    { _id: "z", changes: { year: 1, tag: "x" }, default: { year: 2, _kuzzle_info: { author: "mallory" } } },
    { _id: "a", changes: { nested: { y: 1 } }, default: { year: 99 } },
    { _id: "b", changes: 3 },
    { _id: "b", changes: {}, default: "x" },
    { changes: {} },
  ]);
  const [first, second] = successes as readonly (Written & JSONObject)[];
  for (const one of successes) assertMembers(one, ["_id", "_source", "_version", "created", "status"]);
  assert.deepEqual([first?.created, first?.status, first?._source.year, first?._source.tag], [true, 201, 2, "x"]);
  assertInfo(first as Written, { author: anonymous, createdAt: "now" });
  assert.deepEqual([second?.created, second?.status, second?._source.year], [false, 200, 1]);
  assertInfo(second as Written, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  assert.deepEqual(
    errors.map(({ status }) => status),
    [400, 400, 400],
  );
  const told = await watcher.take(2);
  assert.deepEqual(
    told.map(({ action, result }) => [action, result._updatedFields]),
    [
      ["create", undefined],
      ["update", ["nested.y"]],
    ],
  );
});

test("mDelete deletes what is there, and lists what is not, and what is no id", async () => {
  const { result } = await ask<{ successes: string[]; errors: JSONObject[] }>("mDelete", {
    body: { ids: ["a", "nobody", 42, "b", ""] },
  });
  assert.deepEqual([...result.successes].sort(), ["a", "b"]);
  for (const error of result.errors) assertMembers(error, ["_id", "reason", "status"]);
  assert.deepEqual(
    result.errors.map(({ _id, status }) => [_id, status]),
    [
      [42, 400],
      ["", 400],
      ["nobody", 404],
    ],
  );
  const told = await watcher.take(2);
  for (const { action, scope, event, result } of told) {
    assert.deepEqual([action, scope, event], ["delete", "out", "delete"]);
    assertMembers(result, ["_id", "_source"]);
  }
});

test("mGet and mExists keep the order, answer twice what is asked twice, and take ids from everywhere", async () => {
  type Found = { successes: readonly Written[]; errors: readonly string[] };
  const { result } = await ask<Found>("mGet", { body: { ids: ["b", "x", "a", "b"] } });
  assert.deepEqual(
    result.successes.map(({ _id }) => _id),
    ["b", "a", "b"],
  );
  assert.deepEqual(result.errors, ["x"]);
  for (const one of result.successes) assertMembers(one, ["_id", "_source", "_version"]);
  for (const path of ["ids=a,b", `ids=${encodeURIComponent('["a","b"]')}`]) {
    const { result } = await http<Found>(server, "GET", `/lib/books/_mGet?${path}`);
    assert.deepEqual(
      result.successes.map(({ _id }) => _id),
      ["a", "b"],
    );
  }
  const exists = await ask("mExists", { ids: "a,x", body: { ids: [] } });
  assert.deepEqual(exists.result, { successes: ["a"], errors: ["x"] });
  const numbers = await ask("mExists", { body: { ids: ["a", 5, "a"] } });
  assert.deepEqual(numbers.result, { successes: ["a", "a"], errors: ["5"] });
  for (const action of ["mGet", "mExists"]) {
    assert.deepEqual((await ask(action, {})).result, { successes: [], errors: [] });
    assert.deepEqual((await ask(action, { body: { ids: [] } })).result, { successes: [], errors: [] });
  }
});

test("nothing to write is done at once, even where there is no collection", async () => {
  for (const action of ["mCreate", "mCreateOrReplace", "mReplace", "mUpdate", "mUpsert"]) {
    const { result } = await ask(action, { collection: "nowhere", body: { documents: [] } });
    assert.deepEqual(result, { successes: [], errors: [] });
  }
});

test("with strict a partial result is an error that carries what failed; what was done stays done, and untold", async () => {
  const failing = { _id: "bad", body: 3 };
  const cases: readonly [action: string, body: JSONObject, name: string, count: number][] = [
    ["mCreate", { documents: [{ _id: "s1", body: {} }, failing] }, "mCreate", 1],
    ["mCreateOrReplace", { documents: [{ _id: "s2", body: {} }, failing] }, "mCreateOrReplace", 1],
    ["mReplace", { documents: [{ _id: "a", body: { year: 8 } }, failing] }, "mReplace", 1],
    ["mUpdate", { documents: [{ _id: "a", body: { year: 9 } }, failing] }, "mUpdate", 1],
    ["mUpsert", { documents: [{ _id: "s3", changes: {} }, failing] }, "mUpsert", 1],
    ["mGet", { ids: ["a", "x", "y"] }, "get", 2],
    ["mExists", { ids: ["a", "x"] }, "get", 1],
    ["mDelete", { ids: ["b", "x"] }, "delete", 1],
  ];
  for (const [action, body, name, count] of cases) {
    const { error, status, result } = await ask(action, { body, strict: true });
    assert.deepEqual([status, result, error?.id], [400, null, "api.process.incomplete_multiple_request"], action);
    assert.equal(error?.props?.[0], name);
    assert.deepEqual([error?.count, error?.errors?.length], [count, count]);
  }
  for (const _id of ["s1", "s2", "s3"]) assert.equal((await stored(_id))._version, 1);
  assert.equal((await stored("a"))._source.year, 9);
  await line.result({ controller: "document", action: "create", ...books, _id: "end", body: {} });
  assert.deepEqual(await heard(1), [["create", "in", "end"]]);
  const { error } = await http(server, "POST", "/lib/books/_mGet?strict=false", { ids: ["x"] });
  assert.equal(error?.id, "api.process.incomplete_multiple_request");
});

test("silent multiple writes are not told", async () => {
  const silent = { silent: true };
  await write("mCreate", [{ _id: "s", body: {} }], silent);
  await write("mCreateOrReplace", [{ _id: "s", body: {} }], silent);
  await write("mReplace", [{ _id: "s", body: {} }], silent);
  await write("mUpdate", [{ _id: "s", body: {} }], silent);
  await write("mUpsert", [{ _id: "s", changes: {} }], silent);
  assert.equal((await stored("s"))._version, 5);
  await ask("mDelete", { body: { ids: ["s"] }, ...silent });
  await ask("updateByQuery", { body: { query: {}, changes: { year: 5 } }, ...silent });
  await ask("deleteByQuery", { body: { query: {} }, ...silent });
  await line.result({ controller: "document", action: "create", ...books, _id: "end", body: {} });
  assert.deepEqual(await heard(1), [["create", "in", "end"]]);
});

test("updateByQuery merges into what matches, and tells each", async () => {
  await write("mCreate", [{ _id: "c", body: { year: 50 } }], { silent: true });
  const body = { query: { term: { year: 1 } }, changes: { nested: { z: 1 }, _kuzzle_info: { author: "mallory" } } };
  const { result } = await ask("updateByQuery", { body, source: true });
  assert.deepEqual(result.errors, []);
  assert.deepEqual(result.successes.map(({ _id }) => _id).sort(), ["a", "b"]);
  for (const one of result.successes) {
    assertMembers(one, ["_id", "_source", "_version", "status"]);
    assert.deepEqual(one._source.nested, { x: 1, z: 1 });
    assertInfo(one, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  }
  for (const { action, result } of await watcher.take(2)) {
    assert.equal(action, "update");
    assert.deepEqual(result._updatedFields, ["nested.z"]);
    assert.deepEqual(result._source.nested, { x: 1, z: 1 });
  }
  const { result: bare } = await ask("updateByQuery", {
    body: { query: { equals: { year: 50 } }, changes: {} },
    lang: "koncorde",
  });
  assert.equal(bare.successes.length, 1);
  assertMembers(bare.successes[0], ["_id", "_version", "status"]);
  const { result: failed } = await ask("updateByQuery", { body: { query: {}, changes: { year: "no year" } } });
  assert.deepEqual([failed.successes, failed.errors.length, failed.errors[0]?.status], [[], 3, 400]);
  assertMembers(failed.errors[0], ["document", "reason", "status"]);
});

test("deleteByQuery of a collection that is closed for writes is refused, and does not answer that nothing matched", async () => {
  const at = { index: "lib", collection: "closed" };
  const collection = (action: string, settings: JSONObject) =>
    line.result({ controller: "collection", action, ...at, body: { settings } });
  await collection("create", {});
  await line.result({ controller: "document", action: "create", ...at, _id: "a", body: {} });
  await collection("update", { blocks: { write: true } });
  const refused = await line.ask({ controller: "document", action: "deleteByQuery", ...at, body: { query: {} } });
  assert.equal(refused.error?.id, "services.storage.unexpected_bad_request");
  await collection("update", { "index.blocks.write": false });
  assert.deepEqual(await line.result({ controller: "document", action: "deleteByQuery", ...at }), {
    documents: [{ _id: "a" }],
    ids: ["a"],
  });
});

test("deleteByQuery deletes what matches, everything without a query, and tells each", async () => {
  await write("mCreate", [{ _id: "c", body: { year: 50 } }], { silent: true });
  type Deleted = { documents: Written[]; ids: string[] };
  const one = await ask<Deleted>("deleteByQuery", { body: { query: { term: { year: 50 } } }, source: true });
  assertMembers(one.result, ["documents", "ids"]);
  assert.deepEqual(one.result.ids, ["c"]);
  assertMembers(one.result.documents[0], ["_id", "_source"]);
  const [told] = await watcher.take(1);
  assert.deepEqual([told?.action, told?.scope], ["delete", "out"]);
  assertMembers(told?.result, ["_id", "_source"]);
  const all = await ask<Deleted>("deleteByQuery", {});
  assert.deepEqual(
    all.result.documents.map((document) => document),
    all.result.ids.map((_id) => ({ _id })),
  );
  assert.deepEqual([...all.result.ids].sort(), ["a", "b"]);
  const none = await ask<Deleted>("deleteByQuery", { refresh: "anything" });
  assert.deepEqual(none.result, { documents: [], ids: [] });
});

test("of two new documents with one id the first is created, and the second told that the id is taken", async () => {
  const { successes, errors } = await write("mCreate", [
    { _id: "twin", body: { year: 1 } },
    { _id: "twin", body: { year: 2 } },
  ]);
  // The original looks before it writes, so that both pass there and the second overwrites the first: here nothing is lost unseen.
  assert.deepEqual([successes.length, errors.length, errors[0]?.status], [1, 1, 400]);
});
