import { type Explanation, given } from "../scoring/explanation.ts";
import { BoundOrder } from "./bound-order.ts";
import { listConjunction } from "./listed-conjunction.ts";
import {
  clearFrom,
  fewMatches,
  isEmpty,
  type ListedMatches,
  Matcher,
  newWindow,
  windowSize,
  windowWords,
} from "./matcher.ts";

export interface BoolClauses {
  readonly must: readonly Matcher[];
  readonly filter: readonly Matcher[];
  readonly should: readonly Matcher[];
  readonly mustNot: readonly Matcher[];
  readonly minimumShouldMatch: number;
}

/** All of `must` and `filter`, at least `minimumShouldMatch` of `should`, none of `mustNot`. Scores are those of `must` and `should`. */
export class BoolMatcher extends Matcher {
  readonly cost: number;
  readonly #required: readonly Matcher[];
  readonly #clauses: BoolClauses;
  readonly #shouldBits: readonly Uint32Array[];
  /** By optional clause: whether it has something in the present window. */
  readonly #isFilled: Uint8Array;
  /** Of the optional clauses. */
  readonly #bounds: BoundOrder;
  readonly #scratch = newWindow();
  readonly #part = newWindow();
  readonly #counts: Uint16Array;
  readonly #scores: Float64Array;

  /** What is left out is empty. */
  constructor(clauses: Partial<BoolClauses>, maxDoc: number, boost = 1) {
    super(boost);
    const { must = [], filter = [], should = [], mustNot = [], minimumShouldMatch = 0 } = clauses;
    this.#clauses = { must, filter, should, mustNot, minimumShouldMatch };
    this.#required = [...must, ...filter].sort((a, b) => a.cost - b.cost);
    this.#shouldBits = should.map(newWindow);
    this.#isFilled = new Uint8Array(should.length).fill(1);
    this.#bounds = new BoundOrder(should.length);
    this.#counts = new Uint16Array(minimumShouldMatch > 1 ? windowSize : 0);
    this.#scores = new Float64Array(boost === 1 ? 0 : windowSize);
    let cost = maxDoc;
    const [lead] = this.#required;
    if (lead !== undefined) cost = lead.cost;
    if (minimumShouldMatch > 0) {
      let sum = 0;
      for (const clause of should) sum += clause.cost;
      cost = Math.min(cost, sum);
    }
    this.cost = cost;
  }

  override get constantScore(): number | undefined {
    const { must, should } = this.#clauses;
    return must.length + should.length === 0 ? 0 : undefined;
  }

  override get listed(): ListedMatches | undefined {
    const { must: scored, should, mustNot: excluded } = this.#clauses;
    const [lead, ...others] = this.#required;
    if (lead === undefined || lead.cost > fewMatches || should.length > 0) return undefined;
    return listConjunction({ lead, others, excluded, scored, boost: this.boost });
  }

