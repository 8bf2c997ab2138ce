import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { Analyzer } from "../../../mapping/analysis/analysis.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { flagOf, malformed, numberOf, onlyKnown, textOf } from "../query/parameters.ts";
import {
  correctPhrase,
  joinWords,
  type PhraseCorrection,
  type PhrasePlace,
  scorePhrase,
} from "./phrase-corrections.ts";
import { compareCodePoints, correct } from "./spell-checker.ts";
import { count, readSpellOptions, type SpellOptions, spellMembers, within } from "./spell-options.ts";
import {
  analyzerOf,
  cutPhrase,
  cutText,
  fieldOf,
  optionsObject,
  placeOf,
  type SuggestRequest,
} from "./suggest-text.ts";
import { TermSource } from "./term-source.ts";
import { type LanguageModel, type PhraseWord, readModel } from "./word-scorer.ts";

const members = [
  "field",
  "gram_size",
  "real_word_error_likelihood",
  "confidence",
  "max_errors",
  "separator",
  "size",
  "shard_size",
  "analyzer",
  "highlight",
  "direct_generator",
  "smoothing",
  "force_unigrams",
  "token_limit",
];

/** Where corrections of single words come from. */
interface WordGenerator {
  readonly source: TermSource;
  readonly size: number;
  readonly spelling: SpellOptions;
  readonly preFilter: Analyzer | undefined;
  readonly postFilter: Analyzer | undefined;
}

interface PhraseOptions {
  readonly text: string;
  readonly size: number;
  readonly shardSize: number;
  /** Undefined: as many words as the field joins. */
  readonly gramSize: number | undefined;
  /** The neighbours that the analyzer joins are no words of the phrase. */
  readonly isCutInWords: boolean;
  readonly realWordLikelihood: number;
  readonly confidence: number;
  readonly maxErrors: number;
  readonly separator: string;
  readonly tokenLimit: number;
  readonly tags: { readonly pre: string; readonly post: string } | undefined;
  readonly modelFor: ReturnType<typeof readModel>;
}

/** Whole phrases that are more probable than the one that was written. */
export function* phraseSuggester(
  request: SuggestRequest,
  collections: readonly (readonly SearchPart[])[],
): Generator<void, JSONObject[]> {
  const place = placeOf(request, "phrase");
  const options = readOptions(request, place);
  const found = new Map<string, JSONObject & { readonly score: number }>();
  for (const parts of collections) {
    for (const { words, score } of yield* correctIn(parts, request.options, options, place)) {
      const text = joinWords(words, " ");
      const { tags } = options;
      const highlighted = tags === undefined ? {} : { highlighted: joinWords(words, " ", tags.pre, tags.post) };
      const before = found.get(text);
      if (before === undefined || before.score < score) found.set(text, { text, ...highlighted, score });
    }
  }
  const best = [...found.values()].sort(
    (a, b) => b.score - a.score || compareCodePoints(String(a.text), String(b.text)),
  );
  return [{ text: options.text, offset: 0, length: options.text.length, options: best.slice(0, options.size) }];
}

function readOptions({ options, text }: SuggestRequest, place: string): PhraseOptions {
  if (options.collate !== undefined)
    throw malformed(`[${place}.collate] runs a script, and scripts are not supported.`);
  onlyKnown(options, members, place);
  if (text === undefined) throw malformed(`[${place}] needs a "text".`);
  const size = count(options.size, 5, 1, `${place}.size`);
  const { highlight } = options;
  return {
    text,
    size,
    shardSize:
      options.shard_size === undefined ? Math.max(size, 5) : count(options.shard_size, 5, 1, `${place}.shard_size`),
    gramSize: options.gram_size === undefined ? undefined : count(options.gram_size, 1, 1, `${place}.gram_size`),
    isCutInWords: flagOf(options.force_unigrams, true, `${place}.force_unigrams`),
    realWordLikelihood: within(options.real_word_error_likelihood, 0.95, 0, 1, `${place}.real_word_error_likelihood`),
    confidence: Math.fround(within(options.confidence, 1, 0, Number.MAX_VALUE, `${place}.confidence`)),
    maxErrors: readErrors(options.max_errors, place),
    separator: options.separator === undefined ? " " : textOf(options.separator, `${place}.separator`),
    tokenLimit: count(options.token_limit, 10, 1, `${place}.token_limit`),
    tags: highlight === undefined ? undefined : readTags(optionsObject(highlight, `${place}.highlight`), place),
    modelFor: readModel(options.smoothing, place),
  };
}

function readErrors(value: unknown, place: string): number {
  const most = numberOf(value, 0.5, `${place}.max_errors`);
  if (!(most > 0)) throw malformed(`[${place}.max_errors] must be more than 0.`);
  return most;
}

function readTags(highlight: JSONObject, place: string): { pre: string; post: string } {
  onlyKnown(highlight, ["pre_tag", "post_tag"], `${place}.highlight`);
  return {
    pre: textOf(highlight.pre_tag, `${place}.highlight.pre_tag`),
    post: textOf(highlight.post_tag, `${place}.highlight.post_tag`),
  };
}

