import type { JSONObject } from "../../../../../kernel/index.ts";
import { grow64 } from "../segment/growing.ts";
import type { AggregationRun } from "./aggregator.ts";
import { NumberAggregator } from "./number-aggregator.ts";
import type { ValueOptions } from "./number-source.ts";
import { isSpread, spreadMember, spreadOf } from "./spread.ts";
import { isPrinted, type ValueFormat } from "./value-format.ts";

const statMembers: ReadonlySet<string> = new Set(["count", "min", "max", "avg", "sum"]);

export type StatName = "min" | "max" | "avg" | "sum" | "stats" | "extended_stats";

/** Minimum, maximum, sum and what follows from them. */
export class StatsAggregator extends NumberAggregator {
  readonly kind: StatName;
  readonly #sigma: number;
  #counts: Float64Array = new Float64Array(16);
  #sums: Float64Array = new Float64Array(16);
  #squares: Float64Array = new Float64Array(16);
  #mins: Float64Array = new Float64Array(16).fill(Number.POSITIVE_INFINITY);
  #maxs: Float64Array = new Float64Array(16).fill(Number.NEGATIVE_INFINITY);

  constructor(run: AggregationRun, kind: StatName, options: ValueOptions, sigma: number) {
    super(run, kind, options);
    this.kind = kind;
    this.#sigma = sigma;
  }

  addBlock(owners: Uint32Array, values: Float64Array, count: number, highest: number): void {
    if (highest >= this.#counts.length) this.#grow(highest + 1);
    const { kind } = this;
    if (kind !== "min" && kind !== "max") this.#addSums(owners, values, count);
    if (kind === "extended_stats") this.#addSquares(owners, values, count);
    if (kind !== "avg" && kind !== "sum" && kind !== "max") {
      const mins = this.#mins;
      for (let i = 0; i < count; i++) {
        const [owner, value] = [owners[i] as number, values[i] as number];
        if (value < (mins[owner] as number)) mins[owner] = value;
      }
    }
    if (kind !== "avg" && kind !== "sum" && kind !== "min") {
      const maxs = this.#maxs;
      for (let i = 0; i < count; i++) {
        const [owner, value] = [owners[i] as number, values[i] as number];
        if (value > (maxs[owner] as number)) maxs[owner] = value;
      }
    }
  }

  #addSums(owners: Uint32Array, values: Float64Array, count: number): void {
    const counts = this.#counts;
    const sums = this.#sums;
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      counts[owner] = (counts[owner] as number) + 1;
      sums[owner] = (sums[owner] as number) + (values[i] as number);
    }
  }

  #addSquares(owners: Uint32Array, values: Float64Array, count: number): void {
    const squares = this.#squares;
    for (let i = 0; i < count; i++) {
      const [owner, value] = [owners[i] as number, values[i] as number];
      squares[owner] = (squares[owner] as number) + value * value;
    }
  }

  #grow(needed: number): void {
    const before = this.#counts.length;
    this.#counts = grow64(this.#counts, needed);
    this.#sums = grow64(this.#sums, needed);
    this.#squares = grow64(this.#squares, needed);
    this.#mins = grow64(this.#mins, needed).fill(Number.POSITIVE_INFINITY, before);
    this.#maxs = grow64(this.#maxs, needed).fill(Number.NEGATIVE_INFINITY, before);
  }

  override hasMetric(member: string | undefined): boolean {
    if (this.kind === "stats") return member !== undefined && statMembers.has(member);
    if (this.kind === "extended_stats") return member !== undefined && (statMembers.has(member) || isSpread(member));
    return super.hasMetric(member);
  }

  /** The lowest and the highest of no numbers are infinite. */
  override metric(owner: number, member: string | undefined): number {
    const count = this.#counts[owner] ?? 0;
    const sum = this.#sums[owner] ?? 0;
    switch (member === undefined || member === "value" ? this.kind : member) {
      case "min":
        return this.#mins[owner] ?? Number.POSITIVE_INFINITY;
      case "max":
        return this.#maxs[owner] ?? Number.NEGATIVE_INFINITY;
      case "avg":
        return sum / count;
      case "sum":
        return sum;
      case "count":
        return count;
      default:
        return spreadMember({ count, sum, squares: this.#squares[owner] ?? 0 }, this.#sigma, member ?? "");
    }
  }

  result(owner: number): JSONObject {
    const { format } = this.source;
    const count = this.#counts[owner] ?? 0;
    const sum = this.#sums[owner] ?? 0;
    const min = finite(this.#mins[owner]);
    const max = finite(this.#maxs[owner]);
    const avg = count > 0 ? sum / count : null;
    if (this.kind === "stats" || this.kind === "extended_stats") {
      const stats = statsOf({ count, min, max, avg, sum }, format);
      if (this.kind === "stats") return stats;
      return { ...stats, ...spreadOf({ count, sum, squares: this.#squares[owner] ?? 0 }, this.#sigma, format) };
    }
    return single({ min, max, avg, sum }[this.kind], format);
  }
}

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** A number and, where it has a format, its text. */
export function single(value: number | null, format: ValueFormat): JSONObject {
  return value === null || !isPrinted(format) ? { value } : { value, value_as_string: format.print(value) };
}

/** `stats` in the engine's layout. */
export function statsOf(
  {
    count,
    min,
    max,
    avg,
    sum,
  }: Readonly<Record<"min" | "max" | "avg", number | null>> & { readonly count: number; readonly sum: number },
  format: ValueFormat,
): JSONObject {
  const stats = { count, min, max, avg, sum };
  if (count === 0 || !isPrinted(format)) return stats;
  const print = (value: number | null): unknown => printStat(value ?? 0, format);
  return {
    ...stats,
    min_as_string: print(min),
    max_as_string: print(max),
    avg_as_string: print(avg),
    sum_as_string: print(sum),
  };
}

/** Booleans stand as such in the reference's answer. */
function printStat(value: number, format: ValueFormat): unknown {
  return format.kind === "boolean" ? value !== 0 : format.print(value);
}
