import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { KuzzleError, KuzzleRequest, silentLogger } from "../../../kernel/index.ts";
import { createEmbeddedMemoryStore, type MemoryStore } from "../../../stores/memory/index.ts";
import { msActionsByName } from "./actions.ts";
import { commandOf } from "./command-of.ts";
import { runMs } from "./run-ms.ts";

const open = (): MemoryStore => createEmbeddedMemoryStore({ clock: { now: () => 1_000 }, log: silentLogger });

function rowOf(action: string) {
  const row = msActionsByName.get(action);
  assert.ok(row, action);
  return row;
}

const run = (store: MemoryStore, action: string, data: object = {}): Promise<unknown> =>
  runMs(store, rowOf(action), new KuzzleRequest({ controller: "ms", action, ...data }));

const vector = (action: string, data: object): readonly string[] =>
  commandOf(rowOf(action), new KuzzleRequest({ controller: "ms", action, ...data })).args;

async function refused(work: () => unknown, id: string, props?: readonly unknown[]): Promise<void> {
  await assert.rejects(
    async () => work(),
    (error) => {
      assert.ok(error instanceof KuzzleError, String(error));
      assert.equal(error.id, id);
      if (props !== undefined) assert.deepEqual(error.props, props);
      return true;
    },
  );
}

describe("arguments", () => {
  test("a missing argument is named as the contract names it", async () => {
    await refused(() => vector("append", { body: { value: "x" } }), "api.assert.missing_argument", ["key"]);
    await refused(() => vector("append", { _id: "k" }), "api.assert.missing_argument", ["value"]);
    await refused(() => vector("bitop", { body: { operation: "AND" } }), "api.assert.missing_argument", ["destkey"]);
    await refused(() => vector("lindex", { _id: "k" }), "api.assert.missing_argument", ["index"]);
    await refused(() => vector("zremrangebyrank", { _id: "k", body: {} }), "api.assert.missing_argument", ["min"]);
    await refused(() => vector("set", { body: { value: 1 } }), "api.assert.missing_argument", ["_id"]);
  });

  test("empty text, zero and false are values; null is not", async () => {
    assert.deepEqual(vector("append", { _id: "", body: { value: false } }), ["", "false"]);
    assert.deepEqual(vector("getrange", { _id: "k", start: 0, end: -0 }), ["k", "0", "0"]);
    await refused(() => vector("append", { _id: "k", body: { value: null } }), "api.assert.missing_argument", [
      "value",
    ]);
  });

  test("a list in the query is split on commas, a list in the body is not", () => {
    assert.deepEqual(vector("mget", { keys: "a, b,,c" }), ["a", " b", "", "c"]);
    assert.deepEqual(vector("mget", { keys: "" }), [""]);
    assert.deepEqual(vector("mget", { keys: 12 }), ["12"]);
    assert.deepEqual(vector("del", { body: { keys: "a,b" } }), ["a,b"]);
    assert.deepEqual(vector("del", { body: { keys: ["a", 1, null] } }), ["a", "1", ""]);
  });

  test("a body that is an array has no named members", async () => {
    await refused(() => vector("del", { body: ["a"] }), "api.assert.missing_argument", ["keys"]);
    assert.deepEqual(vector("sadd", { _id: "k", body: ["a"] }), ["k"]);
  });

  test("arrays and objects cannot stand for a scalar", async () => {
    await refused(() => vector("expire", { _id: "k", body: { seconds: [20, "GT"] } }), "api.assert.invalid_type");
    await refused(() => vector("hset", { _id: "k", body: { field: "f", value: { a: 1 } } }), "api.assert.invalid_type");
    await refused(() => vector("sadd", { _id: "k", body: { members: [["x"]] } }), "api.assert.invalid_type");
  });

  test("options are upper-cased, limits take two items", async () => {
    assert.deepEqual(vector("zrange", { _id: "k", start: 0, stop: -1, options: "withscores" }), [
      "k",
      "0",
      "-1",
      "WITHSCORES",
    ]);
    assert.deepEqual(vector("zrangebyscore", { _id: "k", min: 1, max: "(3", options: ["withscores"], limit: "1,2" }), [
      "k",
      "1",
      "(3",
      "WITHSCORES",
      "LIMIT",
      "1",
      "2",
    ]);
    const wrongLimit = { _id: "k", min: "-", max: "+", limit: 10 };
    await refused(() => vector("zrangebylex", wrongLimit), "api.assert.invalid_argument", ["limit", "<offset, count>"]);
    const wrongOptions = { _id: "k", start: 0, stop: 1, options: 5 };
    await refused(() => vector("zrange", wrongOptions), "api.assert.invalid_type");
  });

  test("scans send match and count, checked", async () => {
    assert.deepEqual(vector("scan", { cursor: 0, match: "a*", count: "12abc" }), [
      "0",
      "MATCH",
      "a*",
      "COUNT",
      "12abc",
    ]);
    await refused(() => vector("scan", { cursor: 0, match: 5 }), "api.assert.invalid_type", ["match", "<string>"]);
    await refused(() => vector("scan", { cursor: 0, count: [1] }), "api.assert.invalid_type", ["count", "integer"]);
    await refused(() => vector("scan", { cursor: 0, count: "x" }), "api.assert.invalid_type", ["count", "integer"]);
  });

  test("entries are flattened and checked", async () => {
    const entries = [
      { key: "a", value: 0 },
      { key: "b", value: [1, 2] },
    ];
    assert.deepEqual(vector("mset", { body: { entries } }), ["a", "0", "b", "1,2"]);
    assert.deepEqual(vector("hmset", { _id: "h", body: { entries: [{ field: "f", value: "v" }] } }), ["h", "f", "v"]);
    await refused(() => vector("mset", { body: { entries: {} } }), "api.assert.invalid_type", [
      "body.entries",
      "array",
    ]);
    for (const entry of [null, 5, {}, { key: "", value: 1 }, { key: "k", value: "" }, { key: "k", value: false }]) {
      await refused(() => vector("mset", { body: { entries: [entry] } }), "api.assert.invalid_argument", [
        "entries",
        "<array of objects>",
      ]);
    }
  });

  test("points are flattened and checked; zero is a coordinate", async () => {
    const points = [{ lon: 0, lat: "1.5", name: "n" }];
    assert.deepEqual(vector("geoadd", { _id: "g", body: { points } }), ["g", "0", "1.5", "n"]);
    await refused(() => vector("geoadd", { _id: "g", body: { points: [] } }), "api.assert.empty_argument", ["points"]);
    await refused(() => vector("geoadd", { _id: "g", body: { points: [null] } }), "api.assert.invalid_argument");
    const wrong = [{ lon: "x", lat: 1, name: "n" }];
    await refused(() => vector("geoadd", { _id: "g", body: { points: wrong } }), "api.assert.invalid_type", [
      "lon",
      "number",
    ]);
  });

  test("bitpos refuses an end without a start", async () => {
    await refused(() => vector("bitpos", { _id: "k", bit: 1, end: 3 }), "api.assert.missing_argument", ["start"]);
  });
});

