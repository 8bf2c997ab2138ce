import type { JSONObject } from "../../../../../kernel/index.ts";
import { malformed, onlyKnown } from "../query/parameters.ts";
import { within } from "./spell-options.ts";
import { optionsObject } from "./suggest-text.ts";
import type { TermSource } from "./term-source.ts";

/** A word of a phrase: the one that was written, or one that may have been meant. */
export interface PhraseWord {
  readonly word: string;
  /** How often the field has it. */
  readonly frequency: number;
  /** Likeness to what was written; 1 for that itself. */
  readonly likeness: number;
  readonly isOriginal: boolean;
}

/** How probable a word is after the words before it. */
export interface LanguageModel {
  one(word: PhraseWord): number;
  two(word: PhraseWord, before: PhraseWord): number;
  three(word: PhraseWord, before: PhraseWord, first: PhraseWord): number;
}

/** Counts of words and of neighbours, which a field with shingles has as terms. */
interface Counts {
  readonly source: TermSource;
  readonly separator: string;
  readonly words: number;
  /**
   * What stands for words that were never seen: the number of documents, which the reference takes over several segments. In a single one
   * it takes that of the different words instead, so that its scores change with a merge.
   */
  readonly unseen: number;
}

/** Nearly nothing, so that no count is divided by zero. */
const tiny = 1e-11;

/** `stupid_backoff` unless another one is asked for; `linear_interpolation` and `laplace` are the others. */
export function readModel(smoothing: unknown, place: string): (counts: Counts) => LanguageModel {
  if (smoothing === undefined || smoothing === null) return (counts) => backoff(counts, 0.4);
  const object = optionsObject(smoothing, `${place}.smoothing`);
  const [name, ...others] = Object.keys(object);
  if (name === undefined || others.length > 0) throw malformed(`[${place}.smoothing] takes one model.`);
  const options = optionsObject(object[name], `${place}.smoothing.${name}`);
  const at = `${place}.smoothing.${name}`;
  if (name === "stupid_backoff") {
    onlyKnown(options, ["discount"], at);
    const discount = within(options.discount, 0.4, 0, Number.MAX_VALUE, `${at}.discount`);
    return (counts) => backoff(counts, discount);
  }
  if (name === "laplace") {
    onlyKnown(options, ["alpha"], at);
    const alpha = within(options.alpha, 0.5, 0, Number.MAX_VALUE, `${at}.alpha`);
    return (counts) => laplace(counts, alpha);
  }
  if (name === "linear_interpolation" || name === "linear") return readLinear(options, at);
  throw malformed(
    `[${place}.smoothing] "${name}" is no model: "stupid_backoff", "laplace" and "linear_interpolation" are.`,
  );
}

function readLinear(options: JSONObject, place: string): (counts: Counts) => LanguageModel {
  onlyKnown(options, ["trigram_lambda", "bigram_lambda", "unigram_lambda"], place);
  const [three, two, one] = ["trigram_lambda", "bigram_lambda", "unigram_lambda"].map((name) =>
    within(options[name], 0, 0, 1, `${place}.${name}`),
  ) as [number, number, number]; // as many as names
  if (Math.abs(three + two + one - 1) > 0.001) throw malformed(`[${place}] the three lambdas must add up to 1.`);
  return (counts) => linear(counts, three, two, one);
}

const phraseOf = ({ separator }: Counts, ...words: readonly PhraseWord[]): string =>
  words.map(({ word }) => word).join(separator);

const unigram = ({ source, words, unseen }: Counts, { word }: PhraseWord): number =>
  (1 + source.frequency(word)) / (words + unseen);

function backoff(counts: Counts, discount: number): LanguageModel {
  const { source } = counts;
  return {
    one: (word) => unigram(counts, word),
    two(word, before) {
      const count = source.frequency(phraseOf(counts, before, word));
      return count < 1 ? discount * unigram(counts, word) : count / (before.frequency + tiny);
    },
    three(word, before, first) {
      const pairs = source.frequency(phraseOf(counts, before, word));
      if (pairs < 1) return discount * unigram(counts, word);
      const triples = source.frequency(phraseOf(counts, first, before, word));
      if (triples < 1) return discount * (pairs / (before.frequency + tiny));
      return triples / (pairs + tiny);
    },
  };
}

function laplace(counts: Counts, alpha: number): LanguageModel {
  const { source, unseen, words } = counts;
  return {
    one: ({ word }) => (alpha + source.frequency(word)) / (words + alpha * unseen),
    two: (word, before) =>
      (alpha + source.frequency(phraseOf(counts, before, word))) / (before.frequency + alpha * unseen),
    three(word, before, first) {
      const triples = source.frequency(phraseOf(counts, first, before, word));
      return (alpha + triples) / (alpha * unseen + source.frequency(phraseOf(counts, before, word)));
    },
  };
}

function linear(counts: Counts, threeWeight: number, twoWeight: number, oneWeight: number): LanguageModel {
  const { source } = counts;
  const two = (word: PhraseWord, before: PhraseWord): number => {
    const count = source.frequency(phraseOf(counts, before, word));
    const alone = oneWeight * unigram(counts, word);
    return count < 1 ? alone : twoWeight * (count / (0.5 + before.frequency)) + alone;
  };
  return {
    one: (word) => unigram(counts, word),
    two,
    three(word, before, first) {
      const triples = source.frequency(phraseOf(counts, first, before, word));
      if (triples < 1) return two(word, before);
      return threeWeight * (triples / (1 + source.frequency(phraseOf(counts, before, word)))) + two(word, before);
    },
  };
}

/** How probable the words of a path are up to a place, as the logarithm of base 10. */
export function scoreAt(
  path: readonly PhraseWord[],
  at: number,
  gramSize: number,
  model: LanguageModel,
  realWordLikelihood: number,
): number {
  const word = path[at] as PhraseWord;
  const before = path[at - 1];
  const first = path[at - 2];
  const channel = word.likeness === 1 ? realWordLikelihood : word.likeness;
  let probability: number;
  if (before === undefined || gramSize === 1) probability = model.one(word);
  else if (first === undefined || gramSize === 2) probability = model.two(word, before);
  else probability = model.three(word, before, first);
  return Math.log10(channel * probability);
}
