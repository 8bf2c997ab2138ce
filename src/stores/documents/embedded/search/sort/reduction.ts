import type { SortMode } from "./parse-sort.ts";

/** What becomes of sums, averages and medians: to the reference engine those of whole numbers are whole, those of 32 bits have 32. */
export type Rounded = "whole" | "single" | "none";

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const upper = values[middle] as number;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}

/** Reduces the values of a document to one. */
export class Reduction {
  readonly #mode: SortMode;
  readonly #rounded: Rounded;
  #values: number[] = [];

  constructor(mode: SortMode, rounded: Rounded) {
    this.#mode = mode;
    this.#rounded = rounded;
  }

  clear(): void {
    this.#values.length = 0;
  }

  add(value: number): void {
    this.#values.push(value);
  }

  /** NaN without values. */
  get result(): number {
    const values = this.#values;
    if (values.length === 0) return Number.NaN;
    let sum = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (this.#mode === "min") return low;
    if (this.#mode === "max") return high;
    const one = this.#mode === "sum" ? sum : this.#mode === "avg" ? sum / values.length : medianOf(values);
    if (this.#rounded === "single") return Math.fround(one);
    return this.#rounded === "whole" && this.#mode !== "sum" ? Math.round(one) : one;
  }
}
