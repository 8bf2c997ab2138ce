import type { JSONObject } from "../../../../../kernel/index.ts";
import type { Tokens } from "../../../mapping/analysis/tokens.ts";
import type { CompiledMapping } from "../../../mapping/compile-mapping.ts";
import { nearTest } from "../query/fuzzy/fuzzy.ts";
import { wordAt } from "../query/spans/indexed-words.ts";
import { readMultiWords } from "../query/spans/multi-words.ts";
import { parseSpan, type SpanWords } from "../query/spans/parse-span.ts";
import { none, type Span, type Spans } from "../query/spans/span.ts";
import type { SpanSource } from "../query/spans/span-source.ts";

/** The words of a text that a clause of spans finds: those that a span was made of, and not the same words elsewhere. */
export class SpanMarks {
  readonly #words: TextWords;
  readonly #source: SpanSource | undefined;

  constructor(name: string, body: unknown, mapping: CompiledMapping) {
    this.#words = new TextWords(mapping);
    const steps = parseSpan(name, body, this.#words);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    this.#source = step.value.source;
  }

  /** The fields that the clause looks at. */
  get paths(): ReadonlySet<string> {
    return this.#words.paths;
  }

  /**
   * Which tokens of a field's text were found, the first of which stands at position `first`. Where the clause is on other fields, its words
   * are looked for all the same.
   */
  find(path: string, tokens: Tokens, first: number): readonly number[] {
    this.#words.first = first;
    this.#words.path = this.paths.has(path) ? path : undefined;
    this.#words.tokens = tokens;
    const positions = new Set<number>();
    for (const span of this.#source?.spans(0) ?? none) addWords(span, positions);
    const found: number[] = [];
    for (let i = 0; i < tokens.count; i++)
      if (positions.has(first + (tokens.positions[i] as number)) && this.#words.isWanted(tokens.terms[i] ?? ""))
        found.push(i);
    return found;
  }
}

function addWords({ start, parts }: Span, positions: Set<number>): void {
  if (parts.length === 0) positions.add(start);
  for (const part of parts) addWords(part, positions);
}

/** Looks up words in the text at hand. */
class TextWords implements SpanWords {
  readonly paths = new Set<string>();
  readonly #tests: ((word: string) => boolean)[] = [];
  readonly #mapping: CompiledMapping;
  tokens: Tokens | undefined;
  first = 0;
  /** The field of the text; undefined when words of all fields are looked for in it. */
  path: string | undefined;

  constructor(mapping: CompiledMapping) {
    this.#mapping = mapping;
  }

  isWanted(word: string): boolean {
    return this.#tests.some((test) => test(word));
  }

  term(path: string, word: string): SpanSource {
    return this.#source(path, (one) => one === word);
  }

  // biome-ignore lint/correctness/useYield: tests of words need no look into the index
  *multi(match: JSONObject): Generator<void, SpanSource> {
    const { path, matches, near } = readMultiWords(match);
    return this.#source(path, near === undefined ? matches : nearTest(near.word, near.options));
  }

  masked(path: string): string {
    return this.#mapping.fields.get(path)?.path ?? path;
  }

  #source(name: string, test: (word: string) => boolean): SpanSource {
    const field = this.masked(name);
    this.paths.add(field);
    this.#tests.push(test);
    return {
      field,
      weighedAs: field,
      terms: new Map(),
      cost: 1,
      read: () => undefined,
      keep: () => undefined,
      spans: () => this.#spansOf(field, test),
    };
  }

  #spansOf(field: string, test: (word: string) => boolean): Spans {
    const { tokens, path = field } = this;
    if (tokens === undefined || path !== field) return none;
    const found: Span[] = [];
    for (let i = 0; i < tokens.count; i++)
      if (test(tokens.terms[i] ?? "")) found.push(wordAt(this.first + (tokens.positions[i] as number)));
    return found;
  }
}
