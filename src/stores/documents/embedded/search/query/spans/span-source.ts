import { tooManyPlaces } from "../matchers/effort.ts";
import { windowWords } from "../matchers/matcher.ts";
import {
  either,
  heldBy,
  holding,
  mostSpans,
  none,
  outside,
  type RowPart,
  rows,
  runs,
  type Spans,
  upTo,
} from "./span.ts";

/** Where something stands in the documents at hand: those of a window of an index, or a single text. */
export interface SpanSource {
  /** The field as which it counts; sources are combined within one field only. */
  readonly field: string;
  /** The field whose statistics and lengths weigh it when it stands alone. */
  readonly weighedAs: string;
  /** What its rarity is made of: the terms by field, and in how many documents each of them is. */
  readonly terms: ReadonlyMap<string, number>;
  /** About how many documents have it. */
  readonly cost: number;
  /** Reads the documents of a window. */
  read(base: number, end: number): void;
  /** Clears the bits of documents of the window that cannot have a span. */
  keep(bits: Uint32Array): void;
  spans(at: number): Spans;
}

const allTerms = (sources: readonly SpanSource[]): Map<string, number> =>
  new Map(sources.flatMap(({ terms }) => [...terms]));
const least = (sources: readonly SpanSource[]): number =>
  sources.reduce((low, { cost }) => Math.min(low, cost), Number.MAX_SAFE_INTEGER);

/** What is made of several sources: all of them stand in its documents. */
abstract class Combined implements SpanSource {
  readonly field: string;
  readonly weighedAs: string;
  readonly terms: ReadonlyMap<string, number>;
  readonly cost: number;
  protected readonly sources: readonly SpanSource[];

  constructor(first: SpanSource, others: readonly SpanSource[]) {
    this.sources = [first, ...others];
    this.field = first.field;
    this.weighedAs = first.field;
    this.terms = allTerms(this.sources);
    this.cost = least(this.sources);
  }

  read(base: number, end: number): void {
    for (const source of this.sources) source.read(base, end);
  }

  keep(bits: Uint32Array): void {
    for (const source of this.sources) source.keep(bits);
  }

  abstract spans(at: number): Spans;

  /** The lists of all sources; undefined when one is empty. */
  protected lists(at: number): Spans[] | undefined {
    const lists: Spans[] = [];
    let sum = 0;
    for (const source of this.sources) {
      const list = source.spans(at);
      if (list.length === 0) return undefined;
      sum += list.length;
      if (sum > mostSpans) throw tooManyPlaces();
      lists.push(list);
    }
    return lists;
  }
}

/** Sources in their order, with numbers for positions at which anything may stand. */
export class RowSource extends Combined {
  readonly #gaps: readonly (number | undefined)[];
  readonly #slop: number;

  constructor(first: SpanSource, others: readonly (SpanSource | number)[], slop: number) {
    super(
      first,
      others.filter((one) => typeof one !== "number"),
    );
    this.#gaps = others.map((one) => (typeof one === "number" ? one : undefined));
    this.#slop = slop;
  }

  spans(at: number): Spans {
    const lists = this.lists(at);
    if (lists === undefined) return none;
    let next = 1;
    const parts: RowPart[] = this.#gaps.map((gap) => gap ?? lists[next++] ?? none);
    return rows(lists[0] ?? none, parts, this.#slop);
  }
}

/** Sources in any order. */
export class RunSource extends Combined {
  readonly #slop: number;

  constructor(first: SpanSource, others: readonly SpanSource[], slop: number) {
    super(first, others);
    this.#slop = slop;
  }

  spans(at: number): Spans {
    const lists = this.lists(at);
    return lists === undefined ? none : runs(lists, this.#slop);
  }
}

/** Any of several sources. */
export class EitherSource extends Combined {
  override readonly cost: number;
  readonly #any = new Uint32Array(windowWords);
  readonly #own = new Uint32Array(windowWords);

  constructor(first: SpanSource, others: readonly SpanSource[]) {
    super(first, others);
    this.cost = this.sources.reduce((sum, { cost }) => sum + cost, 0);
  }

  override keep(bits: Uint32Array): void {
    const [any, own] = [this.#any, this.#own];
    any.fill(0);
    for (const source of this.sources) {
      own.set(bits);
      source.keep(own);
      for (let i = 0; i < windowWords; i++) any[i] = (any[i] as number) | (own[i] as number);
    }
    bits.set(any);
  }

  spans(at: number): Spans {
    return either(this.sources.map((source) => source.spans(at)));
  }
}

/** The big spans with a little one inside, or the little ones inside of a big one. */
export class InsideSource extends Combined {
  readonly #isBig: boolean;

  constructor(big: SpanSource, little: SpanSource, isBig: boolean) {
    super(big, [little]);
    this.#isBig = isBig;
  }

  spans(at: number): Spans {
    const [big, little] = this.lists(at) ?? [];
    if (big === undefined || little === undefined) return none;
    return this.#isBig ? holding(big, little) : heldBy(big, little);
  }
}

/** Spans of one source, some of which are left out. */
class Filtered implements SpanSource {
  readonly field: string;
  readonly weighedAs: string;
  readonly terms: ReadonlyMap<string, number>;
  readonly cost: number;
  protected readonly source: SpanSource;

  constructor(source: SpanSource) {
    this.source = source;
    this.field = source.field;
    this.weighedAs = source.field;
    this.terms = source.terms;
    this.cost = source.cost;
  }

  read(base: number, end: number): void {
    this.source.read(base, end);
  }

  keep(bits: Uint32Array): void {
    this.source.keep(bits);
  }

  spans(at: number): Spans {
    return this.source.spans(at);
  }
}

export class OutsideSource extends Filtered {
  readonly #excluded: SpanSource;
  readonly #before: number;
  readonly #behind: number;

  constructor(included: SpanSource, excluded: SpanSource, before: number, behind: number) {
    super(included);
    this.#excluded = excluded;
    this.#before = before;
    this.#behind = behind;
  }

  override read(base: number, end: number): void {
    this.source.read(base, end);
    this.#excluded.read(base, end);
  }

  override spans(at: number): Spans {
    const included = this.source.spans(at);
    return included.length === 0 ? included : outside(included, this.#excluded.spans(at), this.#before, this.#behind);
  }
}

export class FirstSource extends Filtered {
  readonly #end: number;

  constructor(source: SpanSource, end: number) {
    super(source);
    this.#end = end;
  }

  override spans(at: number): Spans {
    return upTo(this.source.spans(at), this.#end);
  }
}

/** The spans of one field as if they stood in another one. */
export class MaskedSource extends Filtered {
  override readonly field: string;
  override readonly weighedAs: string;

  constructor(source: SpanSource, field: string) {
    super(source);
    this.field = field;
    this.weighedAs = source.weighedAs;
  }
}
