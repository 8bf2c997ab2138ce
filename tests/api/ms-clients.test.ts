/** The memory storage through the official client, and who may use it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { Line } from "./wire.ts";

let server: TestServer;
let kuzzle: Kuzzle;

before(async () => {
  server = await startServer({ data: ":memory:", config: { "stats.enabled": false } });
  kuzzle = await connectWebSocket(server);
});

after(async () => {
  kuzzle?.disconnect();
  await server?.close();
});

type Call = readonly [method: string, args: readonly unknown[], expected: unknown];

const palermo = { lon: 13.361389, lat: 38.115556, name: "palermo" };
const catania = { lon: 15.087269, lat: 37.502669, name: "catania" };

/** In order; what the client makes of an answer is what it promises its users. */
const calls: readonly Call[] = [
  ["ping", [], "PONG"],
  ["flushdb", [], undefined],
  ["dbsize", [], 0],
  ["randomkey", [], null],
  // strings
  ["set", ["k", "foobar"], undefined],
  ["set", ["k", "x", { nx: true }], undefined],
  ["get", ["k"], "foobar"],
  ["append", ["k", "!"], 7],
  ["strlen", ["k"], 7],
  ["getrange", ["k", 0, 2], "foo"],
  ["bitcount", ["k", { start: 0, end: 0 }], 4],
  ["bitpos", ["k", 1], 1],
  ["getbit", ["k", 1], 1],
  ["bitop", ["b", "AND", ["k", "no"]], 7],
  ["getset", ["k", "5"], "foobar!"],
  ["incr", ["k"], 6],
  ["incrby", ["k", 4], 10],
  ["decr", ["k"], 9],
  ["decrby", ["k", 4], 5],
  ["incrbyfloat", ["k", 0.5], 5.5],
  ["mset", [[{ key: "a", value: "1" }]], undefined],
  ["msetnx", [[{ key: "a", value: "2" }]], false],
  ["mget", [["a", "no"]], ["1", null]],
  ["setnx", ["a", "3"], false],
  ["setex", ["a", "v", 100], undefined],
  ["psetex", ["a", "v", 100_000], undefined],
  // keys
  ["ttl", ["a"], 100],
  ["expire", ["a", 50], true],
  ["pexpire", ["a", 60_000], true],
  ["ttl", ["a"], 60],
  ["persist", ["a"], true],
  ["pttl", ["a"], -1],
  ["type", ["a"], "string"],
  ["object", ["a", "encoding"], "embstr"],
  ["exists", [["a", "no"]], 1],
  ["touch", [["a", "no"]], 1],
  ["rename", ["a", "c"], undefined],
  ["renamenx", ["c", "k"], false],
  ["expireat", ["c", 1], true],
  ["pexpireat", ["c", 1], false],
  ["keys", ["k*"], ["k"]],
  ["scan", [0, { match: "k" }], { cursor: "0", values: ["k"] }],
  ["del", [["k", "b", "no"]], 2],
  // lists
  ["rpush", ["l", ["b", "c"]], 2],
  ["lpush", ["l", ["a"]], 3],
  ["rpushx", ["l", "d"], 4],
  ["lpushx", ["l", "z"], 5],
  ["linsert", ["l", "after", "z", "y"], 6],
  ["lindex", ["l", 1], "y"],
  ["lset", ["l", 1, "x"], undefined],
  ["lrem", ["l", 1, "x"], 1],
  ["lrange", ["l", 0, -1], ["z", "a", "b", "c", "d"]],
  ["ltrim", ["l", 1, -1], undefined],
  ["lpop", ["l"], "a"],
  ["rpop", ["l"], "d"],
  ["rpoplpush", ["l", "l"], "c"],
  ["llen", ["l"], 2],
  ["sort", ["l", { alpha: true, direction: "desc" }], ["c", "b"]],
  // hashes
  ["hset", ["h", "f", "5"], true],
  ["hsetnx", ["h", "f", "6"], false],
  ["hmset", ["h", [{ field: "g", value: "v" }]], undefined],
  ["hincrby", ["h", "f", 2], 7],
  ["hincrbyfloat", ["h", "f", 0.5], 7.5],
  ["hget", ["h", "f"], "7.5"],
  ["hexists", ["h", "f"], true],
  ["hgetall", ["h"], { f: "7.5", g: "v" }],
  ["hkeys", ["h"], ["f", "g"]],
  ["hvals", ["h"], ["7.5", "v"]],
  ["hlen", ["h"], 2],
  ["hmget", ["h", ["g", "no"]], ["v", null]],
  ["hstrlen", ["h", "f"], 3],
  ["hscan", ["h", 0, { match: "g" }], { cursor: "0", values: ["g", "v"] }],
  ["hdel", ["h", ["g", "no"]], 1],
  // sets
  ["sadd", ["s", ["a", "b"]], 2],
  ["sadd", ["t", ["b"]], 1],
  ["scard", ["s"], 2],
  ["sismember", ["s", "a"], true],
  ["sdiff", ["s", ["t"]], ["a"]],
  ["sdiffstore", ["s", ["t"], "u"], 1],
  ["sinter", [["s", "t"]], ["b"]],
  ["sinterstore", ["u", ["s", "t"]], 1],
  ["sunion", [["t", "u"]], ["b"]],
  ["sunionstore", ["u", ["t"]], 1],
  ["srandmember", ["t"], ["b"]],
  ["sscan", ["t", 0], { cursor: "0", values: ["b"] }],
  ["smove", ["s", "t", "a"], true],
  ["srem", ["t", ["a"]], 1],
  ["smembers", ["s"], ["b"]],
  ["spop", ["s"], ["b"]],
  // sorted sets
  ["zadd", ["z", [{ score: 1, member: "a" }, { score: 2, member: "b" }]], 2], // biome-ignore format: one call a line
  ["zcard", ["z"], 2],
  ["zcount", ["z", 2, 5], 1],
  ["zincrby", ["z", "b", 1], "3"],
  ["zscore", ["z", "b"], 3],
  ["zrank", ["z", "b"], 1],
  ["zrevrank", ["z", "b"], 0],
  ["zrange", ["z", 0, -1], [{ member: "a", score: 1 }, { member: "b", score: 3 }]], // biome-ignore format: one call a line
  ["zrevrange", ["z", 0, 0], [{ member: "b", score: 3 }]],
  ["zrangebyscore", ["z", 2, "inf"], [{ member: "b", score: 3 }]],
  ["zrevrangebyscore", ["z", 1, 0], []],
  ["zrangebylex", ["z", "-", "[a"], ["a"]],
  ["zrevrangebylex", ["z", "-", "[a", { limit: [0, 1] }], ["a"]],
  ["zlexcount", ["z", "-", "[a"], 1],
  ["zscan", ["z", 0], { cursor: "0", values: ["a", "1", "b", "3"] }],
  ["zunionstore", ["y", ["z"], { weights: [2] }], 2],
  ["zinterstore", ["y", ["z", "y"], { aggregate: "max" }], 2],
  ["zremrangebyscore", ["y", 6, 6], 1],
  ["zremrangebyrank", ["y", 0, 0], 1],
  ["zremrangebylex", ["z", "[a", "[a"], 1],
  ["zrem", ["z", ["b"]], 1],
  // places
  ["geoadd", ["g", [palermo, catania]], 2],
  ["geodist", ["g", "palermo", "catania", { unit: "km" }], 166.2742],
  ["geohash", ["g", ["palermo"]], ["sqc8b49rny0"]],
  ["geopos", ["g", ["palermo"]], [[13.361389338970184, 38.1155563954963]]],
  ["georadius", ["g", 15, 37, 100, "km"], [{ name: "catania" }]],
  ["georadiusbymember", ["g", "palermo", 1, "km", { withdist: true }], [{ name: "palermo", distance: 0 }]],
  // counting
  ["pfadd", ["p", ["a", "b"]], true],
  ["pfcount", [["p"]], 2],
  ["pfmerge", ["q", ["p"]], undefined],
  ["mexecute", [[{ action: "get", args: { _id: "no" } }]], [[null, null]]],
];

