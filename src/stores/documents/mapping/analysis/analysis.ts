import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { settingOf } from "../setting-of.ts";
import { Analyzer } from "./analyzer.ts";
import { BuiltInAnalyzers } from "./built-in-analyzers.ts";
import type { CharFilter } from "./char-filters/char-filter.ts";
import { createCharFilter } from "./char-filters/create-char-filter.ts";
import { createTokenFilter, type FilterContext } from "./filters/create-token-filter.ts";
import type { RuleAnalyzer } from "./filters/synonym-rules.ts";
import { mapping, type TokenFilter } from "./filters/token-filter.ts";
import { lowerCase } from "./letter-case.ts";
import { PartOptions, section, wrongPart } from "./part-options.ts";
import { whole } from "./tokenizers/characters.ts";
import { createTokenizer } from "./tokenizers/create-tokenizer.ts";
import type { Tokenizer } from "./tokenizers/tokenizer.ts";

export { Analyzer } from "./analyzer.ts";

/** Changes a keyword before it is indexed and looked up. */
export type Normalizer = (text: string) => string;

/** Analyzers and normalizers of a collection: those that every collection has, and those of its settings (`analysis`). */
export interface Analysis {
  analyzer(name: string): Analyzer | undefined;
  normalizer(name: string): Normalizer | undefined;
  /** What a normalizer does, as an analyzer that makes one term. */
  normalizingAnalyzer(name: string): Analyzer | undefined;
}

/** Settings are compiled once, however often mappings that belong to them are. */
const compiled = new WeakMap<Settings, Analysis>();

/** Errors: `services.storage.wrong_mapping_property` naming the member of `analysis` that is not understood. */
export function createAnalysis(settings: Settings = {}): Analysis {
  const known = compiled.get(settings);
  if (known !== undefined) return known;
  const analysis = new SettingsCompiler(settings).compile();
  compiled.set(settings, analysis);
  return analysis;
}

const sectionNames: ReadonlySet<string> = new Set(["analyzer", "normalizer", "tokenizer", "filter", "char_filter"]);

/** Filters that change characters one by one: what a normalizer may hold. */
const normalizerFilters: ReadonlySet<string> = new Set(
  (
    "lowercase uppercase asciifolding trim reverse apostrophe decimal_digit elision cjk_width arabic_normalization persian_normalization " +
    "german_normalization scandinavian_normalization scandinavian_folding pattern_replace truncate"
  ).split(" "),
);

const lowerCasing = new Analyzer("lowercase", { tokenizer: whole, filters: [mapping(lowerCase)] });

/** Without the ways of an analyzer where it does one thing. */
function asFunction(analyzer: Analyzer): Normalizer {
  return analyzer === lowerCasing ? lowerCase : (text) => analyzer.tokens(text).terms[0] ?? "";
}

class SettingsCompiler {
  readonly #settings: JSONObject;
  readonly #parts: JSONObject;
  readonly #analyzers = new Map<string, Analyzer>();
  readonly #normalizers = new Map<string, Analyzer>([["lowercase", lowerCasing]]);

  constructor(settings: JSONObject) {
    this.#settings = settings;
    const inner = isPlainObject(settings.index) ? settings.index : {};
    const analysis = settings.analysis ?? inner.analysis ?? {};
    if (!isPlainObject(analysis)) throw wrongPart("analysis", "an object");
    this.#parts = analysis;
  }

