import { Analyzer } from "../analyzer.ts";
import { cjkBigrams, cjkWidth } from "../filters/cjk.ts";
import {
  apostrophe,
  defaultArticles,
  irishLowerCase,
  marking,
  overriding,
  plainDigits,
  turkishLowerCase,
  withoutArticles,
} from "../filters/plain-filters.ts";
import { readWords, withoutWords } from "../filters/stop.ts";
import { isOneOf, mapping, stemming, type TokenFilter } from "../filters/token-filter.ts";
import { lowerCase } from "../letter-case.ts";
import type { PartOptions } from "../part-options.ts";
import { standardTokenize } from "../tokenizers/standard.ts";
import { normalizeGerman } from "./light-stemmers.ts";
import { normalizeArabic, normalizePersian } from "./semitic.ts";
import { stemmerOf } from "./stemmers.ts";
import { stopWordsOf } from "./stop-words.ts";

interface Language {
  /** Before the stop words; lower case when nothing is said. */
  readonly before?: readonly TokenFilter[];
  /** Between stop words and stemmer; words of `stem_exclusion` pass them. */
  readonly between?: readonly TokenFilter[];
  readonly stemmer?: string;
  /** Where they are not those of the list of the language's name. */
  readonly stops?: ReadonlySet<string>;
  /** Filters behind which no words are excluded: the analyzer has no `stem_exclusion`. */
  readonly isPlain?: boolean;
}

const lower = mapping(lowerCase);
const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));
const articles = (list: string): TokenFilter => withoutArticles(list.split(" "), true);

/** The analyzers of languages: what each does besides cutting words and removing stop words. */
const languages: Readonly<Record<string, Language>> = {
  english: { before: [stemming(stemmerOf("possessive_english") ?? ((term) => term)), lower], stemmer: "porter" },
  french: {
    before: [withoutArticles(defaultArticles, true), lower],
    stemmer: "light_french",
  },
  german: { between: [mapping(normalizeGerman)], stemmer: "light_german" },
  spanish: { stemmer: "light_spanish" },
  italian: {
    before: [articles("c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d"), lower],
    stemmer: "light_italian",
  },
  portuguese: { stemmer: "light_portuguese" },
  dutch: {
    between: [
      overriding(
        new Map([
          ["fiets", "fiets"],
          ["bromfiets", "bromfiets"],
          ["ei", "eier"],
          ["kind", "kinder"],
        ]),
      ),
    ],
    stemmer: "dutch",
  },
  swedish: { stemmer: "swedish" },
  norwegian: { stemmer: "norwegian" },
  danish: { stemmer: "danish" },
  finnish: { stemmer: "finnish" },
  russian: { stemmer: "russian" },
  hungarian: { stemmer: "hungarian" },
  romanian: { stemmer: "romanian" },
  turkish: { before: [apostrophe, mapping(turkishLowerCase)], stemmer: "turkish" },
  bulgarian: { stemmer: "bulgarian" },
  czech: { stemmer: "czech" },
  catalan: { before: [articles("d l m n s t"), lower], stemmer: "catalan" },
  basque: { stemmer: "basque" },
  armenian: { stemmer: "armenian" },
  irish: { before: [withoutWords(words("h n t H N T")), articles("d m b"), mapping(irishLowerCase)], stemmer: "irish" },
  arabic: { before: [lower, mapping(plainDigits)], between: [mapping(normalizeArabic)], stemmer: "arabic" },
  persian: {
    before: [lower, mapping(plainDigits), mapping(normalizeArabic), mapping(normalizePersian)],
    isPlain: true,
  },
  cjk: {
    before: [cjkWidth, lower, cjkBigrams()],
    stops: words(
      "a and are as at be but by for if in into is it no not of on or s such t that the their then there these they this to was will with www",
    ),
    isPlain: true,
  },
};

export const languageNames: readonly string[] = Object.keys(languages);

/** An analyzer of a language; members: `stopwords` and, where there is a stemmer, `stem_exclusion`. Undefined: no such language. */
export function languageAnalyzer(name: string, options: PartOptions): Analyzer | undefined {
  const language = Object.hasOwn(languages, name) ? languages[name] : undefined;
  if (language === undefined) return undefined;
  const stops = readWords(options, "stopwords", language.stops ?? stopWordsOf(name) ?? new Set());
  const excluded = language.isPlain === true ? undefined : options.list("stem_exclusion");
  const stem = language.stemmer === undefined ? undefined : stemmerOf(language.stemmer);
  const filters: TokenFilter[] = [...(language.before ?? [lower]), withoutWords(stops)];
  if (excluded !== undefined && excluded.length > 0) {
    filters.push(marking(isOneOf(excluded, false)));
  }
  filters.push(...(language.between ?? []), ...(stem === undefined ? [] : [stemming(stem)]));
  return new Analyzer(name, {
    tokenizer: standardTokenize,
    filters,
    ignoresGraph: name === "cjk",
    ...(name === "persian" ? { charFilters: [spacedJoiners] } : {}),
  });
}

/** Words that Persian joins without a letter between are words of their own. */
const spacedJoiners = (text: string): { text: string; corrections: [] } => ({
  text: text.replaceAll("\u200c", " "),
  corrections: [],
});
