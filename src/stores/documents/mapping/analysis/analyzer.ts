import { type CharFilter, correctOffset } from "./char-filters/char-filter.ts";
import type { TokenFilter } from "./filters/token-filter.ts";
import type { Tokenizer } from "./tokenizers/tokenizer.ts";
import { Tokens } from "./tokens.ts";

export interface AnalyzerParts {
  readonly charFilters?: readonly CharFilter[];
  readonly tokenizer: Tokenizer;
  readonly filters: readonly TokenFilter[];
  /** Positions between the values of one field, when the field does not say. */
  readonly positionGap?: number;
  /** Tokens of several positions are no paths that a query could follow: shingles, pairs of characters. */
  readonly ignoresGraph?: boolean;
}

/** Cuts texts into terms. */
export class Analyzer {
  readonly name: string;
  readonly positionGap: number | undefined;
  readonly ignoresGraph: boolean;
  readonly parts: AnalyzerParts;
  readonly #tokenizer: Tokenizer;
  readonly #filters: readonly TokenFilter[];
  readonly #charFilters: readonly CharFilter[];
  readonly #isRich: boolean;

  constructor(name: string, parts: AnalyzerParts) {
    this.name = name;
    this.parts = parts;
    this.#tokenizer = parts.tokenizer;
    this.#filters = parts.filters;
    this.#charFilters = parts.charFilters ?? [];
    this.#isRich = parts.filters.some((filter) => filter.isRich === true);
    this.positionGap = parts.positionGap;
    this.ignoresGraph = parts.ignoresGraph === true;
  }

  /** How many words its tokens are made of at most, where it joins neighbours. */
  get shingleSize(): number | undefined {
    return this.#filters.find(({ shingleSize }) => shingleSize !== undefined)?.shingleSize;
  }

  /** An analyzer that does more with the words of this one. */
  extended(...filters: readonly TokenFilter[]): Analyzer {
    return new Analyzer(this.name, { ...this.parts, filters: [...this.parts.filters, ...filters] });
  }

  /** Appends the terms of `text`; answers the position after its last word. */
  analyze(text: string, tokens: Tokens, firstPosition = 0): number {
    tokens.isRich = this.#isRich;
    return this.#analyze(text, tokens, firstPosition);
  }

  #analyze(text: string, tokens: Tokens, firstPosition: number): number {
    const from = tokens.count;
    tokens.base = firstPosition - 1;
    tokens.textEnd = text.length;
    if (this.#charFilters.length === 0) tokens.next = this.#tokenizer(text, tokens, firstPosition);
    else tokens.next = this.#rewrite(text, tokens, firstPosition);
    const filters = this.#filters;
    for (let i = 0; i < filters.length; i++) (filters[i] as TokenFilter)(tokens, from);
    return tokens.next;
  }

  #rewrite(text: string, tokens: Tokens, firstPosition: number): number {
    const from = tokens.count;
    const steps = [];
    let rewritten = text;
    for (const filter of this.#charFilters) {
      const step = filter(rewritten);
      rewritten = step.text;
      steps.push(step);
    }
    const next = this.#tokenizer(rewritten, tokens, firstPosition);
    tokens.textEnd = rewritten.length;
    for (let k = steps.length - 1; k >= 0; k--) {
      const step = steps[k];
      if (step === undefined || step.corrections.length === 0) continue;
      for (let i = from; i < tokens.count; i++) {
        tokens.starts[i] = correctOffset(tokens.starts[i] as number, step);
        tokens.ends[i] = correctOffset(tokens.ends[i] as number, step);
      }
      tokens.textEnd = correctOffset(tokens.textEnd, step);
    }
    return next;
  }

  /** The terms of `text` in tokens of their own. */
  tokens(text: string): Tokens {
    const tokens = new Tokens();
    this.analyze(text, tokens);
    return tokens;
  }

  /** The terms of `text` with lengths and types. */
  richTokens(text: string): Tokens {
    const tokens = new Tokens();
    tokens.isRich = true;
    this.#analyze(text, tokens, 0);
    return tokens;
  }
}