  compile(): Analysis {
    for (const name of Object.keys(this.#parts))
      if (!sectionNames.has(name)) throw wrongPart(`analysis.${name}`, "not known");
    for (const [name, definition] of this.#definitions("analyzer"))
      this.#analyzers.set(name, this.#analyzer(name, definition));
    for (const [name, definition] of this.#definitions("normalizer"))
      this.#normalizers.set(name, this.#normalizer(name, definition));
    this.#checkUnused();
    const analyzers = this.#analyzers;
    const normalizers = this.#normalizers;
    const functions = new Map([...normalizers].map(([name, analyzer]) => [name, asFunction(analyzer)]));
    return {
      analyzer: (name) => analyzers.get(name) ?? builtIn.find(name),
      normalizer: (name) => functions.get(name),
      normalizingAnalyzer: (name) => normalizers.get(name),
    };
  }

  #limit(name: string, byDefault: number): number {
    const limit = Number(settingOf(this.#settings, name) ?? byDefault);
    if (!Number.isInteger(limit) || limit < 0) throw wrongPart(`index.${name}`, "an integer");
    return limit;
  }

  #definitions(name: string): [string, JSONObject][] {
    return Object.entries(section(this.#parts, name)).map(([key, definition]) => {
      if (!isPlainObject(definition)) throw wrongPart(`analysis.${name}.${key}`, "an object");
      return [key, definition];
    });
  }

  /** What no analyzer uses must be right all the same. Synonyms depend on the analyzer that they stand in. */
  #checkUnused(): void {
    for (const [name] of this.#definitions("tokenizer")) this.#tokenizer(name, `analysis.tokenizer.${name}`);
    for (const [name] of this.#definitions("char_filter")) this.#charFilter(name, `analysis.char_filter.${name}`);
    for (const [name, { type }] of this.#definitions("filter")) {
      const isSynonym = type === "synonym" || type === "synonym_graph";
      if (!isSynonym) this.#filter(name, `analysis.filter.${name}`, { charFilters: [], tokenizer: whole, filters: [] });
    }
  }

  #analyzer(name: string, definition: JSONObject): Analyzer {
    const options = new PartOptions(definition, `analysis.analyzer.${name}`);
    const type = definition.type ?? "custom";
    if (type !== "custom") {
      const found = builtIn.create(String(type), options);
      if (found === undefined) throw options.wrong("type", `"${String(type)}" is not known`);
      options.refuseUnknown();
      return found;
    }
    const charFilters = this.#charFilters(options);
    const named = options.raw("tokenizer");
    if (named === undefined) throw options.wrong("tokenizer", "is needed");
    const tokenizer = this.#tokenizer(named, `${options.place}.tokenizer`);
    const filters: TokenFilter[] = [];
    let ignoresGraph = false;
    for (const one of namesOf(options.raw("filter"))) {
      const place = `${options.place}.filter`;
      filters.push(this.#filter(one, place, { charFilters, tokenizer, filters: [...filters] }));
      ignoresGraph ||= this.#ignoresGraph(one);
    }
    const gap = options.integer("position_increment_gap", -1, 0);
    options.refuseUnknown();
    return new Analyzer(name, {
      charFilters,
      tokenizer,
      filters,
      ignoresGraph,
      ...(gap < 0 ? {} : { positionGap: gap }),
    });
  }

  /** Shingles of several sizes, and pairs of characters beside single ones. */
  #ignoresGraph(name: unknown): boolean {
    const { type, definition } = this.#find("filter", name);
    const { min_shingle_size: min = 2, max_shingle_size: max = 2, output_unigrams: unigrams } = definition ?? {};
    if (type === "shingle") return String(unigrams ?? true) === "true" || Number(min) !== Number(max);
    return type === "cjk_bigram" && String(unigrams ?? false) === "true";
  }

  #normalizer(name: string, definition: JSONObject): Analyzer {
    const options = new PartOptions(definition, `analysis.normalizer.${name}`);
    const type = definition.type ?? "custom";
    if (type === "lowercase") return lowerCasing;
    if (type !== "custom") throw options.wrong("type", `"${String(type)}" is not known`);
    const charFilters = this.#charFilters(options);
    const filters = namesOf(options.raw("filter")).map((one) => {
      const place = `${options.place}.filter`;
      const { type: filterType } = this.#find("filter", one);
      const filter = this.#filter(one, place, { charFilters, tokenizer: whole, filters: [] });
      if (!normalizerFilters.has(filterType)) throw wrongPart(place, `"${filterType}" does not fit a normalizer`);
      return filter;
    });
    options.refuseUnknown();
    return new Analyzer(name, { charFilters, tokenizer: whole, filters });
  }

  #charFilters(options: PartOptions): CharFilter[] {
    return namesOf(options.raw("char_filter")).map((one) => this.#charFilter(one, `${options.place}.char_filter`));
  }

  /** A part by its own name in the settings, by a built-in name, or written in place. */
  #find(kind: string, name: unknown): { type: string; definition: JSONObject | undefined; place: string } {
    if (isPlainObject(name)) return { type: String(name.type), definition: name, place: `analysis.${kind}` };
    const key = String(name);
    const own = section(this.#parts, kind);
    const place = `analysis.${kind}.${key}`;
    if (!Object.hasOwn(own, key)) return { type: key, definition: undefined, place };
    const definition = own[key];
    if (!isPlainObject(definition)) throw wrongPart(place, "an object");
    if (typeof definition.type !== "string") throw wrongPart(`${place}.type`, "is needed");
    return { type: definition.type, definition, place };
  }

  #create<T>(
    kind: string,
    name: unknown,
    usedAt: string,
    create: (type: string, options: PartOptions, isNamed: boolean) => T | undefined,
  ): T {
    const { type, definition, place } = this.#find(kind, name);
    const options = new PartOptions(definition ?? {}, place);
    const found = create(type, options, definition === undefined);
    if (found === undefined) {
      if (definition === undefined) throw wrongPart(usedAt, `${JSON.stringify(name)} is not known`);
      throw options.wrong("type", `"${type}" is not known`);
    }
    options.refuseUnknown();
    return found;
  }

  #charFilter(name: unknown, usedAt: string): CharFilter {
    return this.#create("char_filter", name, usedAt, createCharFilter);
  }

  #tokenizer(name: unknown, usedAt: string): Tokenizer {
    const maxDiff = this.#limit("max_ngram_diff", 1);
    return this.#create("tokenizer", name, usedAt, (type, options) => createTokenizer(type, options, maxDiff));
  }

