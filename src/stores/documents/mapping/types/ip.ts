import { isIP } from "node:net";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, isAnything, isFlag, isNumber } from "./field-type.ts";

const mappedPrefix = "00000000000000000000ffff";

/** 32 hexadecimal digits that sort as addresses do (IPv4 as `::ffff:a.b.c.d`); undefined when it is no address. */
export function encodeIp(text: string): string | undefined {
  const version = isIP(text);
  if (version === 4) return mappedPrefix + hexOfV4(text);
  if (version !== 6 || text.includes("%")) return undefined;
  let address = text;
  const lastColon = address.lastIndexOf(":");
  if (address.includes(".")) {
    const v4 = hexOfV4(address.slice(lastColon + 1));
    address = `${address.slice(0, lastColon + 1)}${v4.slice(0, 4)}:${v4.slice(4)}`;
  }
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros: string[] = new Array(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, "0").toLowerCase()).join("");
}

function hexOfV4(text: string): string {
  return text
    .split(".")
    .map((byte) => Number(byte).toString(16).padStart(2, "0"))
    .join("");
}

/** The address as people write it. */
export function decodeIp(encoded: string): string {
  if (encoded.startsWith(mappedPrefix)) {
    return [24, 26, 28, 30].map((at) => Number.parseInt(encoded.slice(at, at + 2), 16)).join(".");
  }
  const groups: string[] = [];
  for (let at = 0; at < 32; at += 4) groups.push(Number.parseInt(encoded.slice(at, at + 4), 16).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === "0") end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** First and last address of `192.168.0.0/16`; undefined when it is no such thing. */
export function encodeNetwork(text: string): { readonly first: string; readonly last: string } | undefined {
  const [address = "", suffix = "", ...rest] = text.split("/");
  const encoded = encodeIp(address);
  const bits = /^\d{1,3}$/.test(suffix) ? Number(suffix) + (isIP(address) === 4 ? 96 : 0) : -1;
  if (encoded === undefined || bits < 0 || bits > 128 || rest.length > 0) return undefined;
  const value = BigInt(`0x${encoded}`);
  const rest128 = (1n << BigInt(128 - bits)) - 1n;
  const hex = (number: bigint): string => number.toString(16).padStart(32, "0");
  return { first: hex(value & ~rest128), last: hex(value | rest128) };
}

function parse(value: unknown): string {
  const encoded = typeof value === "string" ? encodeIp(value) : undefined;
  if (encoded === undefined) throw new InvalidValue("not an IP address");
  return encoded;
}

export const ipType: FieldType = {
  name: "ip",
  parameters: {
    boost: isNumber,
    doc_values: isFlag,
    ignore_malformed: isFlag,
    index: isFlag,
    null_value: isAnything,
    store: isFlag,
  },
  compile: (definition) => ({
    family: "keyword",
    docValues: flag(definition, "doc_values", true),
    // Addresses are points to the reference engine, and points do not weigh anything.
    isUnweighed: true,
    print: decodeIp,
    parse,
  }),
};
