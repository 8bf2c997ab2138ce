import { grow32, grow64 } from "../../segment/growing.ts";
import { fewMatches, type ListedMatches, Matcher } from "./matcher.ts";

export type ScoreMode = "avg" | "max" | "min" | "sum" | "none";

/** Documents that hold matching nested objects, ascending, and what the scores of their objects make together. */
export class HoldingDocs {
  readonly mode: ScoreMode;
  count = 0;
  docs: Uint32Array = new Uint32Array(64);
  scores: Float64Array = new Float64Array(0);
  /** Objects of the last document that matched. */
  #objects = 0;

  constructor(mode: ScoreMode) {
    this.mode = mode;
  }

  /** One object of a document; objects come in the order of their documents. */
  add(doc: number, score: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.docs[last] === doc) {
      if (this.mode !== "none") this.#addScore(last, score);
      return;
    }
    this.docs = grow32(this.docs, this.count + 1);
    this.docs[this.count] = doc;
    if (this.mode !== "none") {
      this.scores = grow64(this.scores, this.count + 1);
      this.scores[this.count] = score;
      this.#objects = 1;
    }
    this.count++;
  }

  #addScore(at: number, score: number): void {
    const before = this.scores[at] as number;
    const objects = ++this.#objects;
    if (this.mode === "max") this.scores[at] = Math.max(before, score);
    else if (this.mode === "min") this.scores[at] = Math.min(before, score);
    else if (this.mode === "avg") this.scores[at] = (before * (objects - 1) + score) / objects;
    else this.scores[at] = before + score;
  }
}

/** Matches those documents. */
export class HoldingMatcher extends Matcher {
  readonly cost: number;
  readonly #found: HoldingDocs;
  /** The first document that does not lie before the present window. */
  #at = 0;

  constructor(found: HoldingDocs, boost: number) {
    super(boost);
    this.#found = found;
    this.cost = found.count;
  }

  override get constantScore(): number | undefined {
    return this.#found.mode === "none" ? 0 : undefined;
  }

  override get listed(): ListedMatches | undefined {
    const { count, docs, mode, scores } = this.#found;
    if (count > fewMatches) return undefined;
    return {
      count,
      docs,
      isAscending: true,
      scoreOf: (at) => (mode === "none" ? 0 : this.boost * (scores[at] as number)),
    };
  }

  override next(from: number): number {
    const { docs, count } = this.#found;
    while (this.#at < count && (docs[this.#at] as number) < from) this.#at++;
    return this.#at < count ? (docs[this.#at] as number) : Number.POSITIVE_INFINITY;
  }

  fill(base: number, end: number, bits: Uint32Array): void {
    this.next(base);
    const { docs, count } = this.#found;
    for (let at = this.#at; at < count && (docs[at] as number) < end; at++) {
      const place = (docs[at] as number) - base;
      bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
    }
  }

  override score(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const { docs, count, mode, scores: own } = this.#found;
    if (mode === "none") return;
    for (let at = this.#at; at < count && (docs[at] as number) < end; at++) {
      const place = (docs[at] as number) - base;
      if ((((bits[place >>> 5] as number) >>> (place & 31)) & 1) === 1)
        scores[place] = (scores[place] as number) + this.boost * (own[at] as number);
    }
  }
}