describe("actions with checks of their own", () => {
  test("set", async () => {
    assert.deepEqual(vector("set", { _id: "k", body: { value: 12.5, ex: 10, nx: true } }), [
      "k",
      "12.5",
      "EX",
      "10",
      "NX",
    ]);
    assert.deepEqual(vector("set", { _id: "k", body: { value: "v", px: null } }), ["k", "v", "PX", ""]);
    await refused(() => vector("set", { _id: "k" }), "api.assert.body_required");
    await refused(() => vector("set", { _id: "k", body: { value: true } }), "api.assert.invalid_type", [
      "value",
      "string, number",
    ]);
    const both = { value: 1, nx: 1, xx: 1 };
    await refused(() => vector("set", { _id: "k", body: both }), "api.assert.mutually_exclusive", ["nx", "xx"]);
    const delays = { value: 1, ex: 1, px: 1 };
    await refused(() => vector("set", { _id: "k", body: delays }), "api.assert.mutually_exclusive", ["ex", "px"]);
  });

  test("sort", async () => {
    assert.deepEqual(
      vector("sort", {
        _id: "l",
        body: { alpha: "false", direction: "desc", by: null, limit: ["1", 2], get: ["#", "o_*"], store: "d" },
      }),
      ["l", "ALPHA", "DESC", "BY", "", "LIMIT", "1", "2", "GET", "#", "GET", "o_*", "STORE", "d"],
    );
    assert.deepEqual(vector("sort", { _id: "l" }), ["l"]);
    await refused(() => vector("sort", { _id: "" }), "api.assert.missing_argument", ["_id"]);
    await refused(() => vector("sort", { _id: "l", body: { direction: "up" } }), "api.assert.invalid_argument");
    await refused(() => vector("sort", { _id: "l", body: { limit: null } }), "api.assert.invalid_type", [
      "body.limit",
      "array",
    ]);
    await refused(() => vector("sort", { _id: "l", body: { limit: [1] } }), "api.assert.invalid_type", [
      "limit.count",
      "integer",
    ]);
  });

  test("zadd", async () => {
    const elements = [{ score: "1.5", member: "m" }];
    assert.deepEqual(vector("zadd", { _id: "z", body: { elements, ch: 1, incr: true } }), [
      "z",
      "CH",
      "INCR",
      "1.5",
      "m",
    ]);
    const zadd = (body: object) => () => vector("zadd", { _id: "z", body });
    await refused(zadd({}), "api.assert.missing_argument", ["body.elements"]);
    await refused(zadd({ elements: {} }), "api.assert.invalid_type", ["body.elements", "array"]);
    await refused(zadd({ elements: [] }), "api.assert.empty_argument", ["elements"]);
    await refused(zadd({ elements: [...elements, ...elements], incr: 1 }), "api.assert.too_many_arguments");
    await refused(zadd({ elements: [null] }), "api.assert.invalid_argument", ["elements", "<array of objects>"]);
    await refused(zadd({ elements: [{ score: 1 }] }), "api.assert.missing_argument", ["elements[0].member"]);
    await refused(zadd({ elements: [{ member: "m" }] }), "api.assert.invalid_type", ["score", "number"]);
  });

  test("zinterstore and zunionstore", async () => {
    const body = { keys: ["a", "b"], weights: [1, 2], aggregate: "max" };
    const expected = ["d", "2", "a", "b", "WEIGHTS", "1", "2", "AGGREGATE", "MAX"];
    assert.deepEqual(vector("zunionstore", { _id: "d", body }), expected);
    const combine = (change: object) => () => vector("zinterstore", { _id: "d", body: { keys: ["a"], ...change } });
    await refused(combine({ keys: null }), "api.assert.missing_argument", ["body.keys"]);
    await refused(combine({ keys: [] }), "api.assert.empty_argument", ["keys"]);
    await refused(combine({ weights: 3 }), "api.assert.invalid_type", ["body.weights", "array"]);
    await refused(combine({ aggregate: "avg" }), "api.assert.invalid_argument");
  });
});

