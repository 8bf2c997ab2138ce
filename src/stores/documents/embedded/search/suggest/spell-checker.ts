import { CloseTerms } from "../query/fuzzy/close-terms.ts";
import type { SpellOptions } from "./spell-options.ts";
import type { TermSource } from "./term-source.ts";

/** A word of the index that may have been meant. */
export interface Correction {
  readonly word: string;
  /** Likeness to the word that was written, 0 to 1. */
  readonly score: number;
  /** Documents that have it. */
  readonly docFreq: number;
}

interface Candidate extends Correction {
  /** Likeness by edits, which decides what is looked at. */
  readonly nearness: number;
}

/**
 * Words of a field that are like another one, best first. `minDocFreq` stands for that of the options, which a phrase sets by word.
 * Yields while it looks through the field's terms.
 */
export function* correct(
  source: TermSource,
  word: string,
  size: number,
  options: SpellOptions,
  minDocFreq = options.minDocFreq,
): Generator<void, Correction[]> {
  if ([...word].length < options.minWordLength) return [];
  const docFreq = source.docFreq(word);
  if (options.mode === "missing" && docFreq > 0) return [];
  const { maxTermFreq } = options;
  const most = maxTermFreq >= 1 ? maxTermFreq : Math.ceil(Math.fround(Math.fround(maxTermFreq) * source.maxDoc));
  if (docFreq > most) return [];
  let lowest = options.mode === "popular" ? docFreq : 0;
  if (minDocFreq >= 1) lowest = Math.max(lowest, Math.trunc(minDocFreq));
  else if (minDocFreq > 0)
    lowest = Math.max(lowest, Math.trunc(Math.fround(Math.fround(minDocFreq) * source.maxDoc)) - 1);
  const inspections = size * options.maxInspections;
  let found = yield* candidates(source, word, 1, inspections, lowest, options);
  if (options.maxEdits > 1 && found.length < inspections) {
    const further = yield* candidates(source, word, options.maxEdits, inspections, lowest, options);
    const known = new Set(found.map((one) => one.word));
    found = [...found, ...further.filter((one) => !known.has(one.word))];
  }
  return found.sort((a, b) => compareCorrections(a, b, options.sort)).slice(0, size);
}

/** Best first; of equals the lower word. */
export function compareCorrections(a: Correction, b: Correction, sort: SpellOptions["sort"]): number {
  const byScore = b.score - a.score;
  const byFrequency = b.docFreq - a.docFreq;
  const first = sort === "score" ? byScore || byFrequency : byFrequency || byScore;
  return first || compareCodePoints(a.word, b.word);
}

export function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The nearest terms within so many edits, at most `limit` of them. */
function* candidates(
  source: TermSource,
  word: string,
  edits: number,
  limit: number,
  lowest: number,
  options: SpellOptions,
): Generator<void, Candidate[]> {
  if (limit === 0) return [];
  const letters = [...word];
  const prefix = letters.slice(0, Math.max(options.prefixLength, edits - 1)).join("");
  const close = new CloseTerms(letters, edits, true);
  const apart = new Map<string, number>();
  for (const { dictionary } of source.stores)
    yield* close.of(dictionary, prefix, source.budget, (ord, distance) => {
      if (distance > 0) apart.set(dictionary.term(ord), distance);
    });
  const found: Candidate[] = [];
  for (const [term, distance] of apart) {
    yield* source.budget.pause();
    const nearness = Math.fround(1 - Math.fround(distance / Math.min(letters.length, [...term].length)));
    const docFreq = source.docFreq(term);
    if (docFreq <= lowest) continue;
    const score = options.distance === undefined ? nearness : options.distance(word, term);
    if (score < options.accuracy) continue;
    found.push({ word: term, score, docFreq, nearness });
  }
  found.sort((a, b) => b.nearness - a.nearness || compareCodePoints(a.word, b.word));
  return found.slice(0, limit);
}
