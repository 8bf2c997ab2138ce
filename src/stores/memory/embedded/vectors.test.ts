import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { silentLogger } from "../../../kernel/index.ts";
import { type MemoryStore, MemoryStoreError, type Reply } from "../memory-store.ts";
import { createEmbeddedMemoryStore } from "./store.ts";

const conditions: Readonly<Record<string, RegExp>> = {
  wrongtype: /^WRONGTYPE Operation/,
  not_hll: /^WRONGTYPE Key is not a valid HyperLogLog/,
  not_integer: /^ERR value is not an integer/,
  not_float: /^ERR value is not a valid float/,
  hash_not_integer: /^ERR hash value is not an integer/,
  hash_not_float: /^ERR hash value is not a float/,
  overflow: /^ERR .*would overflow/,
  nan_or_inf: /^ERR increment would produce NaN or Infinity/,
  nan_score: /^ERR resulting score is not a number/,
  arity: /^ERR wrong number of arguments/,
  syntax: /^ERR syntax error/,
  invalid_expire: /^ERR invalid expire time/,
  no_such_key: /^ERR no such key/,
  index_range: /^ERR index out of range/,
  bit_arg: /^ERR The bit argument/,
  bit_offset: /^ERR bit offset/,
  bitop_not_arity: /^ERR BITOP NOT/,
  range_bound_float: /^ERR min or max is not a float/,
  range_bound_lex: /^ERR min or max not valid string/,
  min_positive: /^ERR value is out of range, must be positive/,
  invalid_cursor: /^ERR invalid cursor/,
  weight_not_float: /^ERR weight value is not a float/,
  geo_coord: /^ERR invalid longitude,latitude/,
  geo_unit: /^ERR unsupported unit/,
  geo_radius: /^ERR .*radius/,
  geo_member: /^ERR could not decode/,
  geo_count: /^ERR COUNT must be > 0/,
  sort_scores: /^ERR One or more scores/,
  object_subcommand: /^ERR unknown subcommand/,
  execabort: /^EXECABORT/,
};

const contract = readFileSync(new URL("../../../../contract/memory-storage.md", import.meta.url), "utf8");
const vectors = /## 9\. Vectors[\s\S]*?```text\n([\s\S]*?)```/.exec(contract)?.[1]?.trim().split("\n") ?? [];

const sorted = (reply: unknown): unknown => (Array.isArray(reply) ? [...reply].sort() : reply);

function asObject(reply: Reply): unknown {
  const flat = reply as readonly string[];
  const object: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) object[flat[i] ?? ""] = flat[i + 1] ?? "";
  return object;
}

const asSeen = (command: string, reply: Reply): unknown => (command === "hgetall" ? asObject(reply) : reply);

async function answer(store: MemoryStore, vector: readonly unknown[]): Promise<unknown> {
  if (vector[0] === "MULTI") {
    const list = vector.slice(1) as unknown[][];
    const commands = list.map(([name, ...args]) => ({ name: String(name), args: args.map(String) }));
    const outcomes = await store.transact(commands);
    return outcomes.map((outcome, i) =>
      outcome instanceof MemoryStoreError ? [{}] : [null, asSeen(commands[i]?.name ?? "", outcome)],
    );
  }
  const [name, ...args] = vector.map(String);
  return asSeen(name ?? "", await store.execute(name ?? "", args));
}

async function check(store: MemoryStore, line: string): Promise<void> {
  const arrow = line.lastIndexOf(" -> ");
  const vector = JSON.parse(line.slice(0, arrow)) as unknown[];
  const expected = line.slice(arrow + 4);
  if (expected.startsWith("!")) {
    const text = conditions[expected.slice(1)];
    assert.ok(text, `no such condition: ${expected}`);
    await assert.rejects(answer(store, vector), (error) => {
      assert.ok(error instanceof MemoryStoreError);
      assert.match(error.message, text);
      return true;
    });
  } else if (expected.startsWith("~")) {
    assert.deepEqual(sorted(await answer(store, vector)), sorted(JSON.parse(expected.slice(1))));
  } else {
    assert.deepEqual(await answer(store, vector), JSON.parse(expected));
  }
}

async function runGroup(lines: readonly string[]): Promise<void> {
  await using store = createEmbeddedMemoryStore({ clock: { now: () => 1_000 }, log: silentLogger });
  const failures: string[] = [];
  for (const line of lines) {
    try {
      await check(store, line);
    } catch (error) {
      failures.push(`${line}\n    ${error instanceof Error ? error.message.split("\n").join("\n    ") : error}`);
    }
  }
  assert.deepEqual(failures, []);
}

const groups = new Map<string, string[]>();
let group = "";
for (const line of vectors) {
  if (line.startsWith("# ")) {
    group = line.slice(2);
    groups.set(group, []);
  } else {
    groups.get(group)?.push(line);
  }
}

test("the contract's vectors were found", () => {
  assert.ok(vectors.length > 250, `${vectors.length} lines`);
  assert.equal(groups.size, 10);
});

for (const [name, lines] of groups) {
  test(`${name}: the engine answers what was measured on Redis`, () => runGroup(lines));
}
