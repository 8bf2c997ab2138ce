import type { Reply } from "../../memory-store.ts";
import { byteLength } from "../bytes.ts";
import { addDecimals } from "../decimals.ts";
import { addIntegers, parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { HashValue } from "../values/hash.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

function ensureHash(keys: Keyspace, key: string): HashValue {
  const known = keys.findHash(key);
  if (known !== undefined) return known;
  const hash = new HashValue();
  keys.put(key, hash);
  return hash;
}

const writeFields =
  (command: string, answer: (created: number) => Reply) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    if (args.length % 2 === 0) throw refusals.arity(command);
    const hash = ensureHash(keys, args[0] ?? "");
    let created = 0;
    for (let i = 1; i < args.length; i += 2) if (hash.set(args[i] ?? "", args[i + 1] ?? "")) created++;
    return answer(created);
  };

const hsetnx = (keys: Keyspace, args: readonly string[]): Reply => {
  const hash = ensureHash(keys, args[0] ?? "");
  const field = args[1] ?? "";
  if (hash.get(field) !== undefined) return 0;
  hash.set(field, args[2] ?? "");
  return 1;
};

const hmget = (keys: Keyspace, args: readonly string[]): Reply => {
  const hash = keys.findHash(args[0] ?? "");
  const values: Reply[] = [];
  for (let i = 1; i < args.length; i++) values.push(hash?.get(args[i] ?? "") ?? null);
  return values;
};

const hdel = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const hash = keys.findHash(key);
  if (hash === undefined) return 0;
  let deleted = 0;
  for (let i = 1; i < args.length; i++) if (hash.delete(args[i] ?? "")) deleted++;
  keys.dropIfEmpty(key, hash);
  return deleted;
};

const hincrby = (keys: Keyspace, args: readonly string[]): Reply => {
  const [key = "", field = "", delta = ""] = args;
  parseInteger(delta);
  const sum = addIntegers(keys.findHash(key)?.get(field) ?? "0", delta, refusals.hashNotInteger);
  ensureHash(keys, key).set(field, sum);
  return Number(sum);
};

const hincrbyfloat = (keys: Keyspace, args: readonly string[]): Reply => {
  const [key = "", field = "", delta = ""] = args;
  addDecimals("0", delta);
  const sum = addDecimals(keys.findHash(key)?.get(field) ?? "0", delta, refusals.hashNotFloat);
  ensureHash(keys, key).set(field, sum);
  return sum;
};

const listFields =
  (names: boolean, values: boolean) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const listed: string[] = [];
    for (const { key, value } of keys.findHash(args[0] ?? "")?.fields.toArray() ?? []) {
      if (names) listed.push(key);
      if (values) listed.push(value);
    }
    return listed;
  };

export const hashCommands = {
  hset: atLeast(
    3,
    writeFields("hset", (created) => created),
  ),
  hmset: atLeast(
    3,
    writeFields("hmset", () => "OK"),
  ),
  hsetnx: exactly(3, hsetnx),
  hget: exactly(2, (keys, args) => keys.findHash(args[0] ?? "")?.get(args[1] ?? "") ?? null),
  hmget: atLeast(2, hmget),
  hexists: exactly(2, (keys, args) => (keys.findHash(args[0] ?? "")?.get(args[1] ?? "") === undefined ? 0 : 1)),
  hstrlen: exactly(2, (keys, args) => byteLength(keys.findHash(args[0] ?? "")?.get(args[1] ?? "") ?? "")),
  hlen: exactly(1, (keys, args) => keys.findHash(args[0] ?? "")?.size ?? 0),
  hdel: atLeast(2, hdel),
  hincrby: exactly(3, hincrby),
  hincrbyfloat: exactly(3, hincrbyfloat),
  hkeys: exactly(1, listFields(true, false)),
  hvals: exactly(1, listFields(false, true)),
  hgetall: exactly(1, listFields(true, true)),
} satisfies CommandTable;
