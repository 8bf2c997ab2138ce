import type { WindowTerm } from "../matchers/window-term.ts";
import {
  anyOf,
  consecutive,
  type Interval,
  type Intervals,
  inAnyOrder,
  inOrder,
  repeated,
} from "./interval-algebra.ts";

/** Where something stands in the documents of the present window. */
export interface IntervalSource {
  /** The same for sources that find the same. */
  readonly key: string;
  /** The fewest positions that an interval of it takes. */
  readonly minExtent: number;
  /** Its parts, where any of them will do. */
  readonly choices?: readonly IntervalSource[];
  /** Its parts, where all are wanted: in order or not. A like source takes them for its own. */
  readonly whole?: { readonly name: string; readonly parts: readonly IntervalSource[] };
  /** The same for each way to choose among the choices somewhere within; left out where there are none. */
  readonly ways?: () => readonly IntervalSource[];
  intervals(at: number): Intervals;
}

/** Terms, any of which may stand at a position. */
export function termSource(key: string, terms: readonly WindowTerm[]): IntervalSource {
  return {
    key,
    minExtent: 1,
    intervals(at) {
      const positions: number[] = [];
      for (const term of terms) term.positions(at, positions);
      if (terms.length > 1) positions.sort((a, b) => a - b);
      const found: Interval[] = [];
      for (const position of positions)
        if (found.at(-1)?.start !== position) found.push({ start: position, end: position, gaps: 0 });
      return found;
    },
  };
}

export const nothingSource: IntervalSource = { key: "nothing", minExtent: 0, intervals: () => [] };

export function anySource(among: readonly IntervalSource[]): IntervalSource {
  const choices = [...new Map(among.flatMap((one) => one.choices ?? [one]).map((one) => [one.key, one])).values()];
  const [only] = choices;
  if (only !== undefined && choices.length === 1) return only;
  return {
    key: `any(${choices.map(({ key }) => key).join()})`,
    minExtent: choices.reduce((least, { minExtent }) => Math.min(least, minExtent), Number.MAX_SAFE_INTEGER),
    choices,
    intervals: (at) => anyOf(choices.map((one) => one.intervals(at))),
  };
}

type Combine = (lists: readonly Intervals[]) => Intervals;

function combined(name: string, parts: readonly IntervalSource[], combine: Combine): IntervalSource {
  return {
    key: `${name}(${parts.map(({ key }) => key).join()})`,
    minExtent: parts.reduce((sum, { minExtent }) => sum + minExtent, 0),
    whole: { name, parts },
    ways: () => waysOf(parts).map((way) => combined(name, way, combine)),
    intervals: (at) => combine(parts.map((one) => one.intervals(at))),
  };
}

/** Parts of parts that are combined in the same way count as parts: the gaps between them count too. */
const flat = (name: string, parts: readonly IntervalSource[]): readonly IntervalSource[] =>
  parts.flatMap((part) => (part.whole?.name === name ? part.whole.parts : [part]));

/** What is asked for twice in a row must be there twice. */
function ordered(parts: readonly IntervalSource[]): IntervalSource {
  const rows: { readonly source: IntervalSource; count: number }[] = [];
  for (const source of flat("ordered", parts)) {
    const last = rows.at(-1);
    if (last?.source.key === source.key) last.count++;
    else rows.push({ source, count: 1 });
  }
  return allOf("ordered", rows, inOrder);
}

/** Ways to choose one of each part's choices; more are not told apart. */
const maxWays = 256;

/**
 * One source for each way to choose, so that what is asked of a whole is asked of each. Choices that take one position each are all the
 * same to that, and stay together.
 */
function waysOf(parts: readonly IntervalSource[]): (readonly IntervalSource[])[] {
  let ways: (readonly IntervalSource[])[] = [[]];
  for (const part of parts) {
    const own = choicesOf(part);
    if (ways.length * own.length > maxWays) return [parts];
    ways = ways.flatMap((way) => own.map((one) => [...way, one]));
  }
  return ways;
}

function choicesOf(part: IntervalSource): readonly IntervalSource[] {
  const pulled = pulledUp(part);
  if (pulled.length === 1) return pulled;
  const single = pulled.filter(({ minExtent }) => minExtent === 1);
  const others = pulled.filter(({ minExtent }) => minExtent !== 1);
  return single.length === 0 ? others : [anySource(single), ...others];
}

const pulledUp = (part: IntervalSource): readonly IntervalSource[] => part.choices ?? part.ways?.() ?? [part];

/** All parts: in order or not, with at most so many gaps between them; -1 is any number. */
export function allSource(parts: readonly IntervalSource[], maxGaps: number, isOrdered: boolean): IntervalSource {
  const [only] = parts;
  if (only === undefined) return nothingSource;
  if (parts.length === 1) return only;
  if (maxGaps === 0 && isOrdered)
    return anySource(waysOf(flat("block", parts)).map((way) => combined("block", way, consecutive)));
  if (maxGaps < 0) return isOrdered ? ordered(parts) : unordered(parts);
  return anySource(
    choicesOf(isOrdered ? ordered(parts) : unordered(parts)).map((way) =>
      filtered(`gaps${maxGaps}`, way, (list) => list.filter(({ gaps }) => gaps <= maxGaps)),
    ),
  );
}

/** What is asked for twice must be there twice. */
function unordered(parts: readonly IntervalSource[]): IntervalSource {
  const counts = new Map<string, { readonly source: IntervalSource; count: number }>();
  for (const source of flat("unordered", parts)) {
    const known = counts.get(source.key);
    if (known === undefined) counts.set(source.key, { source, count: 1 });
    else known.count++;
  }
  return allOf("unordered", [...counts.values()], inAnyOrder);
}

function allOf(
  name: string,
  counted: readonly { readonly source: IntervalSource; readonly count: number }[],
  combine: Combine,
): IntervalSource {
  const parts = counted.map(({ source, count }) => (count === 1 ? source : repeatedSource(source, count)));
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : combined(name, parts, combine);
}

function repeatedSource(source: IntervalSource, count: number): IntervalSource {
  return {
    key: `${count}*${source.key}`,
    minExtent: source.minExtent,
    ways: () => choicesOf(source).map((one) => repeatedSource(one, count)),
    intervals: (at) => repeated(source.intervals(at), count),
  };
}

function filtered(name: string, source: IntervalSource, keep: (list: Intervals) => Intervals): IntervalSource {
  const { key, minExtent } = source;
  return { key: `${name}(${key})`, minExtent, intervals: (at) => keep(source.intervals(at)) };
}

/** Intervals of a source that stand in a relation to those of another one. */
export function relatedSource(
  name: string,
  source: IntervalSource,
  other: IntervalSource,
  relation: (one: Interval, others: Intervals) => boolean,
): IntervalSource {
  return anySource(
    choicesOf(source).map((one) => ({
      key: `${name}(${one.key},${other.key})`,
      minExtent: one.minExtent,
      intervals(at: number): Intervals {
        const found = one.intervals(at);
        if (found.length === 0) return found;
        const others = other.intervals(at);
        return found.filter((interval) => relation(interval, others));
      },
    })),
  );
}

/** Intervals that reach back over words that the analyzer left out. */
export function extendedSource(source: IntervalSource, before: number): IntervalSource {
  const { key, minExtent } = source;
  return {
    key: `${before}+${key}`,
    minExtent: minExtent + before,
    intervals: (at) =>
      source.intervals(at).map(({ start, end, gaps }) => ({ start: Math.max(0, start - before), end, gaps })),
  };
}
