/** What each write of one document answers, stores and tells subscribers (contract/api/document.yaml, search.md 5). */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { assertMembers, http, Line, type Notification, type Written } from "./wire.ts";

const books = { index: "lib", collection: "books" };
const anonymous = "-1";

let server: TestServer;
let line: Line;
let watcher: Line;
let channel: string;

before(async () => {
  server = await startServer({ data: ":memory:" });
  line = await Line.open(server);
  watcher = await Line.open(server);
  const properties = { title: { type: "text" }, year: { type: "integer" }, tag: { type: "keyword" } };
  await line.result({ controller: "collection", action: "create", ...books, body: { mappings: { properties } } });
  ({ channel } = await watcher.result<{ channel: string }>({
    controller: "realtime",
    action: "subscribe",
    ...books,
    body: {},
  }));
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await watcher?.[Symbol.asyncDispose]();
  await server?.close();
});

let id: string;
let count = 0;
beforeEach(() => {
  id = `doc-${++count}`;
  watcher.notifications.length = 0;
});

const ask = <R = Written>(action: string, request: JSONObject = {}) =>
  line.ask<R>({ controller: "document", action, ...books, _id: id, ...request });
async function run<R = Written>(action: string, request: JSONObject = {}): Promise<R> {
  const { error, result } = await ask<R>(action, request);
  assert.equal(error, null, JSON.stringify(error));
  return result;
}
const stored = async (_id = id): Promise<Written> => run("get", { _id });
const infoOf = ({ _source }: { readonly _source: JSONObject }): JSONObject => _source._kuzzle_info as JSONObject;

const isNow = (value: unknown): boolean => typeof value === "number" && Math.abs(value - Date.now()) < 5_000;

/** Which members there are, and for times only that they are now. */
function assertInfo(info: JSONObject, expected: Readonly<Record<string, unknown>>): void {
  assertMembers(info, Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    if (value === "now") assert.ok(isNow(info[name]), `${name}: ${info[name]}`);
    else assert.equal(info[name], value, name);
  }
}

/** An author and a date that are not those of a write now. */
const old = { author: "ada", createdAt: 1, updatedAt: null, updater: null };
const oldDocument = (body: JSONObject, _id = id) =>
  line.result({ controller: "bulk", action: "write", ...books, _id, body: { ...body, _kuzzle_info: old } });

/** The notification of the request, its channel and its members checked; its own part is answered. */
async function heard(
  action: string,
  expected: { scope?: string; event?: string } = {},
): Promise<Notification["result"]> {
  const [notification, ...others] = await watcher.take(1);
  assert.ok(notification);
  assert.deepEqual(others, []);
  const { result, timestamp, requestId, ...rest } = notification;
  assert.ok(isNow(timestamp));
  assert.match(String(requestId), /^request-\d+$/);
  assert.deepEqual(rest, {
    type: "document",
    status: 200,
    event: expected.event ?? "write",
    action,
    controller: "document",
    scope: expected.scope ?? "in",
    ...books,
    protocol: "websocket",
    volatile: null,
    node: server.backend.nodeId,
    room: channel,
  });
  return result;
}

async function assertSilence(action: string, request: JSONObject): Promise<void> {
  await run(action, { ...request, silent: true });
  const { _id } = await run("create", { _id: `after-${id}-${action}`, body: {} });
  const heard = await watcher.take(1);
  assert.deepEqual(
    heard.map(({ result }) => result._id),
    [_id],
    `${action} with silent was heard of`,
  );
}

test("create stores, answers and tells the new document", async () => {
  const result = await run("create", { body: { year: 1969, _kuzzle_info: { author: "mallory" } } });
  assertMembers(result, ["_id", "_source", "_version"]);
  assert.equal(result._id, id);
  assert.equal(result._version, 1);
  assertInfo(infoOf(result), { author: anonymous, createdAt: "now", updatedAt: null, updater: null });
  assert.deepEqual(await stored(), result);
  assert.deepEqual(await heard("create"), result);
  await assertSilence("create", { _id: `${id}-silent`, body: {} });
});

