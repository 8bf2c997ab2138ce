/** The objects of the first generation beside the library that was published for it, release 1.0.6. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { test } from "node:test";
import { inherits } from "node:util";
import { registerPluginRoot } from "../../loading/plugin-roots.ts";
import { installResolution } from "../../loading/resolution.ts";
import { formerErrors, formerObjects } from "./constructors.ts";

type Made = Record<string, unknown> & { toJson(blackList?: string[]): unknown; data: Record<string, unknown> };
type Make = new (...args: unknown[]) => Made;

const require = createRequire(import.meta.url);
// Loaded as code of a plugin is: it counts on what Node has removed since.
installResolution();
registerPluginRoot(dirname(require.resolve("kuzzle-common-objects-1/package.json")), []);
const published = require("kuzzle-common-objects-1") as {
  Models: { requestObject: Make; responseObject: Make };
  Errors: Record<string, Make>;
};
const RequestObject = formerObjects.RequestObject as unknown as Make;
const ResponseObject = formerObjects.ResponseObject as unknown as Make;

const requests: readonly (readonly unknown[])[] = [
  [{ controller: "write", action: "create", index: "i", collection: "c", body: { a: 1 } }, {}, "websocket"],
  [{ controller: "read", action: "search", query: { match_all: {} } }, {}, "rest"],
  [{}, { controller: "read", action: "get", _id: "x", collection: "c", index: "i" }, "mq"],
  [{}, { query: { term: {} } }],
  [{ _id: 3, body: { _id: 2, a: 1 } }, { _id: 1 }],
  [{ body: { _id: 9 } }],
  [{ _id: "own" }, { a: 1, b: 2 }],
  [{ body: null }, { a: 1 }],
  [{ state: "DONE", scope: "In", users: "ALL", body: {} }],
  [
    { requestId: "r", headers: { a: 1 }, metadata: { b: 2 }, body: {} },
    { metadata: { c: 3 }, headers: { d: 4 } },
  ],
  [{ body: {} }, { headers: { d: 4 }, state: "Pending" }],
];

/** What two makers of the same object cannot agree on. */
const comparable = ({ requestId, timestamp, ...members }: Record<string, unknown>): unknown => ({
  ...JSON.parse(JSON.stringify(members, (key, value) => (key === "stack" ? typeof value : value))),
  hasId: typeof requestId,
  isNow: typeof timestamp,
});

for (const given of requests) {
  test(`a request object has the members of the published one: ${JSON.stringify(given)}`, () => {
    const mine = new RequestObject(...structuredClone(given));
    const theirs = new published.Models.requestObject(...structuredClone(given));
    assert.deepEqual(comparable(mine), comparable(theirs));
    assert.equal(mine.requestId === "r", theirs.requestId === "r");
  });
}

const answers: readonly (readonly [string, (errors: Readonly<Record<string, Make>>) => unknown])[] = [
  ["an object", () => ({ _id: "x", n: 1 })],
  ["an array", () => [1, 2]],
  ["a text", () => "text"],
  ["nothing", () => undefined],
  ["zero", () => 0],
  ["a status", () => ({ status: 201, n: 1 })],
  ["a refusal", () => ({ status: 404, message: "gone" })],
  ["an error", (errors) => new (errors.notFoundError as Make)("gone")],
  ["any error", () => new Error("boom")],
  ["one that came as text", () => ({ controller: "c", action: "a", status: 203, error: null, data: { body: 1 } })],
];

for (const [name, make] of answers) {
  test(`a response object is turned into JSON as the published one: ${name}`, () => {
    const request = new RequestObject(
      { controller: "write", action: "create", requestId: "r", body: { b: 1 } },
      {},
      "x",
    );
    const mine = new ResponseObject(request, make(lowerFirst(formerErrors)));
    const theirs = new published.Models.responseObject(request, make(published.Errors));
    for (const hidden of [undefined, ["n"]]) {
      assert.deepEqual(
        comparable(mine.toJson(hidden) as Record<string, unknown>),
        comparable(theirs.toJson(hidden) as Record<string, unknown>),
      );
    }
    assert.equal(mine.status, theirs.status);
  });
}

