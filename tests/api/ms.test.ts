/** The memory storage over a running server: every action, by HTTP and by WebSocket, with the vectors of the contract. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import {
  type ActionFact,
  goodRequest,
  type MsRequest,
  msFacts,
  parseVector,
  prefixes,
  readVectors,
  requestOf,
  routeOf,
  type VectorGroup,
} from "./ms-requests.ts";
import { type Answer, http, Line } from "./wire.ts";

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({ data: ":memory:", config: { "stats.enabled": false } });
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

/** Vectors that the API refuses before the command runs, with the error that the contract's page of the action gives. */
const refusedEarlier: Readonly<Record<string, string>> = {
  '["zadd", "z", "1x", "a"]': "plugin.runtime.unexpected_error",
};

/** In the notation of the vectors: the actions that these leave out. */
const others: VectorGroup = {
  name: "other actions",
  lines: [
    '["ping"] -> "PONG"',
    '["dbsize"] -> 0',
    '["randomkey"] -> null',
    '["set", "n", 5] -> "OK"',
    '["randomkey"] -> "n"',
    '["decr", "n"] -> 4',
    '["decrby", "n", 3] -> 1',
    '["touch", "n", "no"] -> 1',
    '["psetex", "n", 100000, "v"] -> "OK"',
    '["ttl", "n"] -> 100',
    '["pexpire", "n", 200000] -> 1',
    '["ttl", "n"] -> 200',
    '["expireat", "n", 1] -> 1',
    '["exists", "n"] -> 0',
    '["pexpireat", "n", 1] -> 0',
    '["rpush", "l", "a", "b", "c"] -> 3',
    '["lpushx", "l", "z"] -> 4',
    '["rpushx", "l", "d"] -> 5',
    '["lset", "l", 0, "y"] -> "OK"',
    '["lpop", "l"] -> "y"',
    '["rpop", "l"] -> "d"',
    '["pexpireat", "l", 1] -> 1',
    '["hset", "h", "f", "value"] -> 1',
    '["hget", "h", "f"] -> "value"',
    '["hget", "h", "no"] -> null',
    '["hexists", "h", "f"] -> 1',
    '["hstrlen", "h", "f"] -> 5',
    '["hkeys", "h"] -> ["f"]',
    '["hvals", "h"] -> ["value"]',
    '["hlen", "h"] -> 1',
    '["sadd", "s", "a", "b"] -> 2',
    '["scard", "s"] -> 2',
    '["sismember", "s", "a"] -> 1',
    '["sismember", "s", "no"] -> 0',
    '["smove", "s", "t", "b"] -> 1',
    '["sunionstore", "u", "s", "t"] -> 2',
    '["srem", "u", "a", "no"] -> 1',
    '["smembers", "u"] -> ["b"]',
    '["zadd", "z", 1, "a", 2, "b"] -> 2',
    '["zcard", "z"] -> 2',
    '["zscan", "z", 0] -> ["0",["a","1","b","2"]]',
    '["keys", "?"] -> ~["h","s","t","u","z"]',
    '["scan", 0, "MATCH", "[hs]", "COUNT", 100] -> ["0",["h","s"]]',
    '["flushdb"] -> "OK"',
    '["dbsize"] -> 0',
  ],
};

type Ask = (request: MsRequest) => Promise<Answer<unknown>>;

const ways: Readonly<Record<string, Ask>> = {
  "WebSocket as ms": (request) => askLine("ms", request),
  "WebSocket as memoryStorage": (request) => askLine("memoryStorage", request),
  "its HTTP route": (request) => {
    const { verb, path } = routeOf(request);
    return http<unknown>(server, verb, path, request.body);
  },
};

function askLine(controller: string, { action, args, body }: MsRequest): Promise<Answer<unknown>> {
  return line.ask<unknown>({ controller, action, ...args, ...(body === undefined ? {} : { body }) });
}

for (const [way, ask] of Object.entries(ways)) {
  describe(way, () => {
    for (const { name, lines } of [...readVectors(), others]) {
      test(`${name}: each command of the contract gets its answer`, async () => {
        await ask({ action: "flushdb", args: {}, body: undefined });
        for (const text of lines) await checkVector(ask, text);
      });
    }
  });
}

async function checkVector(ask: Ask, text: string): Promise<void> {
  const { vector, expected } = parseVector(text);
  const answer = await ask(requestOf(vector));
  if (expected.startsWith("!")) {
    const early = refusedEarlier[text.slice(0, text.lastIndexOf(" -> "))];
    if (early === undefined) assertRefusedByEngine(answer, expected.slice(1), text);
    else assert.equal(answer.error?.id, early, text);
    return;
  }
  assert.equal(answer.error, null, `${text}: ${JSON.stringify(answer.error)}`);
  assert.equal(answer.status, 200);
  if (expected.startsWith("~")) {
    assert.deepEqual([...(answer.result as string[])].sort(), JSON.parse(expected.slice(1)).sort(), text);
  } else {
    assert.deepEqual(withoutReasons(vector[0], sortedScan(vector[0], answer.result)), JSON.parse(expected), text);
  }
}

