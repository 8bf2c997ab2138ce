import type { JSONObject } from "../../../../../../kernel/index.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { closestTerms } from "../fuzzy/fuzzy.ts";
import { windowWords } from "../matchers/matcher.ts";
import { type WindowTerm, windowTerms } from "../matchers/window-term.ts";
import { malformed } from "../parameters.ts";
import { docFreqOf } from "../scoring/term-statistics.ts";
import { assertIndexed } from "../term-clauses.ts";
import { checkPositions } from "../text/phrase-clauses.ts";
import { chooseWords, type MultiWords, readMultiWords } from "./multi-words.ts";
import type { SpanWords } from "./parse-span.ts";
import { none, type Span, type Spans } from "./span.ts";
import type { SpanSource } from "./span-source.ts";

/** Looks up words of spans in one segment. */
export class IndexedWords implements SpanWords {
  readonly #context: QueryContext;

  constructor(context: QueryContext) {
    this.#context = context;
  }

  term(path: string, word: string): SpanSource {
    return this.#source(path, this.#field(path), [word]);
  }

  *multi(match: JSONObject): Generator<void, SpanSource> {
    const asked = readMultiWords(match);
    const field = this.#field(asked.path);
    const { statistics, space } = this.#context;
    const key = JSON.stringify(["span_multi", space.path, match]);
    const words = field === undefined ? [] : yield* statistics.once(key, () => this.#expand(asked, field));
    return this.#source(asked.path, field, words);
  }

  masked(path: string): string {
    return this.#field(path)?.node.path ?? path;
  }

  /** The words over all segments. */
  *#expand({ bounds, matches, most, near }: MultiWords, { node }: QueryField): Generator<void, readonly string[]> {
    const { statistics, space, budget } = this.#context;
    const stores = statistics.termStores(space.path, node.path);
    if (near !== undefined) {
      const edits = near.options.editsFor([...near.word].length);
      const { terms } = yield* closestTerms(stores, near.word, edits, near.options, budget);
      return terms.map(({ term }) => term);
    }
    const found = new Set<string>();
    for (const { dictionary } of stores) {
      let work = 0;
      for (const ord of yield* dictionary.range(bounds)) {
        if ((++work & 255) === 0) yield* budget.pause();
        const word = dictionary.term(ord);
        if (matches(word)) found.add(word);
      }
    }
    return chooseWords(found, most);
  }

  /** Error: 400 for a field that has no positions. */
  #field(path: string): QueryField | undefined {
    const field = this.#context.field(path);
    if (field === undefined) return undefined;
    const { node } = field;
    if (node.family !== "text")
      throw malformed(`Spans need a text field, which keeps positions; "${path}" is of type ${node.type}.`);
    assertIndexed(node);
    checkPositions(node);
    return field;
  }

  #source(path: string, field: QueryField | undefined, words: readonly string[]): SpanSource {
    if (field === undefined) return new WordSource(path, new Map(), []);
    const { node, store } = field;
    const { statistics, space } = this.#context;
    const stores = statistics.termStores(space.path, node.path);
    const terms = new Map<string, number>();
    for (const word of words) {
      const docFreq = docFreqOf(word, stores);
      if (docFreq > 0) terms.set(`${node.path}\u0000${word}`, docFreq);
    }
    return new WordSource(
      node.path,
      terms,
      store?.kind === "text" ? windowTerms(store, words, this.#context.arrays) : [],
    );
  }
}

/** Single words, any of which may stand there. */
class WordSource implements SpanSource {
  readonly field: string;
  readonly weighedAs: string;
  readonly terms: ReadonlyMap<string, number>;
  readonly cost: number;
  readonly #found: readonly WindowTerm[];
  readonly #any = new Uint32Array(windowWords);
  readonly #positions: number[] = [];

  constructor(field: string, terms: ReadonlyMap<string, number>, found: readonly WindowTerm[]) {
    this.field = field;
    this.weighedAs = field;
    this.terms = terms;
    this.#found = found;
    this.cost = found.reduce((sum, { count }) => sum + count, 0);
  }

  read(base: number, end: number): void {
    this.#any.fill(0);
    for (const term of this.#found) term.read(base, end, this.#any);
  }

  keep(bits: Uint32Array): void {
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (this.#any[i] as number);
  }

  spans(at: number): Spans {
    const positions = this.#positions;
    positions.length = 0;
    for (const term of this.#found) term.positions(at, positions);
    if (this.#found.length > 1) positions.sort((a, b) => a - b);
    return positions.length === 0 ? none : positions.map(wordAt);
  }
}

/** The span of a single word. */
export const wordAt = (start: number): Span => ({ start, end: start + 1, width: 0, parts: none });
