import type { Reply } from "../../memory-store.ts";
import { byteLength } from "../bytes.ts";
import { compileGlob } from "../glob.ts";
import { isIntegerText, parseInteger } from "../integers.ts";
import { type Entry, isString, type Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import type { ListValue } from "../values/list.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

const del = (keys: Keyspace, args: readonly string[]): Reply => {
  let deleted = 0;
  for (const key of args) if (keys.delete(key)) deleted++;
  return deleted;
};

const exists = (keys: Keyspace, args: readonly string[]): Reply => {
  let found = 0;
  for (const key of args) if (keys.peek(key) !== undefined) found++;
  return found;
};

const touch = (keys: Keyspace, args: readonly string[]): Reply => {
  let found = 0;
  for (const key of args) if (keys.find(key) !== undefined) found++;
  return found;
};

const listKeys = (keys: Keyspace, args: readonly string[]): Reply => {
  const matches = compileGlob(args[0] ?? "");
  keys.removeExpired();
  const found: string[] = [];
  for (const { key } of keys.entries()) if (matches(key)) found.push(key);
  return found;
};

/** `fromNow`: the argument is a delay, else an instant. */
const expire =
  (command: string, unitMs: number, fromNow: boolean) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const amount = parseInteger(args[1] ?? "") * unitMs;
    const expiresAt = fromNow ? amount + keys.now() : amount;
    if (Math.abs(amount) >= 2 ** 63 || expiresAt >= 2 ** 63) throw refusals.invalidExpiry(command);
    const entry = keys.find(args[0] ?? "");
    if (entry === undefined) return 0;
    keys.expire(entry, expiresAt);
    return 1;
  };

const remaining =
  (round: (ms: number) => number) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const entry = keys.peek(args[0] ?? "");
    if (entry === undefined) return -2;
    return entry.expiresAt === 0 ? -1 : round(entry.expiresAt - keys.now());
  };

const persist = (keys: Keyspace, args: readonly string[]): Reply => {
  const entry = keys.find(args[0] ?? "");
  if (entry === undefined || entry.expiresAt === 0) return 0;
  keys.persist(entry);
  return 1;
};

function move(keys: Keyspace, source: Entry, target: string): void {
  const { value, expiresAt, appendedBytes } = source;
  keys.remove(source);
  const moved = keys.put(target, value);
  moved.appendedBytes = appendedBytes;
  if (expiresAt !== 0) keys.expire(moved, expiresAt);
}

const rename = (keys: Keyspace, args: readonly string[]): Reply => {
  const target = args[1] ?? "";
  const source = keys.find(args[0] ?? "");
  if (source === undefined) throw refusals.noSuchKey();
  if (source.key !== target) move(keys, source, target);
  return "OK";
};

const renamenx = (keys: Keyspace, args: readonly string[]): Reply => {
  const target = args[1] ?? "";
  const source = keys.find(args[0] ?? "");
  if (source === undefined) throw refusals.noSuchKey();
  if (keys.find(target) !== undefined) return 0;
  move(keys, source, target);
  return 1;
};

const type = (keys: Keyspace, args: readonly string[]): Reply => {
  const value = keys.peek(args[0] ?? "")?.value;
  if (value === undefined) return "none";
  return isString(value) ? "string" : value.type;
};

const inspect = (keys: Keyspace, args: readonly string[]): Reply => {
  const name = args[0] ?? "";
  const subcommand = name.toLowerCase();
  if (subcommand === "help") throw refusals.arity("object|help");
  if (!["encoding", "refcount", "idletime", "freq"].includes(subcommand)) throw refusals.unknownSubcommand(name);
  const entry = keys.peek(args[1] ?? "");
  if (entry === undefined) return null;
  if (subcommand === "freq") throw refusals.objectFrequency();
  if (subcommand === "encoding") return encodingOf(entry);
  if (subcommand === "idletime") return Math.max(Math.floor((keys.now() - entry.accessedAt) / 1000), 0);
  return isSharedInteger(entry) ? 2_147_483_647 : 1;
};

/** Redis shares one object among all strings that hold the same integer of 0 to 9999. */
const isSharedInteger = ({ value, appendedBytes }: Entry): boolean =>
  typeof value === "string" &&
  appendedBytes === 0 &&
  value.length <= 4 &&
  !value.startsWith("-") &&
  isIntegerText(value);

function encodingOf({ value, appendedBytes }: Entry): string {
  if (isString(value)) {
    if (appendedBytes > 0 || typeof value !== "string") return "raw";
    if (isIntegerText(value)) return "int";
    return byteLength(value) <= 44 ? "embstr" : "raw";
  }
  switch (value.type) {
    case "list":
      return isCompact(value) ? "listpack" : "quicklist";
    case "set":
      return value.encoding;
    case "hash":
      return value.small ? "listpack" : "hashtable";
    case "zset":
      return value.small ? "listpack" : "skiplist";
  }
}

/** True while a list takes less than 8 kB. */
function isCompact(list: ListValue): boolean {
  let bytes = 0;
  for (let i = 0; i < list.size && bytes < 8192; i++) bytes += byteLength(list.at(i)) + 2;
  return bytes < 8192;
}

export const keyCommands = {
  del: atLeast(1, del),
  unlink: atLeast(1, del),
  exists: atLeast(1, exists),
  touch: atLeast(1, touch),
  keys: exactly(1, listKeys),
  expire: exactly(2, expire("expire", 1000, true)),
  pexpire: exactly(2, expire("pexpire", 1, true)),
  expireat: exactly(2, expire("expireat", 1000, false)),
  pexpireat: exactly(2, expire("pexpireat", 1, false)),
  ttl: exactly(
    1,
    remaining((ms) => Math.floor((ms + 500) / 1000)),
  ),
  pttl: exactly(
    1,
    remaining((ms) => ms),
  ),
  persist: exactly(1, persist),
  rename: exactly(2, rename),
  renamenx: exactly(2, renamenx),
  type: exactly(1, type),
  object: exactly(2, inspect),
} satisfies CommandTable;