  #filter(name: unknown, usedAt: string, before: FilterPlace, depth = 0): TokenFilter {
    const context: FilterContext = {
      maxNgramDiff: this.#limit("max_ngram_diff", 1),
      maxShingleDiff: this.#limit("max_shingle_diff", 3),
      filter: (inner, place) => {
        if (depth > 0) throw wrongPart(place, "a multiplexer inside a multiplexer");
        return this.#filter(inner, place, before, depth + 1);
      },
      ruleAnalyzer: (options) => ruleAnalyzer(before, options),
    };
    return this.#create("filter", name, usedAt, (type, options, isNamed) =>
      createTokenFilter(type, options, context, isNamed),
    );
  }
}

/** What stands before a filter in its analyzer. */
interface FilterPlace {
  readonly charFilters: readonly CharFilter[];
  readonly tokenizer: Tokenizer;
  readonly filters: readonly TokenFilter[];
}

function ruleAnalyzer(before: FilterPlace, options: PartOptions): RuleAnalyzer {
  const lenient = options.flag("lenient", false);
  const filters = before.filters.map((filter) => {
    const other = filter.forSynonyms ?? filter;
    if (other === "refused")
      throw options.wrong("synonyms", "a filter before the synonyms makes several tokens of one");
    return other;
  });
  const analyzer = new Analyzer("", { ...before, filters });
  return (text) => {
    const { count, positions, terms } = analyzer.tokens(text);
    const words = terms.slice(0, count);
    let problem = count === 0 ? "no word is left of it" : undefined;
    for (let i = 0; i < count; i++) if (positions[i] !== i) problem = "its words do not stand one behind the other";
    if (problem === undefined) return words;
    if (lenient) return undefined;
    throw options.wrong("synonyms", `"${text}": ${problem}`);
  };
}

function namesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(",").map((one) => one.trim()) : [value];
}

const builtIn = new BuiltInAnalyzers();
