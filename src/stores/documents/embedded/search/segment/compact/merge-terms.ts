import type { Dictionary } from "../dictionary.ts";
import { TermBytes } from "../term-bytes.ts";

/** Told of each term of several dictionaries in order: `ords[s]` is its number in source `s`, -1 when it is not there. Answers whether the term is kept. */
export type OnTerm = (ords: Int32Array) => boolean;

export interface MergedTerms {
  readonly terms: TermBytes;
  readonly size: number;
}

/** Terms between two looks at the clock. */
const chunk = 256;

/** Merges the terms of several dictionaries; those that nothing is left of are dropped. */
export function* mergeTerms(
  dictionaries: readonly (Dictionary | undefined)[],
  onTerm: OnTerm,
  pause: () => Generator<void, void>,
): Generator<void, MergedTerms> {
  const orders: Uint32Array[] = [];
  for (const dictionary of dictionaries)
    orders.push(dictionary === undefined ? new Uint32Array(0) : yield* dictionary.sorted());
  const heads = new Uint32Array(orders.length);
  const ords = new Int32Array(orders.length);
  const merged = new TermBytes();
  let size = 0;
  for (let n = 1; ; n++) {
    const lowest = findLowest(dictionaries, orders, heads);
    if (lowest < 0) break;
    takeEqual(dictionaries, orders, heads, ords, lowest);
    const from = (dictionaries[lowest] as Dictionary).terms;
    const ord = ords[lowest] as number;
    if (onTerm(ords)) merged.append(size++, from.bytes, from.starts[ord] as number, from.byteLength(ord));
    if (n % chunk === 0) yield* pause();
  }
  const end = merged.starts[size] as number;
  return { terms: new TermBytes(merged.bytes.slice(0, end), merged.starts.slice(0, size + 1)), size };
}

/** The source whose next term comes first, -1 when all are at their end. */
function findLowest(
  dictionaries: readonly (Dictionary | undefined)[],
  orders: readonly Uint32Array[],
  heads: Uint32Array,
): number {
  let lowest = -1;
  for (let s = 0; s < orders.length; s++) {
    const order = orders[s] as Uint32Array;
    if ((heads[s] as number) >= order.length) continue;
    if (lowest < 0 || compareHeads(dictionaries, orders, heads, s, lowest) < 0) lowest = s;
  }
  return lowest;
}

/** Moves all sources past the term at the head of `lowest`, and writes its numbers. */
function takeEqual(
  dictionaries: readonly (Dictionary | undefined)[],
  orders: readonly Uint32Array[],
  heads: Uint32Array,
  ords: Int32Array,
  lowest: number,
): void {
  for (let s = 0; s < orders.length; s++) {
    const order = orders[s] as Uint32Array;
    const isThere =
      s === lowest ||
      (s > lowest && (heads[s] as number) < order.length && compareHeads(dictionaries, orders, heads, s, lowest) === 0);
    ords[s] = isThere ? (order[heads[s] as number] as number) : -1;
  }
  for (let s = 0; s < orders.length; s++) if (ords[s] !== -1) heads[s] = (heads[s] as number) + 1;
}

function compareHeads(
  dictionaries: readonly (Dictionary | undefined)[],
  orders: readonly Uint32Array[],
  heads: Uint32Array,
  a: number,
  b: number,
): number {
  const ordA = (orders[a] as Uint32Array)[heads[a] as number] as number;
  const ordB = (orders[b] as Uint32Array)[heads[b] as number] as number;
  return (dictionaries[a] as Dictionary).terms.compare(ordA, (dictionaries[b] as Dictionary).terms, ordB);
}
