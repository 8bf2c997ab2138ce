import { findNumber } from "../../segment/find-number.ts";
import { type DocTester, fewMatches, type ListedMatches, Matcher } from "./matcher.ts";

/** Documents, ascending. */
export interface DocList {
  readonly count: number;
  readonly docs: Uint32Array;
  /** By place; undefined: each of them scores 1. */
  readonly scores: Float64Array | undefined;
}

/** Matches the documents of a list. */
export class ListMatcher extends Matcher implements DocTester {
  readonly #list: DocList;
  /** The first document that does not lie before the present window. */
  #at = 0;

  constructor(list: DocList, boost: number) {
    super(boost);
    this.#list = list;
  }

  get cost(): number {
    return this.#list.count;
  }

  override get constantScore(): number | undefined {
    return this.#list.scores === undefined ? this.boost : undefined;
  }

  override get exactCount(): number {
    return this.#list.count;
  }

  override get listed(): ListedMatches | undefined {
    const { count, docs, scores } = this.#list;
    if (count > fewMatches) return undefined;
    return { count, docs, isAscending: true, scoreOf: (at) => this.boost * (scores?.[at] ?? 1) };
  }

  override get tester(): DocTester {
    return this;
  }

  test(doc: number): boolean {
    const { count, docs } = this.#list;
    return findNumber(docs, count, doc) >= 0;
  }

  override next(from: number): number {
    const { docs, count } = this.#list;
    while (this.#at < count && (docs[this.#at] as number) < from) this.#at++;
    return this.#at < count ? (docs[this.#at] as number) : Number.POSITIVE_INFINITY;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.next(base);
    const { docs, count } = this.#list;
    for (let at = this.#at; at < count && (docs[at] as number) < end; at++) {
      const place = (docs[at] as number) - base;
      bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
    }
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const { docs, count, scores: own } = this.#list;
    for (let at = this.#at; at < count && (docs[at] as number) < end; at++) {
      const place = (docs[at] as number) - base;
      if ((((bits[place >>> 5] as number) >>> (place & 31)) & 1) === 1)
        scores[place] = (scores[place] as number) + this.boost * (own?.[at] ?? 1);
    }
  }
}