/** Where the contract shows `[{}]` for a step that failed, the server says more. */
function withoutReasons(command: unknown, result: unknown): unknown {
  if (command !== "MULTI") return result;
  return (result as readonly unknown[][]).map((outcome) => (outcome.length === 1 ? [{}] : outcome));
}

/** Keys and members of a scan come in any order. */
function sortedScan(command: unknown, result: unknown): unknown {
  if (command !== "scan" && command !== "sscan") return result;
  const [cursor, found] = result as [string, string[]];
  return [cursor, [...found].sort()];
}

function assertRefusedByEngine({ error, status }: Answer<unknown>, condition: string, what: string): void {
  const prefix = prefixes.get(condition);
  assert.ok(prefix !== undefined, `no such condition: ${condition}`);
  assert.equal(error?.id, "plugin.runtime.unexpected_error", `${what}: ${JSON.stringify(error)}`);
  assert.equal(status, 500);
  assert.equal(String(error.props?.[0]).split(" ")[0], prefix, what);
}

test("no action of the contract is left out above", () => {
  const seen = new Set(
    [...readVectors(), others].flatMap(({ lines }) => lines.map((text) => requestOf(parseVector(text).vector).action)),
  );
  assert.deepEqual(
    [...msFacts.keys()].filter((name) => !seen.has(name)),
    ["time"], // below
  );
});

test("time is the server's clock, in seconds and microseconds", async () => {
  for (const ask of Object.values(ways)) {
    const { result } = await ask({ action: "time", args: {}, body: undefined });
    const [seconds, microseconds] = result as [string, string];
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1_000) < 5, seconds);
    assert.match(microseconds, /^\d{1,6}$/);
  }
});

test("an answer names the controller as the request did", async () => {
  for (const controller of ["ms", "memoryStorage"]) {
    const answer = await line.ask({ controller, action: "ping" });
    assert.equal((answer as unknown as JSONObject).controller, controller);
  }
});

/** Every required argument of an action: where it stands, and what an error calls it. */
function requiredOf({ args, body }: ActionFact): { name: string; inBody: boolean; props: string }[] {
  const inBody = body === "none" ? [] : Object.entries(body).map(([name, fact]) => ({ name, ...fact, inBody: true }));
  return [...args.map((fact) => ({ ...fact, inBody: false })), ...inBody]
    .filter(({ required }) => required)
    .map(({ name, inBody, props = name }) => ({ name, inBody, props }));
}

test("an argument that is absent or null is refused under the contract's name for it", async () => {
  let refusals = 0;
  for (const fact of msFacts.values()) {
    const good = goodRequest(fact, "key");
    for (const { name, inBody, props } of requiredOf(fact)) {
      for (const value of [undefined, null]) {
        const { action, args, body } = inBody
          ? { ...good, body: { ...good.body, [name]: value } }
          : { ...good, args: { ...good.args, [name]: value } };
        const { error, status } = await askLine("ms", { action, args, body });
        const what = `${action} without ${name}: ${JSON.stringify(error)}`;
        refusals++;
        if (action === "set" && name === "value") {
          assert.deepEqual([error?.id, error?.props], ["api.assert.invalid_type", ["value", "string, number"]], what);
        } else assert.deepEqual([error?.id, error?.props], ["api.assert.missing_argument", [props]], what);
        assert.equal(status, 400);
      }
    }
  }
  assert.ok(refusals > 300, `${refusals}`);
});

test("a body is asked for where the contract asks for one", async () => {
  const needed = [...msFacts.values()].filter(({ errors }) =>
    errors.some(({ id }) => id === "api.assert.body_required"),
  );
  assert.deepEqual(needed.map(({ name }) => name).sort(), ["mexecute", "set", "zadd", "zinterstore", "zunionstore"]);
  for (const fact of needed) {
    const { error, status } = await askLine("ms", { ...goodRequest(fact, "key"), body: undefined });
    assert.deepEqual([error?.id, status], ["api.assert.body_required", 400], fact.name);
  }
});

test("a command on a key of another type is refused, and leaves the key alone", async () => {
  await askLine("ms", { action: "flushdb", args: {}, body: undefined });
  let refusals = 0;
  for (const fact of msFacts.values()) {
    if (!fact.redis_errors.includes("wrongtype") || ["zadd", "mexecute"].includes(fact.name)) continue;
    const isOfLists = fact.group === "list" || fact.name === "sort";
    await askLine("ms", requestOf(["del", "wrong"]));
    await askLine("ms", requestOf(isOfLists ? ["hset", "wrong", "f", "v"] : ["rpush", "wrong", "element"]));
    const request = goodRequest(fact, fact.name === "bitop" ? "destination" : "wrong");
    const answer = await askLine("ms", fact.name === "bitop" ? onSource(request, "wrong") : storing(request));
    assertRefusedByEngine(answer, "wrongtype", `${fact.name} ${JSON.stringify(request)}`);
    refusals++;
    const { result } = await askLine("ms", requestOf(["type", "wrong"]));
    assert.equal(result, isOfLists ? "hash" : "list");
  }
  assert.ok(refusals > 70, `${refusals}`);
});

