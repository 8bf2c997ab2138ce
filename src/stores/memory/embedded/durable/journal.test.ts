import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type Logger, silentLogger } from "../../../../kernel/index.ts";
import type { Reply } from "../../memory-store.ts";
import { createEmbeddedMemoryStore, type EmbeddedMemoryStore } from "../store.ts";
import { pathOf } from "./files.ts";

class TestClock {
  at = 1_000_000;
  now(): number {
    return this.at;
  }
}

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "memory-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

const open = (directory: string, clock: TestClock, compactAfterBytes = 1e9): EmbeddedMemoryStore =>
  createEmbeddedMemoryStore({ clock, log: silentLogger, directory, compactAfterBytes });

const line = (store: EmbeddedMemoryStore, text: string): Reply => {
  const [name = "", ...args] = text.split(" ");
  return store.run(name, args);
};

const reads = [
  "get text",
  "get bits",
  "ttl text",
  "pttl brief",
  "lrange list 0 -1",
  "hgetall hash",
  "smembers set",
  "zrange sorted 0 -1 WITHSCORES",
  "pfcount estimator",
  "keys *",
];

function fill(store: EmbeddedMemoryStore): void {
  for (const text of [
    "set text é EX 100",
    "set brief x PX 5000",
    "set gone x",
    "expire gone 0",
    "set kept x",
    "bitop NOT bits text",
    "rpush list a b c",
    "rpoplpush list list",
    "hset hash __proto__ 1",
    "hincrbyfloat hash f 0.1",
    "sadd set 1 2 3 4 5",
    "spop set 2",
    "spop set",
    "zadd sorted 0.1 a inf b -1.5e-9 c",
    "zincrby sorted 0.2 a",
    "pfadd estimator x y z",
    "SET Upper x",
    "rename kept renamed",
  ]) {
    line(store, text);
  }
}

const sorted = (reply: Reply): Reply => (Array.isArray(reply) ? [...reply].sort() : reply);

const readAll = (store: EmbeddedMemoryStore): Reply[] => reads.map((text) => sorted(line(store, text)));

test("everything survives a restart, deadlines included", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const before = open(directory, clock);
  fill(before);
  await before.transact([
    { name: "incr", args: ["n"] },
    { name: "incr", args: ["n"] },
  ]);
  const expected = readAll(before);
  await before[Symbol.asyncDispose]();

  await using after = open(directory, clock);
  assert.deepEqual(readAll(after), expected);
  assert.equal(line(after, "get n"), "2");
  clock.at += 5000;
  assert.equal(line(after, "get brief"), null);
});

test("what expired before a later write stays expired", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const before = open(directory, clock);
  line(before, "set a 5 PX 100");
  line(before, "set b 5 PX 100");
  clock.at += 50;
  line(before, "incr b");
  clock.at += 50;
  line(before, "incr a");
  await before[Symbol.asyncDispose]();

  clock.at += 1000;
  await using after = open(directory, clock);
  assert.equal(line(after, "get a"), "1");
  assert.equal(line(after, "get b"), null);
});

test("a torn last line is left out, and the next start writes after it", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const first = open(directory, clock);
  line(first, "set a 1");
  await first[Symbol.asyncDispose]();
  appendFileSync(pathOf(directory, "journal", 1), '[["set","b","2"');

  const second = open(directory, clock);
  assert.equal(line(second, "get b"), null);
  line(second, "set c 3");
  await second[Symbol.asyncDispose]();

  await using third = open(directory, clock);
  assert.deepEqual(sorted(line(third, "keys *")), ["a", "c"]);
});

test("reads are not written", async (t) => {
  const directory = temporaryDirectory(t);
  const store = open(directory, new TestClock());
  line(store, "set a 1");
  for (const text of reads) line(store, text);
  line(store, "sort list");
  assert.throws(() => line(store, "lpush a x"));
  await store[Symbol.asyncDispose]();
  assert.equal(readFileSync(pathOf(directory, "journal", 1), "utf8"), '[["set","a","1"]]\n');
});

test("a journal that grows is compacted into a snapshot, and nothing is lost", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const before = open(directory, clock, 20_000);
  fill(before);
  for (let i = 0; i < 2000; i++) line(before, `set counter ${i}`);
  await delay(20);
  for (let i = 0; i < 1200; i++) line(before, `hset many f${i} v${i}`);
  const expected = readAll(before);
  await before[Symbol.asyncDispose]();
  const files = readdirSync(directory);
  assert.ok(
    files.some((name) => name.startsWith("snapshot-")),
    files.join(),
  );
  assert.ok(
    files.every((name) => name.endsWith(".jsonl")),
    files.join(),
  );

  await using after = open(directory, clock, 20_000);
  assert.deepEqual(readAll(after), expected);
  assert.equal(line(after, "get counter"), "1999");
  assert.equal(line(after, "hlen many"), 1200);
});

test("after a flush nothing comes back", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const before = open(directory, clock);
  fill(before);
  line(before, "flushdb");
  line(before, "set a 1");
  await before[Symbol.asyncDispose]();
  await using after = open(directory, clock);
  assert.deepEqual(line(after, "keys *"), ["a"]);
});

test("while the disk takes no writes the store goes on, then refuses, and catches up", async (t) => {
  const directory = temporaryDirectory(t);
  const errors: string[] = [];
  const log: Logger = { ...silentLogger, error: (event) => errors.push(event) };
  const clock = new TestClock();
  const store = createEmbeddedMemoryStore({ clock, log, directory });
  t.after(() => store[Symbol.asyncDispose]());
  rmSync(directory, { recursive: true });
  line(store, "set a 1");
  const large = "x".repeat(16 * 1024 * 1024);
  for (let i = 0; i < 4; i++) store.run("set", ["large", large]);
  assert.throws(() => line(store, "set b 1"), /^Error: MISCONF/);
  assert.equal(line(store, "get a"), "1");
  for (let tries = 0; errors.length === 0 && tries < 100; tries++) await delay(5);
  mkdirSync(directory);
  for (let tries = 0; tries < 500; tries++) {
    try {
      line(store, "set b 2");
      break;
    } catch {
      await delay(10);
    }
  }
  await store[Symbol.asyncDispose]();
  assert.ok(
    errors.every((event) => event === "memory.journal_write_failed"),
    errors.join(),
  );

  await using after = open(directory, clock);
  assert.equal(line(after, "strlen large"), large.length);
  assert.equal(line(after, "get a"), "1");
  assert.equal(line(after, "get b"), "2");
});

test("collections larger than one line of a snapshot come back whole", async (t) => {
  const directory = temporaryDirectory(t);
  const clock = new TestClock();
  const before = open(directory, clock, 1000);
  const text = "é".repeat(5000);
  for (let i = 0; i < 40; i++) {
    before.run("hset", ["hash", `f${i}`, text + i]);
    before.run("zadd", ["sorted", String(i / 3), text + i]);
    before.run("rpush", ["list", text + i]);
  }
  const read = (store: EmbeddedMemoryStore): Reply[] => [
    line(store, "hgetall hash"),
    line(store, "zrange sorted 0 -1 WITHSCORES"),
    line(store, "lrange list 0 -1"),
  ];
  const expected = read(before);
  await before[Symbol.asyncDispose]();
  await using after = open(directory, clock);
  assert.deepEqual(read(after), expected);
});
