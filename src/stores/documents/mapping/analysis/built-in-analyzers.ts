import { Analyzer } from "./analyzer.ts";
import { foldToAscii } from "./filters/ascii-folding.ts";
import { fingerprintFilter } from "./filters/plain-filters.ts";
import { readWords, withoutWords } from "./filters/stop.ts";
import { mapping } from "./filters/token-filter.ts";
import { languageAnalyzer } from "./languages/language-analyzers.ts";
import { stopWordsOf } from "./languages/stop-words.ts";
import { lowerCase } from "./letter-case.ts";
import { PartOptions } from "./part-options.ts";
import { readPattern } from "./patterns.ts";
import { spaced, whole } from "./tokenizers/characters.ts";
import { lowerCaseLetters } from "./tokenizers/create-tokenizer.ts";
import { between } from "./tokenizers/pattern.ts";
import { standardTokenize, standardTokenizer } from "./tokenizers/standard.ts";
import { maxTokenLength } from "./tokenizers/tokenizer.ts";

const lower = mapping(lowerCase);
const none: ReadonlySet<string> = new Set();

/** Analyzers by type, as a definition in the settings may change them. */
const factories: Readonly<Record<string, (options: PartOptions) => Analyzer>> = {
  standard(options) {
    const stops = readWords(options, "stopwords", none);
    const limit = options.integer("max_token_length", maxTokenLength, 1, 2 ** 20);
    const filters = stops.size === 0 ? [lower] : [lower, withoutWords(stops)];
    return new Analyzer("standard", { tokenizer: standardTokenizer(limit), filters });
  },
  simple: () => new Analyzer("simple", { tokenizer: lowerCaseLetters, filters: [] }),
  whitespace: () => new Analyzer("whitespace", { tokenizer: spaced(), filters: [] }),
  keyword: () => new Analyzer("keyword", { tokenizer: whole, filters: [] }),
  stop(options) {
    const stops = readWords(options, "stopwords", stopWordsOf("english") ?? none);
    return new Analyzer("stop", { tokenizer: lowerCaseLetters, filters: [withoutWords(stops)] });
  },
  pattern(options) {
    const tokenizer = between(readPattern(options, "pattern", "\\W+"));
    const isLower = options.flag("lowercase", true);
    const stops = readWords(options, "stopwords", none);
    const filters = [...(isLower ? [lower] : []), ...(stops.size === 0 ? [] : [withoutWords(stops)])];
    return new Analyzer("pattern", { tokenizer, filters });
  },
  fingerprint(options) {
    const stops = readWords(options, "stopwords", none);
    const filters = [lower, mapping(foldToAscii), withoutWords(stops), fingerprintFilter(options)];
    return new Analyzer("fingerprint", { tokenizer: standardTokenize, filters });
  },
};

/** The analyzers that need no settings; each is made when it is first asked for. */
export class BuiltInAnalyzers {
  readonly #known = new Map<string, Analyzer>();

  find(name: string): Analyzer | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = this.create(name, new PartOptions({}, name));
    if (made !== undefined) this.#known.set(name, made);
    return made;
  }

  /** Undefined when there is no analyzer of the type. */
  create(type: string, options: PartOptions): Analyzer | undefined {
    if (Object.hasOwn(factories, type)) return factories[type]?.(options);
    return languageAnalyzer(type, options);
  }
}