test("create without an id makes one that fits in a URL, also when it is empty or null", async () => {
  const ids = new Set<string>();
  for (const given of [undefined, "", null]) {
    const { _id } = await run("create", { _id: given, body: {} });
    assert.match(_id, /^[\w-]{20}$/);
    ids.add(_id);
  }
  assert.equal(ids.size, 3);
});

test("the envelope of a write says what was asked, over both protocols", async () => {
  const volatile = { from: "here" };
  const request = { controller: "document", action: "create", ...books, body: {}, volatile };
  const overSocket = (await line.ask({ ...request, requestId: "mine" })) as unknown as JSONObject;
  const members = ["requestId", "status", "error", "controller", "action", "collection", "index", "volatile"];
  assertMembers(overSocket, [...members, "result", "node", "headers", "room"]);
  assert.deepEqual(
    [overSocket.requestId, overSocket.room, overSocket.volatile, overSocket.index],
    ["mine", "mine", volatile, "lib"],
  );
  const overHttp = (await http(
    server,
    "POST",
    "/lib/books/_create",
    {},
    {
      "x-kuzzle-request-id": "mine",
      "x-kuzzle-volatile": JSON.stringify(volatile),
    },
  )) as unknown as JSONObject;
  assertMembers(overHttp, [...members, "result", "node", "headers"]);
  assert.deepEqual([overHttp.requestId, overHttp.volatile], ["mine", volatile]);
  const notifications = await watcher.take(2);
  assert.deepEqual(
    notifications.map(({ protocol, volatile, requestId }) => [protocol, volatile, requestId]),
    [
      ["websocket", volatile, "mine"],
      ["http", volatile, "mine"],
    ],
  );
});

test("createOrReplace tells create the first time and replace afterwards, with metadata of its own", async () => {
  const info = { author: anonymous, createdAt: "now", updatedAt: "now", updater: anonymous };
  const first = await run("createOrReplace", { body: { year: 1 } });
  assertMembers(first, ["_id", "_source", "_version", "created"]);
  assert.deepEqual([first._version, first.created], [1, true]);
  assertInfo(infoOf(first), info);
  assert.deepEqual(await heard("create"), first);
  const second = await run("createOrReplace", { body: { tag: "x" } });
  assert.deepEqual([second._version, second.created], [2, false]);
  assertInfo(infoOf(second), info);
  assert.deepEqual(await heard("replace"), second);
  assert.deepEqual((await stored())._source, second._source);
  assert.equal((await stored())._source.year, undefined);
  await assertSilence("createOrReplace", { body: {} });
});

test("replace takes the whole content and the authorship", async () => {
  await oldDocument({ year: 1 });
  const result = await run("replace", { body: { tag: "x" } });
  assertMembers(result, ["_id", "_source", "_version"]);
  assert.equal(result._version, 2);
  assertInfo(infoOf(result), { author: anonymous, createdAt: "now", updatedAt: "now", updater: anonymous });
  assert.deepEqual(await stored(), result);
  const told = await heard("replace");
  assert.deepEqual([told._id, told._source], [id, result._source]);
  await assertSilence("replace", { body: {} });
});

