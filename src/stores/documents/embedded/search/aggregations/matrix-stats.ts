import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { type AggregationRun, Aggregator, spend } from "./aggregator.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";

/** What becomes of several values of one document. */
export type ValueMode = "avg" | "min" | "max" | "sum" | "median";

/** Power sums of several fields; numbers are taken relative to the first, so that large ones do not drown their differences. */
interface Sums {
  count: number;
  readonly origin: Float64Array;
  /** First to fourth powers, by field. */
  readonly powers: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  /** Products of each two fields. */
  readonly products: Float64Array;
}

/** Of a covariance and a correlation in the answer. */
const answeredBytes = 80;

/** Means, variances, skewness, kurtosis, covariances and correlations of several fields; of documents that have all of them. */
export class MatrixStatsAggregator extends Aggregator {
  readonly #run: AggregationRun;
  readonly #names: readonly string[];
  readonly #sources: readonly NumberSource[];
  readonly #mode: ValueMode;
  readonly #sums: (Sums | undefined)[] = [];
  readonly #values: Float64Array;

  constructor(run: AggregationRun, fields: readonly ValueOptions[], mode: ValueMode) {
    super();
    this.#run = run;
    this.#names = fields.map(({ field }) => field);
    this.#sources = fields.map((options) => new NumberSource(options, "matrix_stats"));
    this.#mode = mode;
    this.#values = new Float64Array(fields.length);
  }

  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    for (const source of this.#sources) source.open(context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) if (this.#read(docs[i] as number)) this.#add(owners[i] as number);
  }

  #read(doc: number): boolean {
    if (!this.#sources.some(({ isAnswered }) => isAnswered)) return false;
    for (let f = 0; f < this.#sources.length; f++) {
      const { store, missing, isAnswered } = this.#sources[f] as NumberSource;
      // Fields that are not mapped are left out.
      if (!isAnswered) continue;
      const own = store?.countOf(doc) ?? 0;
      const value = own === 0 ? missing : oneValue(store as NonNullable<typeof store>, doc, own, this.#mode);
      if (Number.isNaN(value)) return false;
      this.#values[f] = value;
    }
    return true;
  }

  #add(owner: number): void {
    const values = this.#values;
    const width = values.length;
    let sums = this.#sums[owner];
    if (sums === undefined) {
      const row = (): Float64Array => new Float64Array(width);
      sums = {
        count: 0,
        origin: values.slice(),
        powers: [row(), row(), row(), row()],
        products: new Float64Array(width * width),
      };
      spend(this.#run, 8 * width * (width + 5) + answeredBytes * width * width);
      for (let at = this.#sums.length; at < owner; at++) this.#sums.push(undefined);
      this.#sums[owner] = sums;
    }
    sums.count++;
    const [first, second, third, fourth] = sums.powers;
    for (let f = 0; f < width; f++) {
      const x = (values[f] as number) - (sums.origin[f] as number);
      first[f] = (first[f] as number) + x;
      second[f] = (second[f] as number) + x * x;
      third[f] = (third[f] as number) + x ** 3;
      fourth[f] = (fourth[f] as number) + x ** 4;
      for (let g = 0; g < f; g++) {
        const y = (values[g] as number) - (sums.origin[g] as number);
        sums.products[f * width + g] = (sums.products[f * width + g] as number) + x * y;
      }
    }
  }

  result(owner: number): JSONObject {
    const sums = this.#sums[owner];
    if (sums === undefined) return { doc_count: 0 };
    const width = this.#names.length;
    const variances = this.#names.map((_, f) => moments(sums, f));
    const covariance = (f: number, g: number): number => {
      const [x = 0, y = 0] = [sums.powers[0][f], sums.powers[0][g]];
      if (f === g) return variances[f]?.variance ?? 0;
      const at = Math.max(f, g) * width + Math.min(f, g);
      return ((sums.products[at] as number) - (x * y) / sums.count) / (sums.count - 1);
    };
    const correlation = (f: number, g: number): number =>
      f === g ? 1 : covariance(f, g) / Math.sqrt((variances[f]?.variance ?? 0) * (variances[g]?.variance ?? 0));
    const answered = [...this.#names.entries()].filter(([f]) => this.#sources[f]?.isAnswered === true);
    const row = (f: number, of: (f: number, g: number) => number): JSONObject =>
      Object.fromEntries(answered.map(([g, name]) => [name, printable(of(f, g))]));
    const fields = answered.map(([f, name]) => ({
      name,
      count: sums.count,
      ...Object.fromEntries(Object.entries(variances[f] ?? {}).map(([key, value]) => [key, printable(value)])),
      covariance: row(f, covariance),
      correlation: row(f, correlation),
    }));
    return { doc_count: sums.count, fields };
  }
}

const printable = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

interface Moments {
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

function moments({ count, origin, powers }: Sums, f: number): Moments {
  const [m1, s2, s3, s4] = powers.map((power) => (power[f] as number) / count) as [number, number, number, number];
  const second = s2 - m1 * m1;
  const third = s3 - 3 * m1 * s2 + 2 * m1 ** 3;
  const fourth = s4 - 4 * m1 * s3 + 6 * m1 * m1 * s2 - 3 * m1 ** 4;
  return {
    mean: m1 + (origin[f] as number),
    variance: (second * count) / (count - 1),
    skewness: third / second ** 1.5,
    kurtosis: fourth / second ** 2,
  };
}

function oneValue(
  store: { valueAt(doc: number, position: number): number },
  doc: number,
  count: number,
  mode: ValueMode,
): number {
  if (count === 1 || mode === "min") return store.valueAt(doc, 0);
  if (mode === "max") return store.valueAt(doc, count - 1);
  if (mode === "median") {
    const upper = store.valueAt(doc, count >> 1);
    return count % 2 === 1 ? upper : (store.valueAt(doc, (count >> 1) - 1) + upper) / 2;
  }
  let sum = 0;
  for (let v = 0; v < count; v++) sum += store.valueAt(doc, v);
  return mode === "sum" ? sum : sum / count;
}
