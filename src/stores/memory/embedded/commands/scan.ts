import type { Reply } from "../../memory-store.ts";
import { scoreText } from "../floats.ts";
import { compileGlob } from "../glob.ts";
import { parseInteger } from "../integers.ts";
import type { Entry, Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import type { Field } from "../values/hash.ts";
import type { ScoredMember } from "../values/sorted-set.ts";
import { atLeast, type CommandTable } from "./command.ts";

interface ScanOptions {
  readonly count: number;
  readonly matches: (text: string) => boolean;
}

const everything = (_text: string): boolean => true;

/** A page looks at no more items than this, however large the count. */
const maxPage = 1_000_000;

function parseCursor(text: string): number {
  if (!/^-?\d{1,20}$/.test(text)) throw refusals.invalidCursor();
  return Math.abs(Number(text));
}

function parseOptions(args: readonly string[], start: number): ScanOptions {
  let count = 10;
  let matches = everything;
  for (let i = start; i < args.length; i += 2) {
    const token = (args[i] ?? "").toUpperCase();
    const value = args[i + 1];
    if (token === "COUNT" && value !== undefined) {
      count = parseInteger(value);
      if (count < 1) throw refusals.syntax();
    } else if (token === "MATCH" && value !== undefined) {
      matches = value === "*" ? everything : compileGlob(value);
    } else {
      throw refusals.syntax();
    }
  }
  return { count: Math.min(count, maxPage), matches };
}

const scan = (keys: Keyspace, args: readonly string[]): Reply => {
  const cursor = parseCursor(args[0] ?? "");
  const { count, matches } = parseOptions(args, 1);
  keys.removeExpired();
  const page: Entry[] = [];
  const next = keys.scan(cursor, count, page);
  const found: string[] = [];
  for (const { key } of page) if (matches(key)) found.push(key);
  return [String(next), found];
};

const empty: Reply = ["0", []];

const hscan = (keys: Keyspace, args: readonly string[]): Reply => {
  const cursor = parseCursor(args[1] ?? "");
  const hash = keys.findHash(args[0] ?? "");
  if (hash === undefined) return empty;
  const { count, matches } = parseOptions(args, 2);
  const page: Field[] = hash.small ? hash.fields.toArray() : [];
  const next = hash.small ? 0 : hash.fields.scan(cursor, count, page);
  const found: string[] = [];
  for (const { key, value } of page) if (matches(key)) found.push(key, value);
  return [String(next), found];
};

const sscan = (keys: Keyspace, args: readonly string[]): Reply => {
  const cursor = parseCursor(args[1] ?? "");
  const set = keys.findSet(args[0] ?? "");
  if (set === undefined) return empty;
  const { count, matches } = parseOptions(args, 2);
  const small = set.encoding !== "hashtable";
  const page = small ? set.members() : [];
  const next = small ? 0 : set.scan(cursor, count, page);
  return [String(next), page.filter(matches)];
};

const zscan = (keys: Keyspace, args: readonly string[]): Reply => {
  const cursor = parseCursor(args[1] ?? "");
  const set = keys.findSortedSet(args[0] ?? "");
  if (set === undefined) return empty;
  const { count, matches } = parseOptions(args, 2);
  const page: ScoredMember[] = set.small ? set.slice(0, set.size) : [];
  const next = set.small ? 0 : set.members.scan(cursor, count, page);
  const found: string[] = [];
  for (const { key, score } of page) if (matches(key)) found.push(key, scoreText(score));
  return [String(next), found];
};

export const scanCommands = {
  scan: atLeast(1, scan),
  hscan: atLeast(2, hscan),
  sscan: atLeast(2, sscan),
  zscan: atLeast(2, zscan),
} satisfies CommandTable;