const onSource = (request: MsRequest, key: string): MsRequest => ({
  ...request,
  body: { ...request.body, keys: [key] },
});

/** `zunionstore` and its like read the keys in the body, and replace the one they write whatever its type. */
const storing = (request: MsRequest): MsRequest =>
  ["zinterstore", "zunionstore"].includes(request.action) ? onSource(request, "wrong") : request;

test("the listed checks of single actions are made", async () => {
  const cases: readonly (readonly [string, JSONObject, string, readonly unknown[]])[] = [
    ["set", { _id: "k", body: { value: 1, nx: 1, xx: 1 } }, "mutually_exclusive", ["nx", "xx"]],
    ["set", { _id: "k", body: { value: 1, ex: 1, px: 1 } }, "mutually_exclusive", ["ex", "px"]],
    ["set", { _id: "k", body: { value: {} } }, "invalid_type", ["value", "string, number"]],
    ["sort", { _id: "k", body: { direction: "up" } }, "invalid_argument", ["direction", '"ASC", "DESC"']],
    ["sort", { _id: "k", body: { limit: "1,2" } }, "invalid_type", ["body.limit", "array"]],
    ["sort", { _id: "k", body: { limit: ["x", 1] } }, "invalid_type", ["limit.offset", "integer"]],
    ["sort", { _id: "k", body: { limit: [1] } }, "invalid_type", ["limit.count", "integer"]],
    ["sort", { _id: "k", body: { get: "x" } }, "invalid_type", ["body.get", "array"]],
    ["zadd", { _id: "k", body: { elements: {} } }, "invalid_type", ["body.elements", "array"]],
    ["zadd", { _id: "k", body: { elements: [] } }, "empty_argument", ["elements"]],
    ["zadd", { _id: "k", body: { elements: [1] } }, "invalid_argument", ["elements", "<array of objects>"]],
    ["zadd", { _id: "k", body: { elements: [{ score: 1 }] } }, "missing_argument", ["elements[0].member"]],
    ["zadd", { _id: "k", body: { elements: [{ member: "m" }] } }, "invalid_type", ["score", "number"]],
    ["zadd", { _id: "k", body: { elements: [{}], nx: 1, xx: 1 } }, "mutually_exclusive", ["nx", "xx"]],
    ["zadd", { _id: "k", body: { elements: [{}, {}], incr: 1 } }, "too_many_arguments", ["elements"]],
    ["zunionstore", { _id: "k", body: { keys: "a" } }, "invalid_type", ["body.keys", "array"]],
    ["zunionstore", { _id: "k", body: { keys: [] } }, "empty_argument", ["keys"]],
    ["zinterstore", { _id: "k", body: { keys: ["a"], weights: 1 } }, "invalid_type", ["body.weights", "array"]],
    ["zinterstore", { _id: "k", body: { keys: ["a"], aggregate: 1 } }, "invalid_type", ["body.aggregate", "string"]],
    [
      "zinterstore",
      { _id: "k", body: { keys: ["a"], aggregate: "avg" } },
      "invalid_argument",
      ["aggregate", '"SUM", "MIN" or "MAX"'],
    ],
    ["geoadd", { _id: "k", body: { points: [] } }, "empty_argument", ["points"]],
    ["scan", { cursor: 0, match: 3 }, "invalid_type", ["match", "<string>"]],
    ["scan", { cursor: 0, count: "x" }, "invalid_type", ["count", "integer"]],
    ["mexecute", { body: { actions: {} } }, "invalid_type", ["body.actions", "array"]],
    ["mexecute", { body: { actions: [{}] } }, "missing_argument", ["action"]],
    ["mexecute", { body: { actions: [{ action: "get" }] } }, "missing_argument", ["args"]],
    ["mexecute", { body: { actions: [{ action: "get", args: 1 }] } }, "invalid_type", ["args", "object"]],
    ["mexecute", { body: { actions: [{ action: "mexecute", args: {} }] } }, "forbidden_argument", ["mexecute"]],
  ];
  for (const [action, request, id, props] of cases) {
    const { error, status } = await line.ask({ controller: "ms", action, ...request });
    assert.deepEqual([error?.id, error?.props], [`api.assert.${id}`, props], `${action} ${JSON.stringify(request)}`);
    assert.equal(status, 400);
  }
});

test("commands beyond the contract are no actions, and the two routes without an action answer 404", async () => {
  for (const action of ["setbit", "getdel", "eval", "config", "flushall", "constructor"]) {
    assert.deepEqual(await line.refusal({ controller: "ms", action }), {
      id: "api.process.action_not_found",
      status: 404,
    });
  }
  for (const path of ["/ms/_bgsave", "/ms/_bgrewriteaof"]) assert.equal((await http(server, "POST", path)).status, 404);
});
