import type { Budget } from "../budget.ts";
import { compareCodePoints } from "./spell-checker.ts";
import { type LanguageModel, type PhraseWord, scoreAt } from "./word-scorer.ts";

/** One place of a phrase: what was written there, and what may have been meant. */
export interface PhrasePlace {
  readonly original: PhraseWord;
  readonly candidates: readonly PhraseWord[];
}

/** A phrase that may have been meant, and how probable it is. */
export interface PhraseCorrection {
  readonly words: readonly PhraseWord[];
  readonly score: number;
}

export interface PhraseScoring {
  readonly model: LanguageModel;
  readonly gramSize: number;
  readonly realWordLikelihood: number;
}

/** Ways to put a phrase together that are looked at; the reference engine has no bound, but asks for few candidates too. */
const maxPaths = 2_000_000;

export function scorePhrase(words: readonly PhraseWord[], scoring: PhraseScoring): number {
  let sum = 0;
  for (let at = 0; at < words.length; at++) sum += logScore(words, at, scoring);
  return Math.exp(sum);
}

const logScore = (path: readonly PhraseWord[], at: number, scoring: PhraseScoring): number =>
  scoreAt(path, at, scoring.gramSize, scoring.model, scoring.realWordLikelihood);

/** The best ways to correct at most so many words, better than `cutoff`. */
export function* correctPhrase(
  places: readonly PhrasePlace[],
  maxErrors: number,
  size: number,
  cutoff: number,
  scoring: PhraseScoring,
  budget: Budget,
): Generator<void, PhraseCorrection[]> {
  const best: PhraseCorrection[] = [];
  const path: PhraseWord[] = [];
  let work = 0;
  const offer = (logarithm: number): void => {
    const score = Math.exp(logarithm);
    if (!(score > cutoff)) return;
    const last = best[best.length - 1];
    const made = { words: [...path], score };
    if (best.length >= size && last !== undefined && compareBest(made, last) >= 0) return;
    let at = best.length;
    while (at > 0 && compareBest(made, best[at - 1] as PhraseCorrection) < 0) at--;
    best.splice(at, 0, made);
    if (best.length > size) best.pop();
  };
  const walk = function* (at: number, errorsLeft: number, before: number): Generator<void, void> {
    if ((++work & 255) === 0) yield* budget.pause();
    if (work > maxPaths) return;
    const place = places[at] as PhrasePlace;
    const isLast = at === places.length - 1;
    path[at] = place.original;
    const own = before + logScore(path, at, scoring);
    if (isLast) offer(own);
    else yield* walk(at + 1, errorsLeft, own);
    if (errorsLeft === 0) return;
    for (const candidate of place.candidates) {
      path[at] = candidate;
      path.length = at + 1;
      const score = before + logScore(path, at, scoring);
      if (isLast) offer(score);
      else yield* walk(at + 1, errorsLeft - 1, score);
    }
  };
  yield* walk(0, maxErrors, 0);
  return best;
}

/** Best first; of equals the lower words. */
function compareBest(a: PhraseCorrection, b: PhraseCorrection): number {
  if (a.score !== b.score) return b.score - a.score;
  for (const [i, { word }] of a.words.entries()) {
    const order = compareCodePoints(word, b.words[i]?.word ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** The words as one text; with tags, corrected neighbours stand between one pair of them. */
export function joinWords(words: readonly PhraseWord[], separator: string, preTag = "", postTag = ""): string {
  const texts = words.map(({ word, isOriginal }, i) => {
    if (isOriginal) return word;
    const begins = words[i - 1]?.isOriginal !== false;
    const ends = words[i + 1]?.isOriginal !== false;
    return `${begins ? preTag : ""}${word}${ends ? postTag : ""}`;
  });
  return texts.join(separator);
}