function* correctIn(
  parts: readonly SearchPart[],
  given: JSONObject,
  options: PhraseOptions,
  place: string,
): Generator<void, readonly PhraseCorrection[]> {
  const node = fieldOf(parts, given.field, place);
  const source = new TermSource(node, parts);
  const generators = readGenerators(parts, given, place);
  const analyzer = analyzerOf(parts, node, given.analyzer, place);
  const tokens =
    analyzer !== undefined && options.isCutInWords
      ? cutPhrase(options.text, analyzer, place)
      : cutText(options.text, analyzer, node.normalizer).map(({ word }) => word);
  if (source.stores.length === 0 || generators.length === 0) return [];
  if (tokens.length === 0 || tokens.length >= options.tokenLimit) return [];
  const shingleSize = (given.analyzer === undefined ? node.analyzer : analyzer)?.shingleSize;
  const { separator, gramSize = shingleSize ?? 1, realWordLikelihood, confidence, maxErrors, shardSize } = options;
  const { totalTerms: words, maxDoc: unseen } = source;
  const model: LanguageModel = options.modelFor({ source, separator, words, unseen });
  const scoring = { model, gramSize, realWordLikelihood };
  const places: PhrasePlace[] = [];
  for (const word of tokens) {
    const [first] = generators;
    const frequency = first?.source.frequency(soughtBy(first, word)) ?? 0;
    const original = { word, frequency, likeness: 1, isOriginal: true };
    places.push({ original, candidates: yield* candidatesFor(word, generators, options) });
  }
  const originals = places.map(({ original }) => original);
  const cutoff = confidence > 0 ? scorePhrase(originals, scoring) * confidence : Number.MIN_VALUE;
  const errors = maxErrors >= 1 ? Math.trunc(maxErrors) : Math.round(Math.fround(maxErrors) * places.length);
  return yield* correctPhrase(places, Math.max(1, errors), shardSize, cutoff, scoring, source.budget);
}

function readGenerators(parts: readonly SearchPart[], given: JSONObject, place: string): WordGenerator[] {
  const { direct_generator: definitions = [{ field: given.field }] } = given;
  const list: readonly unknown[] = Array.isArray(definitions) ? definitions : [definitions];
  if (list.length > 10) throw malformed(`[${place}.direct_generator] takes at most 10 generators.`);
  const at = `${place}.direct_generator`;
  return list.flatMap((definition) => {
    if (!isPlainObject(definition)) throw malformed(`[${at}] takes objects.`);
    onlyKnown(definition, ["field", "size", "pre_filter", "post_filter", ...spellMembers], at);
    const source = new TermSource(fieldOf(parts, definition.field, at), parts);
    const filterOf = (name: unknown): Analyzer | undefined =>
      name === undefined ? undefined : analyzerOf(parts, source.node, name, at);
    const generator: WordGenerator = {
      source,
      size: count(definition.size, 5, 1, `${at}.size`),
      spelling: readSpellOptions(definition, at),
      preFilter: filterOf(definition.pre_filter),
      postFilter: filterOf(definition.post_filter),
    };
    return source.stores.length === 0 ? [] : [generator];
  });
}

/** What a generator makes of a word before it looks for it. */
const soughtBy = ({ preFilter }: WordGenerator, word: string): string =>
  preFilter === undefined ? word : (cutText(word, preFilter)[0]?.word ?? word);

interface WeighedWord extends PhraseWord {
  readonly weight: number;
}

/**
 * Corrections of one word out of all generators, without repetition; of many the most probable. What several generators find is what the last
 * of them says of it. Words that a filter has changed are as likely as what was written, and as frequent as before, as in the reference engine.
 */
function* candidatesFor(
  word: string,
  generators: readonly WordGenerator[],
  { shardSize: limit, realWordLikelihood }: PhraseOptions,
): Generator<void, PhraseWord[]> {
  const found = new Map<string, WeighedWord>();
  const [first] = generators;
  const docFreq = first?.source.docFreq(soughtBy(first, word)) ?? 0;
  for (const generator of generators) {
    const { source, size, spelling, postFilter } = generator;
    const threshold = thresholdFor(docFreq, source, spelling);
    if (threshold === undefined) continue;
    const asked = soughtBy(generator, word);
    const own = new Map<string, WeighedWord>();
    for (const one of yield* correct(source, asked, size, spelling, threshold)) {
      const frequency = source.frequency(one.word);
      const weight = one.score * ((frequency + 1) / (source.totalTerms + 1));
      const variants = postFilter === undefined ? [one.word] : cutText(one.word, postFilter).map((token) => token.word);
      for (const variant of variants) {
        if (own.has(variant)) continue;
        const likeness = variant === one.word ? one.score : realWordLikelihood;
        own.set(variant, { word: variant, frequency, likeness, isOriginal: false, weight });
      }
    }
    for (const [variant, candidate] of own) found.set(variant, candidate);
  }
  const all = [...found.values()];
  if (all.length <= limit) return all;
  return all.sort((a, b) => b.weight - a.weight).slice(0, limit);
}

/** In how many documents a correction must be; undefined: none is wanted. */
function thresholdFor(docFreq: number, source: TermSource, { mode, minDocFreq }: SpellOptions): number | undefined {
  if (mode === "always" || docFreq === 0) return minDocFreq;
  if (mode === "missing") return undefined;
  const plateau = minDocFreq >= 1 ? Math.trunc(minDocFreq) : Math.trunc(source.totalTerms * Math.fround(minDocFreq));
  const wanted = Math.round(docFreq * (Math.log10(docFreq - plateau) / Math.log10(5)) + 1);
  return Number.isNaN(wanted) ? 0 : Math.min(Math.max(0, wanted), 2 ** 31 - 1);
}
