import type { JSONObject } from "../../../../../kernel/index.ts";
import { grow64 } from "../segment/growing.ts";
import type { AggregationRun } from "./aggregator.ts";
import { NumberAggregator } from "./number-aggregator.ts";
import type { ValueOptions } from "./number-source.ts";
import { isSpread, spreadMember, spreadOf } from "./spread.ts";
import { isPrinted, type ValueFormat } from "./value-format.ts";

const statMembers: ReadonlySet<string> = new Set(["count", "min", "max", "avg", "sum"]);

export type StatName = "min" | "max" | "avg" | "sum" | "stats" | "extended_stats";

/** What is kept of each owner, side by side: the processor fetches it at once. */
const width = 5;
const [sumAt, minAt, maxAt, squaresAt] = [1, 2, 3, 4];
const ofNoNumbers = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];

/** Minimum, maximum, sum and what follows from them. */
export class StatsAggregator extends NumberAggregator {
  readonly kind: StatName;
  readonly #sigma: number;
  #cells: Float64Array = new Float64Array(0);

  constructor(run: AggregationRun, kind: StatName, options: ValueOptions, sigma: number) {
    super(run, kind, options);
    this.kind = kind;
    this.#sigma = sigma;
  }

  addBlock(owners: Uint32Array, values: Float64Array, count: number): void {
    const needed = (highestOf(owners, count) + 1) * width;
    if (needed > this.#cells.length) this.#grow(needed);
    const { kind } = this;
    const isInRuns = areInRuns(owners, count);
    if (kind === "avg" || kind === "sum") (isInRuns ? addRunSums : addSums)(this.#cells, owners, values, count);
    else (isInRuns ? addRuns : addAll)(this.#cells, owners, values, count);
    if (kind === "extended_stats") this.#addSquares(owners, values, count);
  }

  #addSquares(owners: Uint32Array, values: Float64Array, count: number): void {
    const cells = this.#cells;
    for (let i = 0; i < count; i++) {
      const at = (owners[i] as number) * width + squaresAt;
      const value = values[i] as number;
      cells[at] = (cells[at] as number) + value * value;
    }
  }

  #grow(needed: number): void {
    const before = this.#cells.length;
    this.#cells = grow64(this.#cells, needed);
    for (let at = before; at < this.#cells.length; at++) this.#cells[at] = ofNoNumbers[at % width] as number;
  }

  /** Buckets without documents have no owner, which is -1. */
  #of(owner: number): Record<"count" | "sum" | "min" | "max" | "squares", number> {
    const at = owner * width;
    const cells = at < 0 || at + width > this.#cells.length ? ofNoNumbers : this.#cells.subarray(at, at + width);
    const [count, sum, min, max, squares] = cells as readonly number[] as [number, number, number, number, number];
    return { count, sum, min, max, squares };
  }

  override hasMetric(member: string | undefined): boolean {
    if (this.kind === "stats") return member !== undefined && statMembers.has(member);
    if (this.kind === "extended_stats") return member !== undefined && (statMembers.has(member) || isSpread(member));
    return super.hasMetric(member);
  }

  /** The lowest and the highest of no numbers are infinite. */
  override metric(owner: number, member: string | undefined): number {
    const { count, sum, min, max, squares } = this.#of(owner);
    switch (member === undefined || member === "value" ? this.kind : member) {
      case "min":
        return min;
      case "max":
        return max;
      case "avg":
        return sum / count;
      case "sum":
        return sum;
      case "count":
        return count;
      default:
        return spreadMember({ count, sum, squares }, this.#sigma, member ?? "");
    }
  }

  result(owner: number): JSONObject {
    const { format } = this.source;
    const { count, sum, squares, ...bounds } = this.#of(owner);
    const [min, max] = [finite(bounds.min), finite(bounds.max)];
    const avg = count > 0 ? sum / count : null;
    if (this.kind === "stats" || this.kind === "extended_stats") {
      const stats = statsOf({ count, min, max, avg, sum }, format);
      if (this.kind === "stats") return stats;
      return { ...stats, ...spreadOf({ count, sum, squares }, this.#sigma, format) };
    }
    return single({ min, max, avg, sum }[this.kind], format);
  }
}

/** So many documents tell whether those of one owner follow each other. */
const looks = 64;

function areInRuns(owners: Uint32Array, count: number): boolean {
  const looked = Math.min(looks, count - 1);
  let same = 0;
  for (let i = 0; i < looked; i++) same += Number(owners[i] === owners[i + 1]);
  return same * 2 > looked;
}

// Values of one owner that follow each other are put together before anything is written: what is read as soon as it was written makes the processor
// wait. Where they do not, it waits for nothing, and would only guess wrong where a run ends and whether a value is the lowest so far.

function addRunSums(cells: Float64Array, owners: Uint32Array, values: Float64Array, count: number): void {
  for (let i = 0; i < count; ) {
    const first = i;
    const owner = owners[i] as number;
    const at = owner * width;
    let sum = cells[at + sumAt] as number;
    do sum += values[i++] as number;
    while (i < count && owners[i] === owner);
    cells[at] = (cells[at] as number) + (i - first);
    cells[at + sumAt] = sum;
  }
}

function addSums(cells: Float64Array, owners: Uint32Array, values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = (owners[i] as number) * width;
    cells[at] = (cells[at] as number) + 1;
    cells[at + sumAt] = (cells[at + sumAt] as number) + (values[i] as number);
  }
}

function addRuns(cells: Float64Array, owners: Uint32Array, values: Float64Array, count: number): void {
  for (let i = 0; i < count; ) {
    const first = i;
    const owner = owners[i] as number;
    const at = owner * width;
    let sum = cells[at + sumAt] as number;
    let min = cells[at + minAt] as number;
    let max = cells[at + maxAt] as number;
    do {
      const value = values[i++] as number;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    } while (i < count && owners[i] === owner);
    cells[at] = (cells[at] as number) + (i - first);
    cells[at + sumAt] = sum;
    cells[at + minAt] = min;
    cells[at + maxAt] = max;
  }
}

function addAll(cells: Float64Array, owners: Uint32Array, values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = (owners[i] as number) * width;
    const value = values[i] as number;
    cells[at] = (cells[at] as number) + 1;
    cells[at + sumAt] = (cells[at + sumAt] as number) + value;
    cells[at + minAt] = Math.min(cells[at + minAt] as number, value);
    cells[at + maxAt] = Math.max(cells[at + maxAt] as number, value);
  }
}

function highestOf(owners: Uint32Array, count: number): number {
  let highest = 0;
  for (let i = 0; i < count; i++) highest = Math.max(highest, owners[i] as number);
  return highest;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

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