  override next(from: number): number {
    const { should, minimumShouldMatch } = this.#clauses;
    let next = from;
    for (const clause of this.#required) next = Math.max(next, clause.next(from));
    if (this.#required.length > 0 || minimumShouldMatch === 0) return next;
    let first = Number.POSITIVE_INFINITY;
    for (const clause of should) first = Math.min(first, clause.next(from));
    return first;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    const { mustNot, minimumShouldMatch } = this.#clauses;
    const [lead] = this.#required;
    if (lead !== undefined) {
      lead.fill(base, end, bits);
      this.#narrow(base, end, bits, 1);
    } else if (minimumShouldMatch > 0) {
      this.#fillShould(base, end, bits);
    } else {
      bits.fill(0xffffffff);
    }
    if (lead !== undefined && minimumShouldMatch > 0 && !isEmpty(bits)) this.#keepShould(base, end, bits);
    if (mustNot.length > 0 && !isEmpty(bits)) this.#exclude(base, end, bits);
    // Without a lead nothing has limited the last window.
    if (lead === undefined && end - base < windowSize) clearFrom(bits, end - base);
  }

  override keep(base: number, end: number, bits: Uint32Array): void {
    this.#narrow(base, end, bits, 0);
    if (this.#clauses.minimumShouldMatch > 0 && !isEmpty(bits)) this.#keepShould(base, end, bits);
    if (this.#clauses.mustNot.length > 0 && !isEmpty(bits)) this.#exclude(base, end, bits);
  }

  #narrow(base: number, end: number, bits: Uint32Array, from: number): void {
    const required = this.#required;
    for (let i = from; i < required.length; i++) {
      if (isEmpty(bits)) return;
      required[i]?.keep(base, end, bits);
    }
  }

  #fillShould(base: number, end: number, bits: Uint32Array): void {
    const { should, minimumShouldMatch } = this.#clauses;
    for (let i = 0; i < should.length; i++) {
      const own = this.#shouldBits[i] as Uint32Array;
      const clause = should[i] as Matcher;
      const isThere = clause.next(base) < end;
      // What is not there now was perhaps not there before either.
      if (isThere || this.#isFilled[i] === 1) own.fill(0);
      this.#isFilled[i] = isThere ? 1 : 0;
      if (!isThere) continue;
      clause.fill(base, end, own);
      if (minimumShouldMatch === 1)
        for (let w = 0; w < windowWords; w++) bits[w] = (bits[w] as number) | (own[w] as number);
    }
    if (minimumShouldMatch > 1) this.#countShould(bits);
  }

  #countShould(bits: Uint32Array): void {
    const counts = this.#counts;
    counts.fill(0);
    for (const own of this.#shouldBits) {
      for (let i = 0; i < windowWords; i++) {
        let word = own[i] as number;
        while (word !== 0) {
          const at = (i << 5) + 31 - Math.clz32(word & -word);
          const count = (counts[at] as number) + 1;
          counts[at] = count;
          if (count === this.#clauses.minimumShouldMatch) bits[i] = (bits[i] as number) | (1 << (at & 31));
          word &= word - 1;
        }
      }
    }
  }

  #keepShould(base: number, end: number, bits: Uint32Array): void {
    this.#isFilled.fill(1);
    const { should } = this.#clauses;
    for (const [i, clause] of should.entries()) {
      const own = this.#shouldBits[i] as Uint32Array;
      own.set(bits);
      clause.keep(base, end, own);
    }
    const kept = this.#part;
    kept.fill(0);
    if (this.#clauses.minimumShouldMatch > 1) this.#countShould(kept);
    else
      for (const own of this.#shouldBits)
        for (let i = 0; i < windowWords; i++) kept[i] = (kept[i] as number) | (own[i] as number);
    bits.set(kept);
  }

  #exclude(base: number, end: number, bits: Uint32Array): void {
    const excluded = this.#scratch;
    for (const clause of this.#clauses.mustNot) {
      excluded.set(bits);
      clause.keep(base, end, excluded);
      for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & ~(excluded[i] as number);
    }
  }

  override bound(base: number): number {
    const { must, should } = this.#clauses;
    let sum = 0;
    for (const clause of must) sum += clause.bound(base);
    for (let i = 0; i < should.length; i++) sum += this.#boundOfShould(i, base);
    return this.boost * sum;
  }

  #boundOfShould(i: number, base: number): number {
    const isAbsent = this.#clauses.minimumShouldMatch > 0 && this.#isFilled[i] === 0;
    return isAbsent ? 0 : (this.#clauses.should[i] as Matcher).bound(base);
  }

  /** What has none of the optional clauses that matter cannot score enough: those that do not are all that it could have. */
  override narrow(base: number, bits: Uint32Array, floor: number): void {
    const { must, should, minimumShouldMatch } = this.#clauses;
    if (should.length === 0 || minimumShouldMatch === 0) {
      super.narrow(base, bits, floor);
      return;
    }
    let sum = 0;
    for (const clause of must) sum += clause.bound(base);
    const { bounds, order } = this.#bounds;
    for (let i = 0; i < should.length; i++) bounds[i] = this.#boundOfShould(i, base);
    const spare = this.#bounds.spare(floor, sum, this.boost);
    if (spare === 0) return;
    const wanted = this.#part;
    wanted.fill(0);
    for (let k = spare; k < order.length; k++) {
      const own = this.#shouldBits[order[k] as number] as Uint32Array;
      for (let w = 0; w < windowWords; w++) wanted[w] = (wanted[w] as number) | (own[w] as number);
    }
    for (let w = 0; w < windowWords; w++) bits[w] = (bits[w] as number) & (wanted[w] as number);
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    if (this.boost === 1) {
      this.#sum(base, end, bits, scores);
      return;
    }
    const own = this.#scores;
    own.fill(0);
    this.#sum(base, end, bits, own);
    for (let i = 0; i < end - base; i++) scores[i] = (scores[i] as number) + this.boost * (own[i] as number);
  }

  override explain(base: number, end: number, at: number): Explanation {
    const { must, filter, should } = this.#clauses;
    const details = must.map((clause) => clause.explain(base, end, at));
    for (const [i, clause] of should.entries()) {
      const matched = this.#shouldBits[i] as Uint32Array;
      if (Matcher.has(matched, at)) details.push(clause.explain(base, end, at));
    }
    if (filter.length > 0) details.push(given(0, "match of required clauses that do not score"));
    const value = this.boost * details.reduce((sum, one) => sum + one.value, 0);
    return { value, description: this.boost === 1 ? "sum of:" : `boost ${this.boost} times the sum of:`, details };
  }

  #sum(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const { must, should, minimumShouldMatch } = this.#clauses;
    for (const clause of must) clause.score(base, end, bits, scores);
    for (let i = 0; i < should.length; i++) {
      const clause = should[i] as Matcher;
      const own = this.#part;
      if (minimumShouldMatch > 0) {
        if (this.#isFilled[i] === 0) continue;
        const matched = this.#shouldBits[i] as Uint32Array;
        for (let w = 0; w < windowWords; w++) own[w] = (bits[w] as number) & (matched[w] as number);
      } else {
        own.set(bits);
        clause.keep(base, end, own);
        (this.#shouldBits[i] as Uint32Array).set(own);
      }
      if (!isEmpty(own)) clause.score(base, end, own, scores);
    }
  }
}
