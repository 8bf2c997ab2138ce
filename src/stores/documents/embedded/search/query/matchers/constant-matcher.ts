import { type Explanation, given } from "../scoring/explanation.ts";
import { type DocTester, type ListedMatches, Matcher } from "./matcher.ts";

/** Matches as another matcher does, with one score for all. */
export class ConstantMatcher extends Matcher {
  readonly cost: number;
  readonly #inner: Matcher;

  constructor(inner: Matcher, boost: number) {
    super(boost);
    this.#inner = inner;
    this.cost = inner.cost;
  }

  override next(from: number): number {
    return this.#inner.next(from);
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.#inner.fill(base, end, bits);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#inner.keep(base, end, bits);
  }

  override get listed(): ListedMatches | undefined {
    const listed = this.#inner.listed;
    return listed && { ...listed, scoreOf: () => this.boost };
  }

  override get tester(): DocTester | undefined {
    return this.#inner.tester;
  }

  override explain(): Explanation {
    return given(this.boost, "constant score");
  }
}
