import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { silentLogger } from "../../../kernel/index.ts";
import { MemoryStoreError, MemoryStoreUnavailableError, type Reply } from "../memory-store.ts";
import { createEmbeddedMemoryStore, type EmbeddedMemoryStore } from "./store.ts";

class TestClock {
  at = 1_000_000;
  now(): number {
    return this.at;
  }
}

const open = (clock = new TestClock()): EmbeddedMemoryStore =>
  createEmbeddedMemoryStore({ clock, log: silentLogger, sweepEveryMs: 5 });

/** Runs a command line of texts without spaces. */
const line = (store: EmbeddedMemoryStore, text: string): Reply => {
  const [name = "", ...args] = text.split(" ");
  return store.run(name, args);
};

const refuses = (store: EmbeddedMemoryStore, text: string, message: RegExp): void => {
  assert.throws(
    () => line(store, text),
    (error) => {
      assert.ok(error instanceof MemoryStoreError, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
};

describe("expiry", () => {
  test("an expired key is invisible at once to every command", () => {
    const clock = new TestClock();
    const store = open(clock);
    for (const key of ["a", "b", "c", "d"]) line(store, `set ${key} 1 PX 100`);
    line(store, "set stays 1");
    clock.at += 99;
    assert.equal(line(store, "pttl a"), 1);
    clock.at += 1;
    assert.equal(line(store, "get a"), null);
    assert.equal(line(store, "exists b"), 0);
    assert.equal(line(store, "dbsize"), 1);
    assert.deepEqual(line(store, "keys *"), ["stays"]);
    assert.deepEqual(line(store, "scan 0"), ["0", ["stays"]]);
    assert.equal(line(store, "randomkey"), "stays");
    assert.equal(line(store, "ttl c"), -2);
  });

  test("a write replaces the deadline, a change in place keeps it, a rename carries it", () => {
    const store = open();
    line(store, "set a 1 EX 100");
    line(store, "incr a");
    line(store, "append a 0");
    assert.equal(line(store, "ttl a"), 100);
    line(store, "rename a b");
    assert.equal(line(store, "ttl b"), 100);
    line(store, "set b 1");
    assert.equal(line(store, "ttl b"), -1);
    line(store, "rpush l x");
    line(store, "expire l 50");
    line(store, "rpush l y");
    assert.equal(line(store, "ttl l"), 50);
    assert.equal(line(store, "persist l"), 1);
    assert.equal(line(store, "ttl l"), -1);
    line(store, "set c v EX 10");
    assert.equal(line(store, "set c w NX EX 99"), null);
    assert.equal(line(store, "ttl c"), 10);
  });

  test("delays that overflow are refused, past instants delete", () => {
    const store = open();
    line(store, "set a 1");
    refuses(store, "expire a 9223372036854775807", /invalid expire time in 'expire' command/);
    refuses(store, "pexpireat a 9223372036854775808", /not an integer/);
    refuses(store, "expire a 1.5", /not an integer/);
    assert.equal(line(store, "expireat a 1"), 1);
    assert.equal(line(store, "exists a"), 0);
  });

  test("expired keys are removed in the background, and the timer ends with them", async () => {
    const clock = new TestClock();
    const store = open(clock);
    for (let i = 0; i < 5000; i++) line(store, `set k${i} v PX ${1 + (i % 100)}`);
    clock.at += 1000;
    for (let tries = 0; tries < 400 && store.sweep(); tries++) await delay(1);
    assert.equal(store.sweep(), false);
    assert.equal(line(store, "dbsize"), 0);
    await store[Symbol.asyncDispose]();
  });

  test("deadlines stay in order over random changes", () => {
    const clock = new TestClock();
    const store = open(clock);
    const model = new Map<string, number>();
    for (let step = 0; step < 20_000; step++) {
      const key = `k${Math.floor(Math.random() * 200)}`;
      const ms = 1 + Math.floor(Math.random() * 500);
      const choice = Math.random();
      if (choice < 0.2) {
        store.run("del", [key]);
        model.delete(key);
      } else if (choice < 0.4) {
        store.run("set", [key, "v"]);
        model.set(key, Number.POSITIVE_INFINITY);
      } else {
        store.run("set", [key, "v", "PX", String(ms)]);
        model.set(key, clock.at + ms);
      }
      if (step % 100 === 0) {
        clock.at += 100;
        for (const [name, deadline] of model) if (deadline <= clock.at) model.delete(name);
        assert.equal(store.run("dbsize", []), model.size);
      }
    }
  });
});

describe("hostile input", () => {
  test("names of Object's prototype are ordinary keys, fields and members", () => {
    const store = open();
    for (const name of ["__proto__", "constructor", "toString", ""]) {
      assert.equal(store.run("get", [name]), null);
      store.run("set", [name, "v"]);
      assert.equal(store.run("get", [name]), "v");
      store.run("hset", ["h", name, "v"]);
      assert.equal(store.run("hget", ["h", name]), "v");
      assert.equal(store.run("sismember", ["s", name]), 0);
      store.run("sadd", ["s", name]);
      store.run("zadd", ["z", "1", name]);
      assert.equal(store.run("zscore", ["z", name]), "1");
    }
    assert.equal(store.run("hlen", ["h"]), 4);
    refuses(store, "__proto__ x", /unknown command/);
    refuses(store, "constructor", /unknown command/);
  });

  test("huge counts and indexes are cheap or refused", () => {
    const store = open();
    line(store, "rpush l a b c");
    const max = "9223372036854775807";
    const min = "-9223372036854775808";
    assert.deepEqual(line(store, `lrange l ${min} ${max}`), ["a", "b", "c"]);
    assert.equal(line(store, `lindex l ${max}`), null);
    assert.equal(line(store, `lrem l ${min} zz`), 0);
    line(store, "sadd s 1 2 3");
    assert.deepEqual(line(store, `srandmember s ${max}`), ["1", "2", "3"]);
    refuses(store, `srandmember s ${min}`, /out of range/);
    refuses(store, "srandmember s -1000001", /out of range/);
    assert.equal((line(store, "srandmember s -1000") as readonly Reply[]).length, 1000);
    line(store, "zadd z 1 a 2 b");
    assert.deepEqual(line(store, `zrange z ${min} ${max}`), ["a", "b"]);
    assert.deepEqual(line(store, `zrangebyscore z -inf inf LIMIT ${max} ${max}`), []);
    assert.deepEqual(line(store, `zrevrangebyscore z inf -inf LIMIT 1 ${max}`), ["a"]);
    assert.deepEqual(line(store, `scan 0 COUNT ${max}`), ["0", ["z", "s", "l"]]);
    assert.deepEqual(line(store, `hscan no ${max}`), ["0", []]);
    refuses(store, "scan 0 COUNT 9223372036854775808", /not an integer/);
    refuses(store, `zunionstore d ${max} z`, /syntax/);
  });

  test("scores that are no numbers are refused and write nothing", () => {
    const store = open();
    for (const score of ["nan", "NaN", "", "1x", "0b1", "--1"]) {
      assert.throws(() => store.run("zadd", ["z", "1", "ok", score, "m"]), /not a valid float/);
    }
    assert.equal(line(store, "exists z"), 0);
    refuses(store, "zadd z 1 a 2", /syntax/);
    refuses(store, "zadd z NX XX 1 a", /syntax/);
    line(store, "zadd z inf a");
    refuses(store, "zincrby z -inf a", /NaN/);
    assert.equal(line(store, "zscore z a"), "inf");
  });

  test("lone surrogates are the replacement character, as on the wire", () => {
    const store = open();
    store.run("set", ["\ud800", "a\udc00"]);
    assert.equal(store.run("get", ["\ufffd"]), "a\ufffd");
    assert.deepEqual(store.run("keys", ["*"]), ["\ufffd"]);
  });

  test("a string grows piece by piece in linear time, up to a limit", { timeout: 60_000 }, () => {
    const store = open();
    for (let i = 0; i < 50_000; i++) store.run("append", ["a", "é".repeat(10)]);
    assert.equal(store.run("append", ["a", ""]), 1_000_000);
    assert.equal(store.run("strlen", ["a"]), 1_000_000);
    assert.equal(line(store, "object encoding a"), "raw");
    const large = "x".repeat(16 * 1024 * 1024);
    for (let i = 0; i < 4; i++) store.run("append", ["b", large]);
    assert.throws(() => store.run("append", ["b", "x"]), /maximum allowed size/);
  });
});

describe("collections", () => {
  test("a large collection is scanned in pages, a small one comes whole", () => {
    const store = open();
    for (let i = 0; i < 1000; i++) {
      store.run("hset", ["h", `f${i}`, `v${i}`]);
      store.run("sadd", ["s", `m${i}`]);
      store.run("zadd", ["z", String(i), `m${i}`]);
    }
    for (const [command, key, width] of [
      ["hscan", "h", 2],
      ["sscan", "s", 1],
      ["zscan", "z", 2],
    ] as const) {
      const seen = new Set<string>();
      let cursor = "0";
      let pages = 0;
      do {
        const [next, items] = store.run(command, [key, cursor, "COUNT", "50"]) as [string, string[]];
        assert.ok(items.length <= 50 * width);
        for (let i = 0; i < items.length; i += width) seen.add(items[i] ?? "");
        cursor = next;
        pages++;
      } while (cursor !== "0");
      assert.equal(seen.size, 1000, command);
      assert.ok(pages >= 20, command);
    }
  });

  test("a set of integers lists them in ascending order", () => {
    const store = open();
    line(store, "sadd s 10 9 -5 100 1");
    assert.deepEqual(line(store, "smembers s"), ["-5", "1", "9", "10", "100"]);
    assert.equal(line(store, "object encoding s"), "intset");
    line(store, "sadd s x");
    assert.equal(line(store, "object encoding s"), "listpack");
    line(store, "srem s x");
    assert.equal(line(store, "object encoding s"), "listpack");
  });

  test("random members are members, distinct unless asked", () => {
    const store = open();
    const members = Array.from({ length: 100 }, (_, i) => `m${i}`);
    store.run("sadd", ["s", ...members]);
    for (const count of [5, 60, 100, 200]) {
      const picked = store.run("srandmember", ["s", String(count)]) as string[];
      assert.equal(new Set(picked).size, Math.min(count, 100));
      assert.ok(picked.every((member) => members.includes(member)));
    }
    const popped = store.run("spop", ["s", "40"]) as string[];
    assert.equal(new Set(popped).size, 40);
    assert.equal(line(store, "scard s"), 60);
    assert.ok(popped.every((member) => store.run("sismember", ["s", member]) === 0));
  });

  test("the store commands accept their destination among the sources", () => {
    const store = open();
    line(store, "zadd z 1 a 2 b");
    line(store, "zunionstore z 2 z z WEIGHTS 1 2");
    assert.deepEqual(line(store, "zrange z 0 -1 WITHSCORES"), ["a", "3", "b", "6"]);
    line(store, "sadd s a b");
    line(store, "sadd t b c");
    assert.equal(line(store, "sinterstore s s t"), 1);
    assert.deepEqual(line(store, "smembers s"), ["b"]);
    line(store, "zadd i inf x");
    line(store, "zadd j -inf x");
    line(store, "zunionstore k 2 i j");
    assert.equal(line(store, "zscore k x"), "0");
    line(store, "zunionstore k 1 i WEIGHTS 0");
    assert.equal(line(store, "zscore k x"), "0");
  });

  test("a radius finds every point that a full search finds", () => {
    const store = open();
    const points = Array.from({ length: 3000 }, (_, i) => ({
      lon: Math.random() * 360 - 180,
      lat: Math.random() * 170 - 85,
      name: `p${i}`,
    }));
    for (const { lon, lat, name } of points) store.run("geoadd", ["g", String(lon), String(lat), name]);
    const all = store.run("zrange", ["g", "0", "-1"]) as string[];
    for (const { name } of points.slice(0, 60)) {
      const km = 10 ** (Math.random() * 4);
      const found = store.run("georadiusbymember", ["g", name, String(km), "km"]) as string[];
      const expected = all.filter((other) => Number(store.run("geodist", ["g", name, other, "km"])) <= km);
      assert.deepEqual(found.sort(), expected.sort(), `${name} ${km}`);
    }
  });

  test("an estimator stays within its error on large sets", () => {
    const store = open();
    for (let i = 0; i < 20_000; i += 100) {
      store.run("pfadd", ["p", ...Array.from({ length: 100 }, (_, j) => `element-${i + j}`)]);
    }
    const count = line(store, "pfcount p") as number;
    assert.ok(Math.abs(count - 20_000) < 20_000 * 0.04, String(count));
    assert.equal(line(store, "strlen p"), 12_304);
  });
});

describe("the store", () => {
  test("commands are known in any case, and judged by their number of arguments first", () => {
    const store = open();
    assert.equal(store.run("SET", ["k", "v"]), "OK");
    refuses(store, "get", /wrong number of arguments for 'get' command/);
    refuses(store, "GET a b", /wrong number of arguments for 'get' command/);
    refuses(store, "subscribe x", /unknown command 'subscribe'/);
  });

  test("bytes that are no text are kept exactly", () => {
    const store = open();
    line(store, "set a é");
    line(store, "bitop NOT b a");
    assert.equal(line(store, "get b"), "<V");
    line(store, "set a x");
    line(store, "bitop NOT b a");
    assert.equal(line(store, "get b"), "\ufffd");
    line(store, "append b y");
    assert.equal(line(store, "strlen b"), 2);
    line(store, "bitop NOT c b");
    assert.equal(line(store, "getrange c 0 0"), "x");
  });

  test("execute rejects where run throws, and nothing runs after close", async () => {
    const store = open();
    assert.equal(await store.execute("ping", []), "PONG");
    await assert.rejects(store.execute("incr", []), MemoryStoreError);
    line(store, "set a 1 EX 10");
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await assert.rejects(store.execute("get", ["a"]), MemoryStoreUnavailableError);
    await assert.rejects(store.transact([{ name: "get", args: ["a"] }]), MemoryStoreUnavailableError);
  });

  test("idle time counts from the last read, and looking at it is no read", () => {
    const clock = new TestClock();
    const store = open(clock);
    line(store, "set a 1");
    clock.at += 5500;
    line(store, "exists a");
    line(store, "type a");
    assert.equal(line(store, "object idletime a"), 5);
    line(store, "touch a");
    assert.equal(line(store, "object idletime a"), 0);
    refuses(store, "object freq a", /LFU/);
    assert.match(String(line(store, "info")), /redis_mode:standalone\r\n/);
    assert.deepEqual(line(store, "time"), ["1005", "500000"]);
  });
});
