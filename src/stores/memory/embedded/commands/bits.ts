import type { Reply } from "../../memory-store.ts";
import { fromBytes, toBytes } from "../bytes.ts";
import { clampRange, isIntegerText, parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { atLeast, between, type CommandTable, exactly } from "./command.ts";

const maxBitOffset = 2 ** 32 - 1;

/** The bytes of a string; undefined for a missing key. */
function findBytes(keys: Keyspace, key: string): Uint8Array | undefined {
  const value = keys.findString(key);
  return value === undefined ? undefined : toBytes(value);
}

const getbit = (keys: Keyspace, args: readonly string[]): Reply => {
  const offset = isIntegerText(args[1] ?? "") ? Number(args[1]) : -1;
  if (offset < 0 || offset > maxBitOffset) throw refusals.bitOffset();
  const byte = findBytes(keys, args[0] ?? "")?.[Math.floor(offset / 8)] ?? 0;
  return (byte >> (7 - (offset % 8))) & 1;
};

const bitcount = (keys: Keyspace, args: readonly string[]): Reply => {
  const bytes = findBytes(keys, args[0] ?? "");
  if (bytes === undefined) return 0;
  if (args.length === 2) throw refusals.syntax();
  const start = parseInteger(args[1] ?? "0");
  const stop = parseInteger(args[2] ?? "-1");
  const { from, to } = clampRange(start, stop, bytes.length);
  let count = 0;
  for (let i = from; i < to; i++) {
    for (let byte = bytes[i] ?? 0; byte !== 0; byte &= byte - 1) count++;
  }
  return count;
};

const bitpos = (keys: Keyspace, args: readonly string[]): Reply => {
  const bit = parseInteger(args[1] ?? "");
  if (bit !== 0 && bit !== 1) throw refusals.bitArgument();
  const bytes = findBytes(keys, args[0] ?? "");
  if (bytes === undefined) return bit === 0 ? 0 : -1;
  const { from, to } = clampRange(parseInteger(args[2] ?? "0"), parseInteger(args[3] ?? "-1"), bytes.length);
  const skip = bit === 1 ? 0 : 255;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === skip) continue;
    const sought = bit === 1 ? byte : ~byte & 255;
    return 8 * i + Math.clz32(sought) - 24;
  }
  // A string of ones is taken as followed by zeros, unless the caller named its end.
  return bit === 0 && args[3] === undefined && from < to ? 8 * to : -1;
};

const operations = {
  AND: (a: number, b: number) => a & b,
  OR: (a: number, b: number) => a | b,
  XOR: (a: number, b: number) => a ^ b,
} as const;

const bitop = (keys: Keyspace, args: readonly string[]): Reply => {
  const [name = "", destination = "", ...sources] = args;
  const operation = name.toUpperCase();
  if (operation !== "NOT" && operation !== "AND" && operation !== "OR" && operation !== "XOR") throw refusals.syntax();
  if (operation === "NOT" && sources.length !== 1) throw refusals.bitopNotArity();
  const operands = sources.map((key) => findBytes(keys, key) ?? new Uint8Array(0));
  const result =
    operation === "NOT" ? invert(operands[0] ?? new Uint8Array(0)) : combine(operations[operation], operands);
  if (result.length === 0) keys.delete(destination);
  else keys.put(destination, fromBytes(result));
  return result.length;
};

const invert = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte & 255);

function combine(operation: (a: number, b: number) => number, operands: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const operand of operands) length = Math.max(length, operand.length);
  const result = new Uint8Array(length);
  const [first, ...others] = operands;
  if (first !== undefined) result.set(first);
  for (const other of others) {
    for (let i = 0; i < length; i++) result[i] = operation(result[i] ?? 0, other[i] ?? 0);
  }
  return result;
}

export const bitCommands = {
  getbit: exactly(2, getbit),
  bitcount: between(1, 3, bitcount),
  bitpos: between(2, 4, bitpos),
  bitop: atLeast(3, bitop),
} satisfies CommandTable;
