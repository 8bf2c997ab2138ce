import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { lowerCase } from "./letter-case.ts";
import { createTokenFilter, type TokenFilter } from "./token-filters.ts";
import { createTokenizer, type Tokenizer } from "./tokenizers.ts";
import { Tokens } from "./tokens.ts";

/** Cuts texts into terms. */
export class Analyzer {
  readonly name: string;
  readonly #tokenizer: Tokenizer;
  readonly #filters: readonly TokenFilter[];

  constructor(name: string, tokenizer: Tokenizer, filters: readonly TokenFilter[]) {
    this.name = name;
    this.#tokenizer = tokenizer;
    this.#filters = filters;
  }

  /** Appends the terms of `text`; answers the position after its last word. */
  analyze(text: string, tokens: Tokens, firstPosition = 0): number {
    const from = tokens.count;
    const next = this.#tokenizer(text, tokens, firstPosition);
    for (const filter of this.#filters) filter(tokens, from);
    return next;
  }

  /** The terms of `text` in tokens of their own. */
  tokens(text: string): Tokens {
    const tokens = new Tokens();
    this.analyze(text, tokens);
    return tokens;
  }
}

/** Changes a keyword before it is indexed and looked up. */
export type Normalizer = (text: string) => string;

/** Analyzers and normalizers of a collection: those that every collection has, and those of its settings (`analysis`). */
export interface Analysis {
  analyzer(name: string): Analyzer | undefined;
  normalizer(name: string): Normalizer | undefined;
}

const builtIn: ReadonlyMap<string, Analyzer> = new Map(
  (
    [
      ["standard", "standard", ["lowercase"]],
      ["simple", "lowercase", []],
      ["whitespace", "whitespace", []],
      ["keyword", "keyword", []],
      ["stop", "lowercase", ["stop"]],
    ] as const
  ).map(([name, tokenizer, filters]) => [name, new Analyzer(name, needTokenizer(tokenizer), filters.map(needFilter))]),
);

function needTokenizer(name: string): Tokenizer {
  const tokenizer = createTokenizer(name);
  if (tokenizer === undefined) throw kerror("services.storage.wrong_mapping_property", `tokenizer: ${name}`);
  return tokenizer;
}

function needFilter(name: string): TokenFilter {
  const filter = createTokenFilter(name);
  if (filter === undefined) throw kerror("services.storage.wrong_mapping_property", `filter: ${name}`);
  return filter;
}

/** Errors: `services.storage.wrong_mapping_property` naming the member of `analysis` that is not understood. */
export function createAnalysis(settings: Settings = {}): Analysis {
  const inner = isPlainObject(settings.index) ? settings.index : {};
  const analysis = settings.analysis ?? inner.analysis;
  const parts = isPlainObject(analysis) ? analysis : {};
  const custom = new Map<string, Analyzer>();
  for (const [name, definition] of Object.entries(section(parts, "analyzer"))) {
    custom.set(name, customAnalyzer(name, definition, parts));
  }
  const normalizers = new Map<string, Normalizer>([["lowercase", lowerCase]]);
  for (const [name, definition] of Object.entries(section(parts, "normalizer"))) {
    normalizers.set(name, customNormalizer(name, definition, parts));
  }
  return {
    analyzer: (name) => custom.get(name) ?? builtIn.get(name),
    normalizer: (name) => normalizers.get(name),
  };
}

function section(parts: JSONObject, name: string): JSONObject {
  const value = parts[name];
  return isPlainObject(value) ? value : {};
}

function wrong(place: string): Error {
  return kerror("services.storage.wrong_mapping_property", `analysis.${place}`);
}

function customAnalyzer(name: string, definition: unknown, parts: JSONObject): Analyzer {
  if (!isPlainObject(definition)) throw wrong(`analyzer.${name}`);
  const { type = "custom" } = definition;
  if (type !== "custom") {
    const base = typeof type === "string" ? builtIn.get(type) : undefined;
    if (base === undefined) throw wrong(`analyzer.${name}.type`);
    if (definition.stopwords === undefined) return base;
    const stop = createTokenFilter("stop", definition);
    if (stop === undefined) throw wrong(`analyzer.${name}.stopwords`);
    const tokenizer = type === "standard" ? "standard" : "lowercase";
    return new Analyzer(name, needTokenizer(tokenizer), [needFilter("lowercase"), stop]);
  }
  if (definition.char_filter !== undefined && list(definition.char_filter).length > 0) {
    throw wrong(`analyzer.${name}.char_filter (character filters are not supported)`);
  }
  const tokenizer = named(definition.tokenizer, section(parts, "tokenizer"), createTokenizer);
  if (tokenizer === undefined) throw wrong(`analyzer.${name}.tokenizer`);
  return new Analyzer(name, tokenizer, filtersOf(definition, parts, `analyzer.${name}.filter`));
}

function customNormalizer(name: string, definition: unknown, parts: JSONObject): Normalizer {
  if (!isPlainObject(definition)) throw wrong(`normalizer.${name}`);
  const filters = filtersOf(definition, parts, `normalizer.${name}.filter`);
  const tokens = new Tokens();
  return (text) => {
    tokens.clear();
    tokens.push(text, 0, 0, text.length);
    for (const filter of filters) filter(tokens, 0);
    return tokens.terms[0] ?? text;
  };
}

function filtersOf(definition: JSONObject, parts: JSONObject, place: string): TokenFilter[] {
  return list(definition.filter).map((name) => {
    const filter = named(name, section(parts, "filter"), createTokenFilter);
    if (filter === undefined) throw wrong(`${place}: ${JSON.stringify(name)}`);
    return filter;
  });
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** A part by its own name in the settings, by a built-in name, or written in place. */
function named<T>(
  name: unknown,
  definitions: JSONObject,
  create: (type: string, parameters?: JSONObject) => T | undefined,
): T | undefined {
  const definition = isPlainObject(name)
    ? name
    : Object.hasOwn(definitions, String(name))
      ? definitions[String(name)]
      : undefined;
  if (isPlainObject(definition)) return create(String(definition.type), definition);
  return create(String(name));
}
