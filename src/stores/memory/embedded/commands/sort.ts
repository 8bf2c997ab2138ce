import type { Reply } from "../../memory-store.ts";
import { compareBytes, textOf } from "../bytes.ts";
import { readLenientFloat } from "../floats.ts";
import { parseInteger } from "../integers.ts";
import { isString, type Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { HashValue } from "../values/hash.ts";
import { ListValue } from "../values/list.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { atLeast, type CommandTable } from "./command.ts";

interface SortOptions {
  alpha: boolean;
  descending: boolean;
  offset: number;
  count: number;
  by: string | undefined;
  readonly projections: string[];
  store: string | undefined;
}

function parseOptions(args: readonly string[]): SortOptions {
  const options: SortOptions = {
    alpha: false,
    descending: false,
    offset: 0,
    count: -1,
    by: undefined,
    projections: [],
    store: undefined,
  };
  for (let i = 1; i < args.length; i++) {
    const token = (args[i] ?? "").toUpperCase();
    const next = args[i + 1];
    if (token === "ALPHA") options.alpha = true;
    else if (token === "ASC" || token === "DESC") options.descending = token === "DESC";
    else if (token === "LIMIT" && i + 2 < args.length) {
      options.offset = parseInteger(next ?? "");
      options.count = parseInteger(args[i + 2] ?? "");
      i += 2;
    } else if (next !== undefined && (token === "BY" || token === "GET" || token === "STORE")) {
      if (token === "BY") options.by = next;
      else if (token === "STORE") options.store = next;
      else options.projections.push(next);
      i++;
    } else throw refusals.syntax();
  }
  return options;
}

/** The elements in the order they have without sorting. */
function elementsOf(keys: Keyspace, key: string): string[] {
  const value = keys.find(key)?.value;
  if (value === undefined) return [];
  if (value instanceof ListValue) return value.slice(0, value.size);
  if (value instanceof SetValue) return value.members();
  if (value instanceof SortedSetValue) return value.slice(0, value.size).map((member) => member.key);
  throw refusals.wrongType();
}

/** What a pattern stands for: the element for the first `*`, read as a string key, or as a hash field after `->`. */
function lookUp(keys: Keyspace, pattern: string, element: string): string | null {
  if (pattern === "#") return element;
  const star = pattern.indexOf("*");
  if (star < 0) return null;
  const arrow = pattern.indexOf("->", star);
  const hasField = arrow >= 0 && arrow + 2 < pattern.length;
  const key = pattern.slice(0, star) + element + pattern.slice(star + 1, hasField ? arrow : undefined);
  const value = keys.find(key)?.value;
  if (hasField) return value instanceof HashValue ? (value.get(pattern.slice(arrow + 2)) ?? null) : null;
  return value !== undefined && isString(value) ? textOf(value) : null;
}

interface Weighed {
  readonly element: string;
  readonly number: number;
  readonly text: string | null;
}

function weigh(keys: Keyspace, element: string, { by, alpha }: SortOptions): Weighed {
  const text = by === undefined ? element : lookUp(keys, by, element);
  const number = alpha || text === null ? 0 : readLenientFloat(text);
  if (Number.isNaN(number)) throw refusals.sortScores();
  return { element, number, text };
}

function compareTexts(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return compareBytes(a, b);
}

function sortElements(keys: Keyspace, elements: readonly string[], options: SortOptions): string[] {
  const weighed = elements.map((element) => weigh(keys, element, options));
  const compare = options.alpha
    ? (a: Weighed, b: Weighed) => compareTexts(a.text, b.text)
    : (a: Weighed, b: Weighed) => (a.number < b.number ? -1 : a.number > b.number ? 1 : 0);
  const direction = options.descending ? -1 : 1;
  weighed.sort((a, b) => direction * (compare(a, b) || compareBytes(a.element, b.element)));
  return weighed.map(({ element }) => element);
}

const sort = (keys: Keyspace, args: readonly string[]): Reply => {
  const options = parseOptions(args);
  const unsorted = elementsOf(keys, args[0] ?? "");
  const keepsOrder = options.by !== undefined && !options.by.includes("*");
  const sorted = keepsOrder ? unsorted : sortElements(keys, unsorted, options);
  if (keepsOrder && options.descending) sorted.reverse();
  const start = Math.max(options.offset, 0);
  const page = sorted.slice(start, options.count < 0 ? undefined : start + options.count);
  const { projections, store } = options;
  const answer: (string | null)[] = projections.length === 0 ? page : [];
  for (const element of projections.length === 0 ? [] : page) {
    for (const pattern of projections) answer.push(lookUp(keys, pattern, element));
  }
  return store === undefined ? answer : keys.store(store, ListValue.of(answer.map((item) => item ?? "")));
};

export const sortCommands = { sort: atLeast(1, sort) } satisfies CommandTable;
