import type { CalendarUnit } from "../../../mapping/dates/date-math.ts";
import type { TimeZone } from "../../../mapping/dates/time-zone.ts";
import { malformed } from "../query/parameters.ts";
import { calendarRounding, type Rounding } from "./rounding.ts";

/** A calendar unit that buckets may have, and how many of them may be one bucket. */
export interface AutoUnit {
  readonly name: string;
  readonly unit: CalendarUnit;
  /** How the interval is written: `7d`, `3M`. */
  readonly letter: string;
  readonly roughMs: number;
  readonly steps: readonly number[];
}

const day = 86_400_000;
const maxDays = 50_000;

const units: readonly AutoUnit[] = [
  { name: "second", unit: "s", letter: "s", roughMs: 1000, steps: [1, 5, 10, 30] },
  { name: "minute", unit: "m", letter: "m", roughMs: 60_000, steps: [1, 5, 10, 30] },
  { name: "hour", unit: "h", letter: "h", roughMs: 3_600_000, steps: [1, 3, 12] },
  { name: "day", unit: "d", letter: "d", roughMs: day, steps: [1, 7] },
  { name: "month", unit: "M", letter: "M", roughMs: 30 * day, steps: [1, 3] },
  { name: "year", unit: "y", letter: "y", roughMs: 365 * day, steps: [1, 5, 10, 20, 50, 100] },
];

/** The units that buckets may have, from `minimum_interval` on. */
export function minimumOf(value: unknown, place: string): readonly AutoUnit[] {
  if (value === undefined || value === null) return units;
  const at = units.findIndex(({ name }) => name === value);
  if (at < 0)
    throw malformed(`[${place}.minimum_interval] must be one of ${units.map(({ name }) => name).join(", ")}.`);
  return units.slice(at);
}

/** Buckets of one unit, in one zone. */
export class AutoRounding {
  readonly unit: AutoUnit;
  readonly rounding: Rounding;
  /** Keys of many values are the same: what was computed last is looked at first. */
  #start = Number.NaN;
  #end = Number.NaN;
  /** Days that lie in one bucket as a whole. */
  readonly #days = new Map<number, number>();

  constructor(unit: AutoUnit, zone: TimeZone) {
    this.unit = unit;
    this.rounding = calendarRounding(unit.unit, zone, 0);
  }

  get mostSteps(): number {
    return this.unit.steps[this.unit.steps.length - 1] as number;
  }

  floor(value: number): number {
    if (value >= this.#start && value < this.#end) return this.#start;
    const at = Math.floor(value / day);
    const known = this.#days.get(at);
    if (known !== undefined) return known;
    this.#start = this.rounding.floor(value);
    this.#end = this.rounding.next(this.#start);
    if (this.#start <= at * day && (at + 1) * day <= this.#end) {
      if (this.#days.size > maxDays) this.#days.clear();
      this.#days.set(at, this.#start);
    }
    return this.#start;
  }
}

/** Steps that give at most the wanted number of buckets; 1 when none does. */
export function stepsFor({ steps }: AutoUnit, buckets: number, wanted: number): number {
  if (buckets <= wanted) return 1;
  return steps.find((step) => Math.ceil(buckets / step) <= wanted) ?? 1;
}

/**
 * The first unit from `from` on by which the time between two keys makes few enough buckets for its largest step. A rough estimate
 * comes first, as counting seconds over years takes long.
 */
export function fittingUnit(
  roundings: readonly AutoRounding[],
  from: number,
  low: number,
  high: number,
  wanted: number,
): number {
  const last = roundings.length - 1;
  let at = from;
  if (at >= last) return last;
  for (let next = from + 1; next <= last; next++) {
    const one = roundings[next] as AutoRounding;
    if (Math.floor((high - low) / one.unit.roughMs) < wanted * one.mostSteps) {
      at = next - 1;
      break;
    }
  }
  for (; at < last; at++) {
    const { rounding, mostSteps } = roundings[at] as AutoRounding;
    let needed = 0;
    for (let key = low; key < high && needed <= wanted * mostSteps; key = rounding.next(key)) needed++;
    if (needed <= wanted * mostSteps) return at;
  }
  return at;
}