const lowerFirst = (classes: object): Readonly<Record<string, Make>> =>
  Object.fromEntries(
    Object.entries(classes).map(([name, type]) => [name.charAt(0).toLowerCase() + name.slice(1), type as Make]),
  );

test("each class of errors of the published library is there, with its status, and takes a text or an error", () => {
  const mine = lowerFirst(formerErrors);
  for (const [name, Theirs] of Object.entries(published.Errors)) {
    const Mine = mine[name];
    assert.ok(Mine, name);
    const given = name === "kuzzleError" ? ["why", 418] : ["why"];
    assert.equal(new Mine(...given).status, new Theirs(...given).status, name);
    const fromError = new Mine(new Error("inner"), ...given.slice(1));
    assert.match(String(fromError.message), /^inner/, name);
    const { status, message, stack } = JSON.parse(JSON.stringify(fromError)) as Record<string, unknown>;
    assert.deepEqual([status, typeof message, typeof stack], [fromError.status, "string", "string"], name);
  }
});

test("a partial error counts, one of a plugin says whose fault it is, and refused logins have numbers", () => {
  const errors = lowerFirst(formerErrors) as Record<string, Make & { subCodes?: unknown }>;
  const partial = new (errors.partialError as Make)("some", [1, 2]);
  assert.deepEqual([partial.status, partial.count, partial.errors], [206, 2, [1, 2]]);
  assert.match(String(new (errors.pluginImplementationError as Make)("bad").message), /^bad\nThis is probably not/);
  assert.deepEqual(errors.unauthorizedError?.subCodes, {
    TokenExpired: 1,
    JsonWebTokenError: 2,
    AuthenticationError: 3,
  });
});

test("constructors are inherited from as it was done before there were classes", () => {
  const { BadRequestError } = formerErrors as unknown as Record<string, Make & ((...args: unknown[]) => void)>;
  function Strange(this: object, text: string): void {
    (BadRequestError as Make & ((...args: unknown[]) => void)).call(this, text);
  }
  inherits(Strange as unknown as Make, BadRequestError as Make);
  const error = new (Strange as unknown as Make)("odd");
  assert.ok(error instanceof (BadRequestError as Make) && error instanceof Error);
  assert.deepEqual([error.message, error.status], ["odd", 400]);
});

test("a realtime answer and a notification are turned into JSON as the documents say", () => {
  const request = new RequestObject(
    {
      controller: "subscribe",
      action: "on",
      index: "i",
      collection: "c",
      requestId: "r",
      metadata: { m: 1 },
      body: {},
    },
    {},
    "mine",
  );
  request.timestamp = 5;
  const common = {
    error: null,
    status: 200,
    roomId: "room",
    requestId: "r",
    protocol: "mine",
    timestamp: 5,
    metadata: { m: 1 },
  };
  const RealTime = formerObjects.RealTimeResponseObject as unknown as Make;
  const answer = new RealTime("room", request, { channel: "ch", count: 2 });
  const names = { controller: "subscribe", action: "on" };
  assert.deepEqual(answer.toJson(), { ...common, ...names, result: { roomId: "room", count: 2, channel: "ch" } });
  assert.deepEqual(new RealTime("room", request).toJson(), { ...common, ...names, result: { roomId: "room" } });
  const Notification = formerObjects.NotificationObject as unknown as Make;
  const told = new Notification("room", request, {
    action: "create",
    scope: "in",
    state: "done",
    _id: "x",
    _source: {},
  });
  assert.deepEqual(told.toJson(), {
    ...common,
    index: "i",
    collection: "c",
    controller: "subscribe",
    action: "create",
    scope: "in",
    state: "done",
    result: { _id: "x", _source: {} },
  });
  assert.equal("result" in (new Notification("room", request).toJson() as object), false);
});

test("a request that says nothing is refused by its own checks", async () => {
  const empty = new RequestObject({}, {}) as Made & { checkInformation(): Promise<void>; isValid(): Promise<void> };
  await assert.rejects(empty.checkInformation(), { status: 400 });
  await assert.rejects(empty.isValid(), { status: 400 });
  const full = new RequestObject({ controller: "c", action: "a", body: { b: 1 } }) as typeof empty;
  await full.checkInformation();
  await full.isValid();
  assert.deepEqual(new RequestObject({ query: { a: 1 } }).data.query, { a: 1 });
});
