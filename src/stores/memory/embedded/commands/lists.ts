import type { Reply } from "../../memory-store.ts";
import { clampRange, parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { ListValue } from "../values/list.ts";
import { atLeast, type CommandTable, exactly } from "./command.ts";

type End = "head" | "tail";

function push(list: ListValue, end: End, items: readonly string[]): number {
  for (let i = 1; i < items.length; i++) {
    const item = items[i] ?? "";
    if (end === "head") list.pushHead(item);
    else list.pushTail(item);
  }
  return list.size;
}

const pushTo =
  (end: End) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const key = args[0] ?? "";
    const list = keys.findList(key);
    if (list !== undefined) return push(list, end, args);
    const created = new ListValue();
    keys.put(key, created);
    return push(created, end, args);
  };

const pushToExisting =
  (end: End) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const list = keys.findList(args[0] ?? "");
    return list === undefined ? 0 : push(list, end, args);
  };

const pop =
  (end: End) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const key = args[0] ?? "";
    const list = keys.findList(key);
    if (list === undefined) return null;
    const item = end === "head" ? list.popHead() : list.popTail();
    keys.dropIfEmpty(key, list);
    return item;
  };

const rpoplpush = (keys: Keyspace, args: readonly string[]): Reply => {
  const source = args[0] ?? "";
  const destination = args[1] ?? "";
  const from = keys.findList(source);
  if (from === undefined) return null;
  const to = keys.findList(destination) ?? new ListValue();
  const item = from.popTail();
  to.pushHead(item);
  if (to.size === 1 && to !== from) keys.put(destination, to);
  keys.dropIfEmpty(source, from);
  return item;
};

/** The index within the list, or undefined when there is no such item. */
function place(list: ListValue, text: string): number | undefined {
  const index = parseInteger(text);
  const position = index < 0 ? list.size + index : index;
  return position >= 0 && position < list.size ? position : undefined;
}

const lindex = (keys: Keyspace, args: readonly string[]): Reply => {
  const list = keys.findList(args[0] ?? "");
  if (list === undefined) return null;
  const position = place(list, args[1] ?? "");
  return position === undefined ? null : list.at(position);
};

const lset = (keys: Keyspace, args: readonly string[]): Reply => {
  const list = keys.findList(args[0] ?? "");
  if (list === undefined) throw refusals.noSuchKey();
  const position = place(list, args[1] ?? "");
  if (position === undefined) throw refusals.indexRange();
  list.set(position, args[2] ?? "");
  return "OK";
};

const linsert = (keys: Keyspace, args: readonly string[]): Reply => {
  const where = (args[1] ?? "").toLowerCase();
  if (where !== "before" && where !== "after") throw refusals.syntax();
  const list = keys.findList(args[0] ?? "");
  if (list === undefined) return 0;
  const pivot = list.indexOf(args[2] ?? "");
  if (pivot < 0) return -1;
  list.insert(where === "before" ? pivot : pivot + 1, args[3] ?? "");
  return list.size;
};

const lrange = (keys: Keyspace, args: readonly string[]): Reply => {
  const start = parseInteger(args[1] ?? "");
  const stop = parseInteger(args[2] ?? "");
  const list = keys.findList(args[0] ?? "");
  if (list === undefined) return [];
  const { from, to } = clampRange(start, stop, list.size);
  return list.slice(from, to);
};

const ltrim = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const start = parseInteger(args[1] ?? "");
  const stop = parseInteger(args[2] ?? "");
  const list = keys.findList(key);
  if (list === undefined) return "OK";
  const { from, to } = clampRange(start, stop, list.size);
  list.keep(from, to);
  keys.dropIfEmpty(key, list);
  return "OK";
};

const lrem = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  const count = parseInteger(args[1] ?? "");
  const list = keys.findList(key);
  if (list === undefined) return 0;
  const removed = list.removeAll(args[2] ?? "", count === 0 ? list.size : Math.abs(count), count < 0);
  keys.dropIfEmpty(key, list);
  return removed;
};

export const listCommands = {
  lpush: atLeast(2, pushTo("head")),
  rpush: atLeast(2, pushTo("tail")),
  lpushx: atLeast(2, pushToExisting("head")),
  rpushx: atLeast(2, pushToExisting("tail")),
  lpop: exactly(1, pop("head")),
  rpop: exactly(1, pop("tail")),
  rpoplpush: exactly(2, rpoplpush),
  llen: exactly(1, (keys, args) => keys.findList(args[0] ?? "")?.size ?? 0),
  lindex: exactly(2, lindex),
  lset: exactly(3, lset),
  linsert: exactly(4, linsert),
  lrange: exactly(3, lrange),
  ltrim: exactly(3, ltrim),
  lrem: exactly(3, lrem),
} satisfies CommandTable;
