import { grow32, grow64 } from "../../segment/growing.ts";
import type { DocList } from "./list-matcher.ts";

export type ScoreMode = "avg" | "max" | "min" | "sum" | "none";

/** Documents that hold matching nested objects, ascending, and what the scores of their objects make together. */
export class HoldingDocs implements DocList {
  readonly mode: ScoreMode;
  count = 0;
  docs: Uint32Array = new Uint32Array(64);
  scores: Float64Array | undefined;
  /** Objects of the last document that matched. */
  #objects = 0;

  constructor(mode: ScoreMode) {
    this.mode = mode;
  }

  /** One object of a document; objects come in the order of their documents. */
  add(doc: number, score: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.docs[last] === doc) {
      if (this.scores !== undefined) this.#addScore(this.scores, last, score);
      return;
    }
    this.docs = grow32(this.docs, this.count + 1);
    this.docs[this.count] = doc;
    if (this.mode !== "none") {
      this.scores = grow64(this.scores ?? new Float64Array(64), this.count + 1);
      this.scores[this.count] = score;
      this.#objects = 1;
    }
    this.count++;
  }

  #addScore(scores: Float64Array, at: number, score: number): void {
    const before = scores[at] as number;
    const objects = ++this.#objects;
    if (this.mode === "max") scores[at] = Math.max(before, score);
    else if (this.mode === "min") scores[at] = Math.min(before, score);
    else if (this.mode === "avg") scores[at] = (before * (objects - 1) + score) / objects;
    else scores[at] = before + score;
  }
}