describe("results", () => {
  test("replies pass as they are, but for hgetall", async () => {
    await using store = open();
    assert.equal(await run(store, "set", { _id: "k", body: { value: "v" } }), "OK");
    assert.equal(await run(store, "get", { _id: "k" }), "v");
    assert.equal(await run(store, "get", { _id: "no" }), null);
    await run(store, "hmset", {
      _id: "h",
      body: {
        entries: [
          { field: "a", value: 1 },
          { field: "__proto__", value: "x" },
        ],
      },
    });
    const all = (await run(store, "hgetall", { _id: "h" })) as object;
    assert.equal(JSON.stringify(all), '{"a":"1","__proto__":"x"}');
    assert.equal(Object.getPrototypeOf(all), Object.prototype);
    await run(store, "zadd", { _id: "z", body: { elements: [{ score: 1.5, member: "m" }] } });
    assert.deepEqual(await run(store, "zrange", { _id: "z", start: 0, stop: -1, options: ["withscores"] }), [
      "m",
      "1.5",
    ]);
  });

  test("a refusal by the engine carries its text", async () => {
    await using store = open();
    await run(store, "rpush", { _id: "l", body: { values: ["a"] } });
    await refused(() => run(store, "get", { _id: "l" }), "plugin.runtime.unexpected_error", [
      "WRONGTYPE Operation against a key holding the wrong kind of value",
    ]);
    await refused(() => run(store, "rpush", { _id: "l" }), "plugin.runtime.unexpected_error", [
      "ERR wrong number of arguments for 'rpush' command",
    ]);
  });

  test("a closed engine is an unexpected error", async () => {
    const store = open();
    await store[Symbol.asyncDispose]();
    await refused(() => run(store, "ping"), "core.fatal.unexpected_error", ["services.cache.notconnected"]);
  });
});

describe("mexecute", () => {
  const execute = (store: MemoryStore, actions: unknown): Promise<unknown> =>
    run(store, "mexecute", { body: { actions } });

  test("answers one outcome per entry, and goes on after a refusal", async () => {
    await using store = open();
    const outcomes = await execute(store, [
      { action: "set", args: { _id: "x", body: { value: "abc" } } },
      { action: "incr", args: { _id: "x" } },
      { action: "hset", args: { _id: "h", body: { field: "f", value: 1 } } },
      { action: "hgetall", args: { _id: "h" } },
    ]);
    assert.deepEqual(outcomes, [
      [null, "OK"],
      [{ message: "ERR value is not an integer or out of range" }],
      [null, 1],
      [null, { f: "1" }],
    ]);
    assert.deepEqual(await execute(store, []), []);
  });

  test("checks every entry before any runs", async () => {
    await using store = open();
    const set = { action: "set", args: { _id: "x", body: { value: 1 } } };
    const after = (entry: unknown) => () => execute(store, [set, entry]);
    await refused(() => run(store, "mexecute"), "api.assert.body_required");
    await refused(() => execute(store, null), "api.assert.missing_argument", ["body.actions"]);
    await refused(() => execute(store, "x"), "api.assert.invalid_type", ["body.actions", "array"]);
    await refused(after(null), "api.assert.missing_argument", ["action"]);
    await refused(after({ args: {} }), "api.assert.missing_argument", ["action"]);
    await refused(after({ action: "get" }), "api.assert.missing_argument", ["args"]);
    await refused(after({ action: "get", args: [] }), "api.assert.invalid_type", ["args", "object"]);
    await refused(after({ action: "mexecute", args: {} }), "api.assert.forbidden_argument", ["mexecute"]);
    await refused(after({ action: "toString", args: {} }), "api.assert.forbidden_argument", ["toString"]);
    await refused(after({ action: "get", args: {} }), "api.assert.missing_argument", ["key"]);
    await assert.rejects(after({ action: "get", args: { _id: "k", body: 5 } }), { status: 400 });
    await refused(after({ action: "mset", args: { body: { entries: [] } } }), "plugin.runtime.unexpected_error", [
      "EXECABORT Transaction discarded because of previous errors.",
    ]);
    assert.equal(await run(store, "get", { _id: "x" }), null);
  });
});
