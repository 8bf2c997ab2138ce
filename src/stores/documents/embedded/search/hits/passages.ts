import { sentenceStarts } from "./sentences.ts";

/** A word of a text that a query looked for. Offsets in UTF-16 units. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  /** What found it: the word itself, and each pattern that it fits. Marks of one key are occurrences of one thing. */
  readonly keys: readonly string[];
}

/** A part of a text, with the marks in it. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly Mark[];
  readonly score: number;
}

/** Where a text may be cut: the part around a place. */
export interface PassageCutter {
  /** The part that holds a place; places come in ascending order. */
  around(at: number): { readonly start: number; readonly end: number };
}

/** Words with what joins their parts, runs of white space, and single characters. */
const wordPattern = /[\p{L}\p{M}\p{N}]+(?:[\p{Pd}'.\u00ad\u2027][\p{L}\p{M}\p{N}]+)*|\s+|./gsu;

/** The whole text. */
export const wholeText = (text: string): PassageCutter => ({ around: () => ({ start: 0, end: text.length }) });

/** Single words. */
export function byWords(text: string): PassageCutter {
  const bounds = boundsOf(wordPattern, text);
  return { around: (at) => ({ start: boundaryUpTo(bounds, at), end: boundaryAfter(bounds, at) }) };
}

/**
 * Sentences, as many as `size` characters hold; one that is longer is cut between words, around what was found. A `size` of 0 takes single
 * sentences whatever their length.
 */
export function bySentences(text: string, size: number): PassageCutter {
  const bounds = [...sentenceStarts(text), text.length];
  let words: readonly number[] | undefined;
  let windowStart = -1;
  let windowEnd = -1;
  let end = 0;
  return {
    around(at) {
      let start: number;
      if (at >= windowStart && at < windowEnd) {
        start = end;
        end = windowEnd;
      } else {
        start = boundaryUpTo(bounds, at);
        end = boundaryAfter(bounds, at);
        for (const bound of bounds) if (size > 0 && bound > end && bound - start <= size) end = bound;
        windowStart = start;
        windowEnd = end;
      }
      if (size > 0 && end - start > size) {
        words ??= boundsOf(wordPattern, text);
        // One character behind the beginning of what was found, as the reference engine counts.
        const place = at + 1;
        if (place - size > start) start = Math.max(start, boundaryUpTo(words, place - size - 1));
        const rest = Math.max(0, size - (place - start));
        if (place + rest < windowEnd) end = Math.min(windowEnd, boundaryAfter(words, place + rest));
      }
      return { start, end };
    },
  };
}

function boundsOf(pattern: RegExp, text: string): readonly number[] {
  return [...Array.from(text.matchAll(pattern), ({ index }) => index), text.length];
}

/** The last boundary that is not behind a place. */
function boundaryUpTo(bounds: readonly number[], at: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((bounds[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return bounds[low] ?? 0;
}

function boundaryAfter(bounds: readonly number[], at: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return bounds[low] ?? 0;
}

const k1 = 1.2;
const b = 0.75;
/** The length of a passage that counts as neither long nor short. */
const pivot = 87;

/**
 * The best passages with marks, `most` of them, in the order of the text. What is rare in the text, often in the passage and early counts most.
 * `marks` are in order and do not overlap; `offset` is where the text stands in all that its field holds, which is `length` long.
 */
export function passagesOf(
  marks: readonly Mark[],
  cutter: PassageCutter,
  counts: ReadonlyMap<string, number>,
  offset: number,
  length: number,
): Passage[] {
  const passages: Passage[] = [];
  let from = 0;
  while (from < marks.length) {
    const { start, end } = cutter.around((marks[from] as Mark).start);
    let to = from + 1;
    while (to < marks.length && (marks[to] as Mark).start < end) to++;
    const own = marks.slice(from, to);
    passages.push({ start, end, marks: own, score: scoreOf(own, start + offset, end - start, counts, length) });
    from = to;
  }
  return passages;
}

function scoreOf(
  marks: readonly Mark[],
  start: number,
  length: number,
  counts: ReadonlyMap<string, number>,
  contentLength: number,
): number {
  const frequencies = new Map<string, number>();
  for (const { keys } of marks) for (const key of keys) frequencies.set(key, (frequencies.get(key) ?? 0) + 1);
  const all = 1 + contentLength / pivot;
  let score = 0;
  for (const [key, frequency] of frequencies) {
    const rarity = (k1 + 1) * Math.log(1 + (all + 0.5) / ((counts.get(key) ?? 1) + 0.5));
    const norm = k1 * (1 - b + b * (length / pivot));
    score += (frequency / (frequency + norm)) * rarity;
  }
  return score * (1 + 1 / Math.log(pivot + start));
}
