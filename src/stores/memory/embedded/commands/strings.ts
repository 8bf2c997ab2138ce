import type { Reply } from "../../memory-store.ts";
import { type Bytes, byteLength, fromBytes, textOf, toBytes } from "../bytes.ts";
import { addDecimals } from "../decimals.ts";
import { addIntegers, clampRange, parseBigInteger, parseInteger } from "../integers.ts";
import { isString, type Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

/** Largest string that appending makes. Redis' limit is 512 MiB; one JavaScript string, escaped as JSON, holds less. */
const maxBytes = 64 * 1024 * 1024;

const get = (keys: Keyspace, args: readonly string[]): Reply => {
  const value = keys.findString(args[0] ?? "");
  return value === undefined ? null : textOf(value);
};

const set = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const value = args[1] ?? "";
  if (args.length === 2) {
    keys.put(key, value);
    return "OK";
  }
  const options = parseSetOptions(args, keys.now());
  if (options.condition !== undefined && (keys.find(key) === undefined) !== (options.condition === "NX")) return null;
  const entry = keys.put(key, value);
  if (options.expiresAt !== undefined) keys.expire(entry, options.expiresAt);
  return "OK";
};

interface SetOptions {
  condition?: "NX" | "XX";
  expiresAt?: number;
}

function parseSetOptions(args: readonly string[], now: number): SetOptions {
  const options: SetOptions = {};
  let delay: { text: string; unitMs: number } | undefined;
  for (let i = 2; i < args.length; i++) {
    const token = (args[i] ?? "").toUpperCase();
    const next = args[i + 1];
    if ((token === "NX" || token === "XX") && (options.condition ?? token) === token) {
      options.condition = token;
    } else if ((token === "EX" || token === "PX") && delay === undefined && next !== undefined) {
      delay = { text: next, unitMs: token === "EX" ? 1000 : 1 };
      i++;
    } else {
      throw refusals.syntax();
    }
  }
  if (delay !== undefined) options.expiresAt = deadlineAfter(delay.text, delay.unitMs, now, "set");
  return options;
}

/** The instant after a delay that must be positive, and whose milliseconds must fit 64 bits. */
function deadlineAfter(text: string, unitMs: number, now: number, command: string): number {
  const delay = parseInteger(text);
  const expiresAt = delay * unitMs + now;
  if (delay <= 0 || expiresAt >= 2 ** 63) throw refusals.invalidExpiry(command);
  return expiresAt;
}

const setWithDelay =
  (command: string, unitMs: number) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const expiresAt = deadlineAfter(args[1] ?? "", unitMs, keys.now(), command);
    keys.expire(keys.put(args[0] ?? "", args[2] ?? ""), expiresAt);
    return "OK";
  };

const setIfAbsent = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  if (keys.find(key) !== undefined) return 0;
  keys.put(key, args[1] ?? "");
  return 1;
};

const getset = (keys: Keyspace, args: readonly string[]): Reply => {
  const former = get(keys, args);
  keys.put(args[0] ?? "", args[1] ?? "");
  return former;
};

const append = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const tail = args[1] ?? "";
  const former = keys.findString(key);
  if (former === undefined) {
    keys.put(key, tail);
    return byteLength(tail);
  }
  const known = keys.peek(key)?.appendedBytes ?? 0;
  const length = (known === 0 ? byteLength(former) : known) + byteLength(tail);
  if (length > maxBytes) throw refusals.textTooLong();
  keys.update(key, concatenate(former, tail)).appendedBytes = length;
  return length;
};

const concatenate = (head: Bytes, tail: string): Bytes =>
  typeof head === "string" ? head + tail : fromBytes(Buffer.concat([head, Buffer.from(tail)]));

const getrange = (keys: Keyspace, args: readonly string[]): Reply => {
  const start = parseInteger(args[1] ?? "");
  const stop = parseInteger(args[2] ?? "");
  const value = keys.findString(args[0] ?? "") ?? "";
  const length = byteLength(value);
  if (start < 0 && stop < 0 && start > stop) return "";
  const { from, to } = clampRange(start, stop < -length ? 0 : stop, length);
  if (from >= to) return "";
  if (typeof value === "string" && value.length === length) return value.slice(from, to);
  return textOf(toBytes(value).subarray(from, to));
};

const mget = (keys: Keyspace, args: readonly string[]): Reply => {
  const values: Reply[] = [];
  for (const key of args) {
    const value = keys.find(key)?.value;
    values.push(value !== undefined && isString(value) ? textOf(value) : null);
  }
  return values;
};

const mset = (keys: Keyspace, args: readonly string[]): Reply => {
  if (args.length % 2 === 1) throw refusals.arity("mset");
  for (let i = 0; i < args.length; i += 2) keys.put(args[i] ?? "", args[i + 1] ?? "");
  return "OK";
};

const msetnx = (keys: Keyspace, args: readonly string[]): Reply => {
  if (args.length % 2 === 1) throw refusals.arity("msetnx");
  for (let i = 0; i < args.length; i += 2) if (keys.find(args[i] ?? "") !== undefined) return 0;
  mset(keys, args);
  return 1;
};

function increment(keys: Keyspace, key: string, delta: string): number {
  const sum = addIntegers(textOf(keys.findString(key) ?? "0"), delta);
  keys.update(key, sum);
  return Number(sum);
}

const incrby = (keys: Keyspace, args: readonly string[]): Reply => {
  const delta = args[1] ?? "";
  parseInteger(delta);
  return increment(keys, args[0] ?? "", delta);
};

const decrby = (keys: Keyspace, args: readonly string[]): Reply => {
  const delta = parseBigInteger(args[1] ?? "");
  if (delta === -(2n ** 63n)) throw refusals.decrementOverflow();
  return increment(keys, args[0] ?? "", String(-delta));
};

const incrbyfloat = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const sum = addDecimals(textOf(keys.findString(key) ?? "0"), args[1] ?? "");
  keys.update(key, sum);
  return sum;
};

export const stringCommands = {
  get: exactly(1, get),
  set: atLeast(2, set),
  setex: exactly(3, setWithDelay("setex", 1000)),
  psetex: exactly(3, setWithDelay("psetex", 1)),
  setnx: exactly(2, setIfAbsent),
  getset: exactly(2, getset),
  append: exactly(2, append),
  strlen: exactly(1, (keys, args) => byteLength(keys.findString(args[0] ?? "") ?? "")),
  getrange: exactly(3, getrange),
  mget: atLeast(1, mget),
  mset: atLeast(2, mset),
  msetnx: atLeast(2, msetnx),
  incr: exactly(1, (keys, args) => increment(keys, args[0] ?? "", "1")),
  decr: exactly(1, (keys, args) => increment(keys, args[0] ?? "", "-1")),
  incrby: exactly(2, incrby),
  decrby: exactly(2, decrby),
  incrbyfloat: exactly(2, incrbyfloat),
} satisfies CommandTable;
