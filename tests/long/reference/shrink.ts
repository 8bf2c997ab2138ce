import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import type { Search } from "./searches.ts";

/** The smallest of what still differs that was found in time. `differs` is asked often; it must answer the same each time. */
export async function shrinkSearch(
  search: Search,
  differs: (search: Search) => Promise<boolean>,
  untilMs: number,
): Promise<Search> {
  let best = search;
  for (let found = true; found; ) {
    found = false;
    for (const smaller of smallerSearches(best)) {
      if (performance.now() > untilMs) return best;
      if (!(await differs(smaller))) continue;
      best = smaller;
      found = true;
      break;
    }
  }
  return best;
}

function* smallerSearches(search: Search): Generator<Search> {
  const { body, continues, from, size, ...rest } = search;
  if (continues === true) yield { ...rest, body, from, size };
  const pages = continues === true ? { continues } : {};
  if (from > 0) yield { ...rest, ...pages, body, from: 0, size };
  for (const value of smallerValues(body, true))
    if (isPlainObject(value)) yield { ...rest, ...pages, body: value, from, size };
  for (const less of [1, 3, 10]) if (less < size) yield { ...rest, ...pages, body, from, size: less };
}

/** Versions of a value with something left out, the largest cuts first. */
function* smallerValues(value: unknown, isRoot = false): Generator<unknown> {
  if (Array.isArray(value)) yield* smallerLists(value);
  else if (isPlainObject(value)) yield* smallerObjects(value, isRoot);
  else if (typeof value === "string") yield* smallerTexts(value);
  else if (typeof value === "number") yield* smallerNumbers(value);
}

function* smallerLists(list: readonly unknown[]): Generator<unknown> {
  if (list.length === 1 && isPlainObject(list[0])) yield list[0];
  for (const i of list.keys()) yield list.toSpliced(i, 1);
  for (const [i, one] of list.entries()) for (const smaller of smallerValues(one)) yield list.with(i, smaller);
}

function* smallerObjects(object: JSONObject, isRoot: boolean): Generator<unknown> {
  // A clause is replaced by one that it holds.
  if (!isRoot) yield* clausesWithin(Object.values(object));
  for (const name of Object.keys(object)) {
    const { [name]: _, ...others } = object;
    yield others;
  }
  for (const [name, one] of Object.entries(object))
    for (const smaller of smallerValues(one)) yield { ...object, [name]: smaller };
}

/** Objects of one member, which may be clauses; the outermost ones. */
function* clausesWithin(values: readonly unknown[]): Generator<JSONObject> {
  for (const value of values) {
    if (typeof value !== "object" || value === null) continue;
    for (const one of Object.values(value)) {
      if (isPlainObject(one) && Object.keys(one).length === 1) yield one;
      else if (Array.isArray(one)) {
        for (const each of one) if (isPlainObject(each) && Object.keys(each).length === 1) yield each;
      }
    }
  }
}

function* smallerTexts(text: string): Generator<string> {
  const words = text.split(" ");
  if (words.length > 1) for (const i of words.keys()) yield words.toSpliced(i, 1).join(" ");
}

function* smallerNumbers(value: number): Generator<number> {
  for (const other of [0, 1, Math.trunc(value / 2), Math.trunc(value)])
    if (Math.abs(other) < Math.abs(value)) yield other;
}

/** A part of the list that still differs, found by leaving out ever smaller runs. */
export async function shrinkList<T>(
  list: readonly T[],
  differs: (list: readonly T[]) => Promise<boolean>,
  untilMs: number,
): Promise<readonly T[]> {
  let best = list;
  for (let length = Math.ceil(best.length / 2); length >= 1; ) {
    let found = false;
    for (let from = 0; from < best.length; ) {
      if (performance.now() > untilMs) return best;
      const rest = best.toSpliced(from, length);
      if (rest.length < best.length && (await differs(rest))) {
        best = rest;
        found = true;
      } else from += length;
    }
    if (length === 1 && !found) break;
    length = length === 1 ? 1 : Math.ceil(length / 2);
  }
  return best;
}
