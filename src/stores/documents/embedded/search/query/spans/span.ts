import { Heap } from "../../heap.ts";
import { tooManyPlaces } from "../matchers/effort.ts";

/** A run of positions in a document, up to `end` and without it; `width` is what its parts are apart, which lowers its weight. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly width: number;
  /** The spans that it was made of; none for a single word. */
  readonly parts: readonly Span[];
}

/** Spans of one document by start and end, which may overlap, and lie in each other. */
export type Spans = readonly Span[];

export const none: Spans = [];

/** As many spans as may be looked at in one document at once, or may be the parts of those that are found; a hundred megabytes. */
export const mostSpans = 2_000_000;

/** A part of an ordered row: spans, or so many positions at which anything may stand. */
export type RowPart = Spans | number;

/**
 * Rows that begin with a span of the first part and go on with the next that follows in each other part. What they pass over on the way may
 * be `slop` positions at most; these are the width.
 */
export function rows(first: Spans, others: readonly RowPart[], slop: number): Spans {
  const at = others.map(() => 0);
  const found: Span[] = [];
  for (const one of first) {
    let { end } = one;
    let width = 0;
    const parts = [one];
    for (const [i, part] of others.entries()) {
      if (typeof part === "number") {
        end += part;
        continue;
      }
      let k = at[i] as number;
      while (k < part.length && (part[k] as Span).start < end) k++;
      at[i] = k;
      const next = part[k];
      if (next === undefined) return found;
      width += next.start - end;
      end = next.end;
      parts.push(next);
    }
    if (found.length * parts.length > mostSpans) throw tooManyPlaces();
    if (width <= slop) found.push({ start: one.start, end, width, parts });
  }
  return found;
}

/**
 * Runs that hold a span of each list, in whatever order, with `slop` other positions at most. The spans may share positions. The walk is that
 * of the reference engine: the hindmost span moves on, and the end that was reached stays reached. Of spans that are the same, the heap says
 * which moves.
 */
export function runs(lists: readonly Spans[], slop: number): Spans {
  const at = lists.map(() => 0);
  const current = (i: number): Span => lists[i]?.[at[i] as number] as Span;
  const heap = new Heap<number>((a, b) => compareSpans(current(a), current(b)) < 0);
  let furthest = 0;
  let length = 0;
  for (const [i, list] of lists.entries()) {
    if (list.length === 0) return none;
    furthest = Math.max(furthest, current(i).end);
    length += lengthOf(current(i));
    heap.add(i);
  }
  const found: Span[] = [];
  for (let top = heap.top; top !== undefined; top = heap.top) {
    const { start } = current(top);
    if (furthest - start - length <= slop) {
      if (found.length * lists.length > mostSpans) throw tooManyPlaces();
      found.push({ start, end: furthest, width: furthest - start, parts: lists.map((_, i) => current(i)) });
    }
    length -= lengthOf(current(top));
    at[top] = (at[top] as number) + 1;
    if ((at[top] as number) >= (lists[top] as Spans).length) return found;
    furthest = Math.max(furthest, current(top).end);
    length += lengthOf(current(top));
    heap.sinkTop();
  }
  return found;
}

const lengthOf = ({ start, end }: Span): number => end - start;
const compareSpans = (a: Span, b: Span): number => a.start - b.start || a.end - b.end;

/** The spans of all lists; what two of them have is there twice. */
export function either(lists: readonly Spans[]): Spans {
  const filled = lists.filter(({ length }) => length > 0);
  return filled.length > 1 ? filled.flat().sort(compareSpans) : (filled[0] ?? none);
}

/** Spans that no excluded one reaches into, nor comes nearer to than `before` positions in front and `behind` after. */
export function outside(included: Spans, excluded: Spans, before: number, behind: number): Spans {
  let at = 0;
  return included.filter(({ start, end }) => {
    while (at < excluded.length && (excluded[at] as Span).end <= start - before) at++;
    const next = excluded[at];
    return next === undefined || next.start - behind >= end;
  });
}

/** Spans that end at a position at the latest. */
export const upTo = (spans: Spans, last: number): Spans => spans.filter(({ end }) => end <= last);

/** The big spans that hold a little one. */
export function holding(big: Spans, little: Spans): Spans {
  let at = 0;
  const found: Span[] = [];
  for (const one of big) {
    while (at < little.length && (little[at] as Span).start < one.start) at++;
    const inner = little[at];
    if (inner === undefined) return found;
    if (one.end >= inner.end) found.push({ ...one, parts: [one, inner] });
  }
  return found;
}

/** The little spans that lie in a big one. */
export function heldBy(big: Spans, little: Spans): Spans {
  let at = 0;
  const found: Span[] = [];
  for (const one of little) {
    while (at < big.length && (big[at] as Span).end < one.end) at++;
    const outer = big[at];
    if (outer === undefined) return found;
    if (outer.start <= one.start) found.push({ ...one, parts: [outer, one] });
  }
  return found;
}
