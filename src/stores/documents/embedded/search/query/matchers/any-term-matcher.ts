import { type Explanation, given } from "../scoring/explanation.ts";
import { DocSums } from "./doc-sums.ts";
import { isBelow, type ListedMatches, Matcher, newWindow, windowSize, windowWords } from "./matcher.ts";
import type { PackedList } from "./packed-list.ts";

/** Of all lists together. A guess, below what is taken without giving others their turn. */
const fewEntries = 4_096;

/** Documents of a frozen segment that hold any of some terms; their scores add up. Their lists are read as they are: most have few documents in a window. */
export class AnyTermMatcher extends Matcher {
  readonly cost: number;
  readonly #lists: readonly PackedList[];
  /** The lists by what they can add to a score, the least first. */
  readonly #order: Uint32Array;
  readonly #bounds: Float64Array;
  readonly #wanted = newWindow();

  constructor(lists: readonly PackedList[]) {
    super();
    this.#lists = lists;
    this.#order = Uint32Array.from(lists, (_, i) => i);
    this.#bounds = new Float64Array(lists.length);
    this.cost = lists.reduce((sum, { count }) => sum + count, 0);
  }

  override next(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const list of this.#lists) first = Math.min(first, list.next);
    return first;
  }

  /** Of few documents: windows would take longer than the lists. */
  override get listed(): ListedMatches | undefined {
    if (this.cost > fewEntries) return undefined;
    const sums = new DocSums(this.cost);
    for (const list of this.#lists) list.sum(sums);
    return sums;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    for (const list of this.#lists) {
      list.move(base, end);
      if (list.length > 0) list.set(base, bits);
    }
  }

  override bound(base: number): number {
    let sum = 0;
    for (const list of this.#lists) sum += list.bound(base);
    return sum;
  }

  /** What has none of the terms that matter cannot score enough: the others are all that it could have. */
  override narrow(base: number, bits: Uint32Array, floor: number): void {
    const order = this.#order;
    this.#sort(base);
    let sum = 0;
    let spare = 0;
    for (; spare < order.length; spare++) {
      sum += this.#bounds[order[spare] as number] as number;
      if (!isBelow(sum, floor)) break;
    }
    if (spare === 0) return;
    const wanted = this.#wanted;
    wanted.fill(0);
    for (; spare < order.length; spare++) this.#lists[order[spare] as number]?.set(base, wanted);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (wanted[i] as number);
  }

  /** By insertion: the order changes little from one window to the next. */
  #sort(base: number): void {
    const order = this.#order;
    const bounds = this.#bounds;
    for (let i = 0; i < bounds.length; i++) {
      const list = this.#lists[i] as PackedList; // within bounds
      bounds[i] = list.length === 0 ? 0 : list.bound(base);
    }
    for (let i = 1; i < order.length; i++) {
      const moved = order[i] as number;
      const bound = bounds[moved] as number;
      let to = i;
      for (; to > 0 && (bounds[order[to - 1] as number] as number) > bound; to--) order[to] = order[to - 1] as number;
      order[to] = moved;
    }
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    for (const list of this.#lists) if (list.length > 0) list.score(base, bits, scores);
  }

  override explain(base: number, _end: number, at: number): Explanation {
    const details: Explanation[] = [];
    const bits = newWindow();
    bits[at >>> 5] = 1 << (at & 31);
    const scores = new Float64Array(windowSize);
    for (const list of this.#lists) {
      scores[at] = 0;
      list.score(base, bits, scores);
      const own = list.explain(scores[at] as number, base + at);
      if (own !== undefined) details.push(own);
    }
    return details.length === 0
      ? given(0, "sum of:")
      : { value: details.reduce((sum, one) => sum + one.value, 0), description: "sum of:", details };
  }
}
