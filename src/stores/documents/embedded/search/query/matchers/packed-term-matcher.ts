import type { Explanation } from "../scoring/explanation.ts";
import { type DocTester, fewMatches, type ListedMatches, Matcher, newWindow, windowWords } from "./matcher.ts";
import type { PackedList } from "./packed-list.ts";

/** Documents of a frozen segment that hold one term. */
export class PackedTermMatcher extends Matcher {
  readonly list: PackedList;
  #own: Uint32Array | undefined;

  constructor(list: PackedList, boost: number) {
    super(boost);
    this.list = list;
  }

  get cost(): number {
    return this.list.count;
  }

  override get constantScore(): number | undefined {
    return this.list.scoring.constantScore;
  }

  override get exactCount(): number {
    return this.list.count;
  }

  override get listed(): ListedMatches | undefined {
    return this.list.count > fewMatches ? undefined : this.list.all();
  }

  override get tester(): DocTester | undefined {
    return this.list.tester;
  }

  override next(): number {
    return this.list.next;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.list.move(base, end);
    this.list.set(base, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.list.move(base, end);
    if (this.list.keep(base, bits)) return;
    this.#own ??= newWindow();
    const own = this.#own;
    own.fill(0);
    this.list.set(base, own);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (own[i] as number);
  }

  override bound(base: number): number {
    return this.list.bound(base);
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    this.list.score(base, bits, scores);
  }

  override explain(base: number, end: number, at: number): Explanation {
    return this.list.explain(this.scoreOf(base, end, at), base + at) ?? super.explain(base, end, at);
  }
}
