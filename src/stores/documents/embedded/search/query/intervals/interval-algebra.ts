/** A run of positions in a document, both ends included; `gaps` are the positions in it that belong to nothing that was looked for. */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly gaps: number;
  /** Positions of what was looked for, where these are fewer than lie between its ends. */
  readonly width?: number;
}

/** Intervals in ascending order, none of which holds another. */
export type Intervals = readonly Interval[];

const widthOf = ({ start, end, width }: Interval): number => width ?? end - start + 1;

/** Intervals that begin where the one before ends. */
export function consecutive(lists: readonly Intervals[]): Interval[] {
  const [first = []] = lists;
  const at = lists.map(() => 0);
  const found: Interval[] = [];
  for (const { start, end } of first) {
    let last = end;
    let isWhole = true;
    for (let i = 1; i < lists.length && isWhole; i++) {
      const list = lists[i] as Intervals;
      let k = at[i] as number;
      while (k < list.length && (list[k] as Interval).start <= last) k++;
      at[i] = k;
      const next = list[k];
      isWhole = next !== undefined && next.start === last + 1;
      if (isWhole && next !== undefined) last = next.end;
    }
    if (isWhole) found.push({ start, end: last, gaps: 0 });
  }
  return found;
}

/**
 * The shortest runs in which all stand in their order. As in the reference engine, the search for one that is shorter than the last ends
 * where something in its middle would lie behind that one's end, and the next search begins with what follows there second.
 */
export function inOrder(lists: readonly Intervals[]): Interval[] {
  const found: Interval[] = [];
  if (lists.some(({ length }) => length === 0)) return found;
  const [first = []] = lists;
  const at = lists.map(() => 0);
  const current = (list: number): Interval => lists[list]?.[at[list] as number] as Interval;
  let best: Interval | undefined;
  let bound = Number.POSITIVE_INFINITY;
  let i = 1;
  /** The best of those that end where it ends is known. */
  const settle = (): void => {
    if (best === undefined) return;
    found.push(best);
    best = undefined;
    bound = Number.POSITIVE_INFINITY;
    i = 1;
    at[1] = (at[1] as number) + 1;
  };
  for (;;) {
    if (i < lists.length) {
      const list = lists[i] as Intervals;
      const { end } = current(i - 1);
      let k = at[i] as number;
      while (k < list.length && (list[k] as Interval).start <= end) k++;
      at[i] = k;
      const reached = list[k];
      if (reached === undefined) break;
      if (reached.end >= bound && i < lists.length - 1) settle();
      else i++;
      continue;
    }
    best = made(lists, at);
    bound = current(lists.length - 1).start;
    i = 1;
    const next = (at[0] as number) + 1;
    at[0] = next;
    if (next >= first.length) break;
    if ((first[next] as Interval).end >= bound) settle();
  }
  if (best !== undefined) found.push(best);
  return found;
}

/** From the first interval of a row to the last. */
function made(lists: readonly Intervals[], at: readonly number[]): Interval {
  const row = lists.map((list, i) => list[at[i] as number] as Interval);
  const { start } = row[0] as Interval;
  const { end } = row[row.length - 1] as Interval;
  return { start, end, gaps: row.reduce((gaps, one) => gaps - widthOf(one), end - start + 1) };
}

/** The shortest runs in which all stand, in whatever order. */
export function inAnyOrder(lists: readonly Intervals[]): Interval[] {
  if (lists.some(({ length }) => length === 0)) return [];
  const at = lists.map(() => 0);
  const current = (i: number): Interval => lists[i]?.[at[i] as number] as Interval;
  let furthest = 0;
  for (let i = 0; i < lists.length; i++) furthest = Math.max(furthest, current(i).end);
  const foremost = (): number => {
    let best = 0;
    for (let i = 1; i < lists.length; i++) {
      const [own, other] = [current(i), current(best)];
      if (own.start < other.start || (own.start === other.start && own.end > other.end)) best = i;
    }
    return best;
  };
  /** False at the end of one list. */
  const advance = (i: number): boolean => {
    at[i] = (at[i] as number) + 1;
    const next = lists[i]?.[at[i] as number];
    if (next === undefined) return false;
    furthest = Math.max(furthest, next.end);
    return true;
  };
  const found: Interval[] = [];
  for (;;) {
    let made: Interval | undefined;
    let goesOn = true;
    while (goesOn) {
      const first = foremost();
      const { start, end } = current(first);
      const last = furthest;
      let width = 0;
      for (let i = 0; i < lists.length; i++) width += widthOf(current(i));
      made = { start, end: last, gaps: last - start + 1 - width };
      if (end === last) break;
      goesOn = advance(first);
      if (!goesOn) {
        found.push(made);
        return found;
      }
      if (furthest !== last) break;
    }
    if (made === undefined) return found;
    found.push(made);
    for (let first = foremost(); current(first).start === made.start; first = foremost())
      if (!advance(first)) return found;
  }
}

/** Intervals of any list, without those that hold another one. */
export function anyOf(lists: readonly Intervals[]): Intervals {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  const all = lists.flat().sort((a, b) => a.end - b.end || b.start - a.start);
  const found: Interval[] = [];
  for (const one of all) if (found.length === 0 || one.start > (found.at(-1) as Interval).start) found.push(one);
  return found;
}

/** Runs of so many neighbours of one list. */
export function repeated(list: Intervals, count: number): Interval[] {
  const found: Interval[] = [];
  for (let i = 0; i + count <= list.length; i++) {
    const [start, end] = [(list[i] as Interval).start, (list[i + count - 1] as Interval).end];
    let width = 0;
    for (let k = i; k < i + count; k++) width += widthOf(list[k] as Interval);
    found.push({ start, end, gaps: end - start + 1 - width, width });
  }
  return found;
}

const holds = (outer: Interval, inner: Interval): boolean => outer.start <= inner.start && outer.end >= inner.end;
const meets = (a: Interval, b: Interval): boolean => a.start <= b.end && b.start <= a.end;

/** What an interval may be to those of a filter, by the names of the public API. */
export const relations: ReadonlyMap<string, (one: Interval, others: Intervals) => boolean> = new Map([
  ["containing", (one: Interval, others: Intervals) => others.some((other) => holds(one, other))],
  ["contained_by", (one: Interval, others: Intervals) => others.some((other) => holds(other, one))],
  // So the reference engine reads it: what begins or ends another interval is left out too, though it holds only a part of it.
  [
    "not_containing",
    (one: Interval, others: Intervals) =>
      !others.some((other) => other.start <= one.end && (other.start >= one.start || other.end >= one.end)),
  ],
  ["not_contained_by", (one: Interval, others: Intervals) => !others.some((other) => holds(other, one))],
  ["overlapping", (one: Interval, others: Intervals) => others.some((other) => meets(one, other))],
  ["not_overlapping", (one: Interval, others: Intervals) => !others.some((other) => meets(one, other))],
  // What stands first in a text counts as before itself there, too.
  ["before", (one: Interval, others: Intervals) => others.some((other) => one.end <= Math.max(0, other.start - 1))],
  ["after", (one: Interval, others: Intervals) => others.some((other) => one.start > other.end)],
]);
