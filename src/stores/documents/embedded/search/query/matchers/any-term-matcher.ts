import { type Explanation, given } from "../scoring/explanation.ts";
import { BoundOrder } from "./bound-order.ts";
import { DocSums } from "./doc-sums.ts";
import {
  type Contenders,
  fewMatches,
  type ListedMatches,
  Matcher,
  newWindow,
  windowSize,
  windowWords,
} from "./matcher.ts";
import type { PackedList } from "./packed-list.ts";

/** With so many entries in a window its words are looked at as fast. A guess. */
const fewEntries = windowSize / 4;

/** Documents of a frozen segment that hold any of some terms; their scores add up. Their lists are read as they are: most have few documents in a window. */
export class AnyTermMatcher extends Matcher {
  readonly cost: number;
  readonly #lists: readonly PackedList[];
  readonly #bounds: BoundOrder;
  /** Of those of many words only the outermost is asked for what needs them. */
  #wanted: Uint32Array | undefined;
  #places: Uint16Array | undefined;

  constructor(lists: readonly PackedList[]) {
    super();
    this.#lists = lists;
    this.#bounds = new BoundOrder(lists.length);
    this.cost = lists.reduce((sum, { count }) => sum + count, 0);
  }

  override next(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const list of this.#lists) first = Math.min(first, list.next);
    return first;
  }

  /** Of few documents: windows would take longer than the lists. */
  override get listed(): ListedMatches | undefined {
    if (this.cost > fewMatches) return undefined;
    const sums = new DocSums(this.cost);
    for (const list of this.#lists) list.sum(sums);
    return sums;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    for (const list of this.#lists) {
      list.move(base, end);
      if (list.entries > 0) list.set(base, bits);
    }
  }

  override bound(base: number): number {
    let sum = 0;
    for (const list of this.#lists) sum += list.bound(base);
    return sum;
  }

  /** What has none of the terms that matter cannot score enough: the others are all that it could have. */
  override narrow(base: number, bits: Uint32Array, floor: number): void {
    const spare = this.#spareLists(base, floor);
    if (spare === 0) return;
    const { order } = this.#bounds;
    this.#wanted ??= newWindow();
    const wanted = this.#wanted;
    wanted.fill(0);
    for (let i = spare; i < order.length; i++) this.#lists[order[i] as number]?.set(base, wanted);
    for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & (wanted[i] as number);
  }

  override contenders(base: number, floor: number, scores: Float64Array): Contenders | undefined {
    const lists = this.#lists;
    const { order } = this.#bounds;
    const spare = this.#spareLists(base, floor);
    let entries = 0;
    for (let i = spare; i < order.length; i++) entries += (lists[order[i] as number] as PackedList).entries;
    if (entries > fewEntries) return undefined;
    this.#places ??= new Uint16Array(fewEntries);
    this.#wanted ??= newWindow();
    const places = this.#places;
    const wanted = this.#wanted;
    let count = 0;
    if (entries > 0) {
      wanted.fill(0);
      for (let i = spare; i < order.length; i++)
        count = (lists[order[i] as number] as PackedList).list(base, wanted, places, count);
      for (let i = 0; i < count; i++) scores[places[i] as number] = 0;
      this.score(base, base, wanted, scores);
    }
    return { count, places };
  }

  /** How many of the lists, the first by their bounds, cannot lift a match of the window above `floor`. */
  #spareLists(base: number, floor: number): number {
    const lists = this.#lists;
    const { bounds } = this.#bounds;
    for (let i = 0; i < lists.length; i++) {
      const list = lists[i] as PackedList; // within bounds
      bounds[i] = list.entries === 0 ? 0 : list.bound(base);
    }
    return this.#bounds.spare(floor);
  }

  override score(base: number, _end: number, bits: Uint32Array, scores: Float64Array): void {
    for (const list of this.#lists) if (list.entries > 0) list.score(base, bits, scores);
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