test("the official client's methods give what they promise", async () => {
  // The client makes these methods at run time, and types only some of them.
  const methods = kuzzle.ms as unknown as Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
  for (const [method, args, expected] of calls) {
    const call = methods[method];
    assert.ok(call, method);
    assert.deepEqual(await call.apply(kuzzle.ms, [...args]), expected, `${method} ${JSON.stringify(args)}`);
  }
  const now = (await methods.time?.call(kuzzle.ms)) as readonly number[] | undefined;
  const seconds = now?.[0] ?? 0;
  assert.ok(Math.abs(seconds - Date.now() / 1_000) < 5);
  const called = new Set([...calls.map(([method]) => method), "time"]);
  const all = Object.getOwnPropertyNames(Object.getPrototypeOf(kuzzle.ms)).filter((name) => name !== "constructor");
  assert.deepEqual(
    all.filter((name) => !called.has(name)),
    [],
  );
});

test("a right on either name of the controller is a right on both", async () => {
  await using guarded = await startServer({
    data: ":memory:",
    config: { "stats.enabled": false, "limits.loginsPerSecond": 50 },
  });
  await using line = await Line.open(guarded);
  const secret = { username: "ada", password: "secret" };
  const credentials = { local: secret };
  await line.result({
    controller: "security",
    action: "createFirstAdmin",
    _id: "ada",
    reset: true,
    body: { credentials },
  });
  const logIn = async (username: string): Promise<string> => {
    const body = { ...secret, username };
    return (await line.result<{ jwt: string }>({ controller: "auth", action: "login", strategy: "local", body })).jwt;
  };
  const jwt = await logIn("ada");
  const roles = {
    byName: { ms: { actions: { get: true } } },
    byAlias: { memoryStorage: { actions: { get: true } } },
    byBoth: { memoryStorage: { actions: { "*": true } }, ms: { actions: { get: true } } },
  };
  for (const [_id, controllers] of Object.entries(roles)) {
    const asAdmin = { controller: "security", jwt, _id };
    await line.result({ ...asAdmin, action: "createRole", body: { controllers } });
    await line.result({ ...asAdmin, action: "createProfile", body: { policies: [{ roleId: _id }] } });
    const body = { content: { profileIds: [_id] }, credentials: { local: { ...secret, username: _id } } };
    await line.result({ ...asAdmin, action: "createUser", body });
    const token = await logIn(_id);
    for (const controller of ["ms", "memoryStorage"]) {
      const request = { controller, _id: "no", jwt: token };
      assert.equal(await line.result<unknown>({ ...request, action: "get" }), null, `${_id} on ${controller}:get`);
      assert.deepEqual(
        await line.refusal({ ...request, action: "strlen" }),
        { id: "security.rights.forbidden", status: 403 },
        `${_id} on ${controller}:strlen`,
      );
    }
  }
});
