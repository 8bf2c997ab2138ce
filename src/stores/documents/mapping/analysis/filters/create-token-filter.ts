import { normalizeGerman } from "../languages/light-stemmers.ts";
import { foldScandinavian, normalizeScandinavian } from "../languages/scandinavian.ts";
import { normalizeArabic, normalizePersian, stemArabic } from "../languages/semitic.ts";
import { stemCzech } from "../languages/slavic-stemmers.ts";
import { snowballOf, stemmerNames, stemmerOf } from "../languages/stemmers.ts";
import { PartOptions } from "../part-options.ts";
import { trimWhiteSpace } from "../white-space.ts";
import { cjkBigramFilter, cjkWidth } from "./cjk.ts";
import { gramFilter } from "./grams.ts";
import { multiplexer } from "./multiplexer.ts";
import { patternCaptureFilter, patternReplaceFilter, patternTest } from "./pattern-filters.ts";
import {
  apostrophe,
  classicFilter,
  commonGrams,
  decompounder,
  delimitedPayload,
  elisionFilter,
  fingerprintFilter,
  foldingFilter,
  keepFilter,
  keepTypesFilter,
  keywordMarker,
  keywordRepeat,
  lengthFilter,
  limitFilter,
  lowerCaseFilter,
  plainDigits,
  removeDuplicates,
  stemmerOverride,
  truncateFilter,
  uniqueFilter,
  upperCaseFilter,
} from "./plain-filters.ts";
import { shingleFilter } from "./shingles.ts";
import { readWords, stopFilter } from "./stop.ts";
import { type RuleAnalyzer, readSynonyms } from "./synonym-rules.ts";
import { synonymFilter, synonymGraphFilter } from "./synonyms.ts";
import { mapping, stemming, type TokenFilter, unchanged } from "./token-filter.ts";
import { wordDelimiter, wordDelimiterGraph } from "./word-delimiter.ts";

/** What a filter may need of the analyzer in which it stands. */
export interface FilterContext {
  readonly maxNgramDiff: number;
  readonly maxShingleDiff: number;
  /** Another filter by its name. Errors: `services.storage.wrong_mapping_property`. */
  readonly filter: (name: string, place: string) => TokenFilter;
  /** How texts of synonyms become words: by what stands before the synonyms. */
  readonly ruleAnalyzer: (options: PartOptions) => RuleAnalyzer;
}

type FilterFactory = (options: PartOptions, context: FilterContext) => TokenFilter;

const always =
  (filter: TokenFilter): FilterFactory =>
  () =>
    filter;

const stemmed =
  (name: string): FilterFactory =>
  (options) => {
    const stem = stemmerOf(name);
    if (stem === undefined) throw options.wrong("language");
    return stemming(stem);
  };

/** Filters by type. Those whose name is a whole filter (`trim`) take no members. */
const factories: ReadonlyMap<string, FilterFactory> = new Map<string, FilterFactory>([
  ["lowercase", lowerCaseFilter],
  ["uppercase", always(upperCaseFilter)],
  ["trim", always(mapping(trimWhiteSpace))],
  ["reverse", always(mapping((term) => [...term].reverse().join("")))],
  ["apostrophe", always(apostrophe)],
  ["decimal_digit", always(mapping(plainDigits))],
  ["classic", always(classicFilter)],
  ["remove_duplicates", always(removeDuplicates)],
  ["keyword_repeat", always(keywordRepeat)],
  ["cjk_width", always(cjkWidth)],
  ["arabic_normalization", always(mapping(normalizeArabic))],
  ["persian_normalization", always(mapping(normalizePersian))],
  ["german_normalization", always(mapping(normalizeGerman))],
  ["scandinavian_normalization", always(mapping(normalizeScandinavian))],
  ["scandinavian_folding", always(mapping(foldScandinavian))],
  ["arabic_stem", always(stemming(stemArabic))],
  ["czech_stem", always(stemming(stemCzech))],
  ["porter_stem", stemmed("porter")],
  ["dutch_stem", stemmed("dutch")],
  ["french_stem", stemmed("french")],
  ["russian_stem", stemmed("russian")],
  // The graphs of this engine have no side paths that a position could not hold.
  ["flatten_graph", always(unchanged)],
  ["asciifolding", foldingFilter],
  ["length", lengthFilter],
  ["truncate", truncateFilter],
  ["limit", limitFilter],
  ["unique", uniqueFilter],
  ["elision", elisionFilter],
  ["keep", keepFilter],
  ["keep_types", keepTypesFilter],
  ["fingerprint", fingerprintFilter],
  ["delimited_payload", delimitedPayload],
  ["dictionary_decompounder", decompounder],
  [
    "keyword_marker",
    (options) =>
      keywordMarker(
        options,
        options.has("keywords_pattern") ? () => patternTest(options, "keywords_pattern") : undefined,
      ),
  ],
  ["stemmer_override", stemmerOverride],
  ["common_grams", (options) => commonGrams(options, readWords(options, "common_words", new Set()))],
  ["stop", stopFilter],
  ["stemmer", stemmerFilter],
  ["snowball", snowballFilter],
  ["ngram", (options, { maxNgramDiff }) => gramFilter(options, false, maxNgramDiff)],
  ["edge_ngram", (options, { maxNgramDiff }) => gramFilter(options, true, maxNgramDiff)],
  ["shingle", (options, { maxShingleDiff }) => shingleFilter(options, maxShingleDiff)],
  ["cjk_bigram", cjkBigramFilter],
  ["pattern_replace", patternReplaceFilter],
  ["pattern_capture", patternCaptureFilter],
  ["word_delimiter", wordDelimiter],
  ["word_delimiter_graph", wordDelimiterGraph],
  ["multiplexer", multiplexer],
  ["synonym", (options, context) => synonymFilter(readRules(options, context))],
  ["synonym_graph", (options, context) => synonymGraphFilter(readRules(options, context))],
]);

const formerNames: Readonly<Record<string, string>> = {
  nGram: "ngram",
  edgeNGram: "edge_ngram",
  delimited_payload_filter: "delimited_payload",
};

/** What filters are without members, where that differs from their defaults. */
const preconfigured: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  edge_ngram: { min_gram: 1, max_gram: 1 },
  truncate: { length: 10 },
};

/** Answers undefined when there is no such filter. `isNamed`: by its type alone, without a definition. */
export function createTokenFilter(
  type: string,
  options: PartOptions,
  context: FilterContext,
  isNamed: boolean,
): TokenFilter | undefined {
  const name = Object.hasOwn(formerNames, type) ? (formerNames[type] as string) : type;
  const factory = factories.get(name);
  if (factory === undefined) return undefined;
  const hasDefaults = isNamed && Object.hasOwn(preconfigured, name);
  return factory(hasDefaults ? new PartOptions(preconfigured[name] ?? {}, options.place) : options, context);
}

function stemmerFilter(options: PartOptions): TokenFilter {
  const name = options.text("language") ?? options.text("name") ?? "porter";
  const stem = stemmerOf(name);
  if (stem === undefined) throw options.wrong("language", `"${name}" is not known; known: ${stemmerNames.join(", ")}`);
  return stemming(stem);
}

function snowballFilter(options: PartOptions): TokenFilter {
  const name = options.text("language") ?? options.text("name") ?? "English";
  const stem = snowballOf(name);
  if (stem === undefined) throw options.wrong("language", `"${name}" is not known`);
  return stemming(stem);
}

function readRules(options: PartOptions, context: FilterContext): ReturnType<typeof readSynonyms> {
  options.flag("updateable", false);
  return readSynonyms(options, context.ruleAnalyzer(options));
}