test("update merges objects, replaces arrays and scalars, stores null, and keeps the authorship", async () => {
  await oldDocument({ year: 1, list: [1, 2], nested: { a: 1, b: { c: 1 } }, kept: true });
  const body = { year: null, list: [3], nested: { b: { d: 2 } }, _kuzzle_info: { author: "mallory" } };
  const result = await run("update", { body });
  assertMembers(result, ["_id", "_source", "_version"]);
  assert.equal(result._version, 2);
  const { _kuzzle_info: info, ...answered } = result._source;
  assert.deepEqual(answered, { year: null, list: [3], nested: { b: { d: 2 } } });
  assertInfo(info as JSONObject, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  const whole = await stored();
  const { _kuzzle_info: _, ...content } = whole._source;
  assert.deepEqual(content, { year: null, list: [3], nested: { a: 1, b: { c: 1, d: 2 } }, kept: true });
  const told = await heard("update");
  assert.deepEqual([told._id, told._source], [id, whole._source]);
  assert.deepEqual(told._updatedFields, ["year", "list", "nested.b.d"]);
  const withSource = await run("update", { body: { tag: "x" }, source: true });
  assert.deepEqual(withSource, await stored());
  await heard("update");
  await assertSilence("update", { body: { tag: "y" } });
});

test("an update without content still counts as one", async () => {
  await run("create", { body: {} });
  assert.equal((await run("update", { body: {} }))._version, 2);
  assert.equal((await run("update", { body: {}, retryOnConflict: "x" }))._version, 3);
});

test("upsert creates with the changes over the defaults, and updates without the defaults", async () => {
  const body = { changes: { year: 1, nested: { a: 1 } }, default: { year: 2, tag: "x", nested: { b: 2 } } };
  const first = await run("upsert", { body });
  assertMembers(first, ["_id", "_version", "created"]);
  assert.deepEqual(first, { _id: id, _version: 1, created: true });
  const created = await stored();
  const { _kuzzle_info: info, ...content } = created._source;
  assert.deepEqual(content, { year: 1, tag: "x", nested: { a: 1 } });
  assertInfo(info as JSONObject, { author: anonymous, createdAt: "now", updatedAt: "now", updater: anonymous });
  const told = await heard("create");
  assert.deepEqual(told, { _id: id, _source: created._source, _version: 1, created: true });

  await oldDocument({ year: 1, nested: { a: 1 } });
  const changes = { nested: { c: 3 }, _kuzzle_info: { author: "mallory" } };
  const second = await run("upsert", { body: { changes, default: { tag: "never" } }, source: true });
  assertMembers(second, ["_id", "_version", "created", "_source"]);
  assert.equal(second.created, false);
  const { _kuzzle_info: infoAfter, ...contentAfter } = second._source;
  assert.deepEqual(contentAfter, { year: 1, nested: { a: 1, c: 3 } });
  assertInfo(infoAfter as JSONObject, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  const updated = await heard("update");
  assert.deepEqual(updated._source, second._source);
  assert.deepEqual(updated._updatedFields, ["nested.c"]);
  await assertSilence("upsert", { body: { changes: { year: 5 } } });
});

test("deleteFields removes by path, prefers literal keys, leaves null in arrays, ignores what is not there", async () => {
  const list = [1, { c: 1, d: 2 }, 3];
  await oldDocument({ a: { b: 1, c: 2 }, "a.b": "literal", list, year: 1 });
  const fields = ["a.b", "list[0]", "list[1].c", "nothing.here", "list[9]"];
  const result = await run("deleteFields", { body: { fields } });
  assertMembers(result, ["_id", "_version"]);
  assert.equal(result._version, 2);
  const { _kuzzle_info: info, ...content } = (await stored())._source;
  assert.deepEqual(content, { a: { b: 1, c: 2 }, list: [null, { d: 2 }, 3], year: 1 });
  assertInfo(info as JSONObject, { author: "ada", createdAt: 1, updatedAt: "now", updater: anonymous });
  const told = await heard("update");
  assertMembers(told, ["_id", "_source"]);
  assert.deepEqual(told._source, (await stored())._source);

  assert.equal((await run("deleteFields", { body: { fields: [] } }))._version, 3);
  await heard("update");
  const withSource = await run("deleteFields", { body: { fields: ["a.b"] }, source: true });
  assert.deepEqual(withSource._source.a, { c: 2 });
  await heard("update");
  await assertSilence("deleteFields", { body: { fields: ["year"] } });
});

test("deleteFields of the metadata forgets the author", async () => {
  await oldDocument({ year: 1 });
  await run("deleteFields", { body: { fields: ["_kuzzle_info"] } });
  assertInfo(infoOf(await stored()), { updatedAt: "now", updater: anonymous });
});

test("delete answers the id, with source the last content and its version too", async () => {
  await run("create", { body: { year: 1 } });
  await run("update", { body: { year: 2 } });
  const last = await stored();
  watcher.notifications.length = 0;
  assert.deepEqual(await run("delete", { source: true }), last);
  assert.deepEqual(await heard("delete", { event: "delete", scope: "out" }), last);
  assert.equal((await ask("get")).error?.id, "services.storage.not_found");
  await run("create", { body: {} });
  await heard("create");
  assert.deepEqual(await run("delete"), { _id: id });
  await heard("delete", { event: "delete", scope: "out" });
  await run("create", { body: {} });
  await heard("create");
  await assertSilence("delete", {});
});

test("every form of refresh is taken, by create more than by the others", async () => {
  for (const refresh of ["wait_for", "false", "", "x", true, false, null]) {
    assert.equal((await run("create", { _id: undefined, body: {}, refresh }))._version, 1, String(refresh));
  }
  for (const refresh of ["wait_for", "false", undefined]) await run("createOrReplace", { body: {}, refresh });
  const { error } = await ask("update", { body: {}, refresh: true });
  assert.equal(error?.id, "api.assert.invalid_type");
});

test("createOrReplace tells first of the id, then the body, the flags, the place", async () => {
  const wrong: JSONObject[] = [
    { _id: undefined },
    { body: undefined },
    { silent: "x" },
    { refresh: 3 },
    { index: undefined },
    { collection: undefined },
  ];
  const expected = [
    ["api.assert.missing_argument", "_id"],
    ["api.assert.body_required", undefined],
    ["api.assert.invalid_type", "silent"],
    ["api.assert.invalid_type", "refresh"],
    ["api.assert.missing_argument", "index"],
    ["api.assert.missing_argument", "collection"],
  ];
  for (let from = 0; from < wrong.length; from++) {
    const { error } = await ask("createOrReplace", Object.assign({ body: {} }, ...wrong.slice(from)));
    assert.deepEqual([error?.id, error?.props?.[0]], expected[from]);
  }
});

test("a document that stops matching a filter is told to leave, once, and only to those who knew it", async () => {
  await using other = await Line.open(server);
  const body = { equals: { tag: "red" } };
  const { channel: red } = await other.result<{ channel: string }>({
    controller: "realtime",
    action: "subscribe",
    ...books,
    body,
  });
  await run("create", { body: { tag: "red" } });
  await run("update", { body: { year: 5 } });
  await run("replace", { body: { tag: "blue" } });
  await run("update", { body: { year: 6 } });
  await run("update", { body: { tag: "red" } });
  await run("delete");
  await run("create", { body: { tag: "blue" } });
  await run("delete");
  await watcher.take(8);
  const heard = await other.take(5);
  assert.deepEqual(
    heard.map(({ action, scope, room }) => [action, scope, room]),
    [
      ["create", "in", red],
      ["update", "in", red],
      ["replace", "out", red],
      ["update", "in", red],
      ["delete", "out", red],
    ],
  );
  const [, , left] = heard.map(({ result }) => result);
  assert.equal(left?._source.tag, "blue");
});

test("a writer hears of its own write before the answer", async () => {
  await using own = await Line.open(server);
  await own.result({ controller: "realtime", action: "subscribe", ...books, body: { ids: { values: [id] } } });
  await own.result({ controller: "document", action: "create", ...books, _id: id, body: {} });
  assert.deepEqual(
    own.received.slice(1).map(({ type }) => type),
    ["document", undefined],
  );
});

test("the same is reached over the routes of HTTP", async () => {
  const path = `/lib/books/${id}`;
  const steps: readonly [verb: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: unknown, version: number][] = [
    ["POST", `${path}/_create`, { year: 1 }, 1],
    ["PUT", path, { year: 2 }, 2],
    ["PUT", `${path}/_replace`, { year: 3, a: { b: 1 } }, 3],
    ["PATCH", `${path}/_update`, { year: 4 }, 4],
    ["PUT", `${path}/_update?source`, { year: 5 }, 5],
    ["POST", `${path}/_upsert?source=false`, { changes: { year: 6 } }, 6],
    ["PUT", `${path}/_upsert`, { changes: { year: 7 } }, 7],
    ["DELETE", `${path}/_fields`, { fields: ["a.b"] }, 8],
  ];
  for (const [verb, url, body, version] of steps) {
    const { status, result } = await http<Written>(server, verb, url, body);
    assert.deepEqual([status, result._version], [200, version], `${verb} ${url}`);
  }
  assert.deepEqual((await stored())._source.a, {});
  assert.deepEqual((await http<JSONObject>(server, "DELETE", path)).result, { _id: id });
});
