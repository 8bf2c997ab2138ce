import { LazyOrder } from "./lazy-order.ts";

/** Up to so many values are kept as they are, and answers are exact. */
export const exactLimit: number = 2 ** 20;
/** Values that are put into groups together. */
const chunk = 8192;
/** Groups afterwards; the error of a median is about a thousandth of the values. */
const compression = 400;

/** Values and groups together, ascending. */
interface Sorted {
  readonly means: Float64Array;
  readonly weights: Float64Array;
  readonly total: number;
}

/**
 * Quantiles of a stream of numbers in bounded memory (a merging t-digest): values gather in groups that are small near both ends
 * and large in the middle.
 */
export class Digest {
  #buffer: Float64Array = new Float64Array(32);
  #buffered = 0;
  #means: Float64Array = new Float64Array(0);
  #weights: Float64Array = new Float64Array(0);
  #groups = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sorted: Sorted | undefined;
  #order: LazyOrder | undefined;

  /** Approximate memory held. */
  get bytes(): number {
    return this.#buffer.byteLength + 2 * this.#means.byteLength;
  }

  /** Adds a part of a list of numbers. */
  addAll(values: Float64Array, from: number, to: number): void {
    let [min, max] = [this.#min, this.#max];
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.#min = min;
    this.#max = max;
    for (let at = from; at < to; ) {
      if (this.#buffered === this.#buffer.length) this.#makeRoom();
      const taken = Math.min(to - at, this.#buffer.length - this.#buffered);
      this.#buffer.set(values.subarray(at, at + taken), this.#buffered);
      this.#buffered += taken;
      at += taken;
    }
    this.#sorted = undefined;
    this.#order = undefined;
  }

  #makeRoom(): void {
    const { length } = this.#buffer;
    if (this.#groups > 0 || length >= exactLimit) {
      this.#compressAll();
      return;
    }
    const larger = new Float64Array(Math.min(exactLimit, length * (length < chunk ? 4 : 2)));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  #compressAll(): void {
    const values = this.#buffer.subarray(0, this.#buffered);
    for (let at = 0; at < values.length; at += chunk) this.#compress(values.slice(at, at + chunk));
    this.#buffer = new Float64Array(chunk);
    this.#buffered = 0;
  }

  /** The values, while all of them are kept. */
  #exact(): LazyOrder | undefined {
    if (this.#groups > 0) return undefined;
    this.#order ??= new LazyOrder(this.#buffer.subarray(0, this.#buffered), this.#min, this.#max);
    return this.#order;
  }

  #merged(): Sorted {
    this.#sorted ??= this.#merge(this.#buffer.slice(0, this.#buffered));
    return this.#sorted;
  }

  /** Sorts the values. */
  #merge(values: Float64Array): Sorted {
    values.sort();
    const count = values.length + this.#groups;
    const means = new Float64Array(count);
    const weights = new Float64Array(count);
    let total = 0;
    for (let i = 0, v = 0, g = 0; i < count; i++) {
      const takesValue =
        v < values.length && (g >= this.#groups || (values[v] as number) <= (this.#means[g] as number));
      means[i] = takesValue ? (values[v++] as number) : (this.#means[g] as number);
      weights[i] = takesValue ? 1 : (this.#weights[g++] as number);
      total += weights[i] as number;
    }
    return { means, weights, total };
  }

  #compress(values: Float64Array): void {
    const { means, weights, total } = this.#merge(values);
    const newMeans = new Float64Array(means.length);
    const newWeights = new Float64Array(means.length);
    let groups = 0;
    let before = 0;
    for (let i = 0; i < means.length; ) {
      let mean = means[i] as number;
      let weight = weights[i] as number;
      i++;
      const q = before / total;
      // The size that a group may have here, from the scale function k1.
      const limit = Math.max(1, (2 * Math.PI * total * Math.sqrt(Math.max(1e-9, q * (1 - q)))) / compression);
      while (i < means.length && weight + (weights[i] as number) <= limit) {
        const added = weights[i] as number;
        mean += (((means[i] as number) - mean) * added) / (weight + added);
        weight += added;
        i++;
      }
      newMeans[groups] = mean;
      newWeights[groups++] = weight;
      before += weight;
    }
    this.#means = newMeans.slice(0, groups);
    this.#weights = newWeights.slice(0, groups);
    this.#groups = groups;
  }

  /** Values are taken to lie in the middle of their place: the median of 1, 2, 3 is 2, of 1 and 2 it is 1.5. */
  quantile(q: number): number {
    const order = this.#exact();
    if (order !== undefined) return quantileIn(order, q);
    return quantileOf(this.#merged(), q, this.#min, this.#max);
  }

  /** The value that has a place in the order, not one between two. */
  nearest(q: number): number {
    const order = this.#exact();
    if (order !== undefined)
      return order.at(Math.min(order.length, Math.max(1, Math.floor(q * order.length + 0.5))) - 1);
    const { means, weights, total } = this.#merged();
    const wanted = Math.max(1, Math.floor(q * total + 0.5));
    let before = 0;
    for (let i = 0; i < means.length; i++) {
      before += weights[i] as number;
      if (before >= wanted) return means[i] as number;
    }
    return this.#max;
  }

  /** The share of values at or below a value, by counting. */
  share(value: number): number {
    const order = this.#exact();
    if (order !== undefined) return order.countUpTo(value) / order.length;
    const { means, weights, total } = this.#merged();
    let count = 0;
    for (let i = 0; i < means.length && (means[i] as number) <= value; i++) count += weights[i] as number;
    return count / total;
  }

  /** The median of the distances from the median. */
  medianDeviation(): number {
    const median = this.quantile(0.5);
    if (this.#groups === 0) {
      const apart = this.#buffer.subarray(0, this.#buffered).map((value) => Math.abs(value - median));
      const farthest = Math.max(median - this.#min, this.#max - median);
      return quantileIn(new LazyOrder(apart, 0, farthest), 0.5);
    }
    const { means, weights, total } = this.#merged();
    const order = Array.from(means, (mean, i) => [Math.abs(mean - median), weights[i] as number] as const);
    order.sort((a, b) => a[0] - b[0]);
    const distances = Float64Array.from(order, ([distance]) => distance);
    const sorted = { means: distances, weights: Float64Array.from(order, ([, weight]) => weight), total };
    return quantileOf(sorted, 0.5, distances[0] ?? 0, distances[distances.length - 1] ?? 0);
  }

  /** The share of values at or below a value. */
  rank(value: number): number {
    if (value < this.#min) return 0;
    if (value >= this.#max) return 1;
    const order = this.#exact();
    if (order !== undefined) return rankIn(order, value);
    const { means, weights, total } = this.#merged();
    let before = 0;
    for (let i = 0; i < means.length; i++) {
      if ((means[i] as number) > value) {
        if (i === 0) return 0;
        const left = means[i - 1] as number;
        const half = (weights[i - 1] as number) / 2;
        const width = half + (weights[i] as number) / 2;
        return (before - half + (width * (value - left)) / ((means[i] as number) - left)) / total;
      }
      before += weights[i] as number;
    }
    return 1;
  }
}

function quantileOf({ means, weights, total }: Sorted, q: number, min: number, max: number): number {
  const wanted = q * total;
  let before = 0;
  let lastMiddle = 0;
  let lastMean = min;
  for (let i = 0; i < means.length; i++) {
    const weight = weights[i] as number;
    const middle = before + weight / 2;
    const mean = means[i] as number;
    if (wanted < middle) {
      if (i === 0) return mean;
      return lastMean + ((mean - lastMean) * (wanted - lastMiddle)) / (middle - lastMiddle);
    }
    lastMiddle = middle;
    lastMean = mean;
    before += weight;
  }
  return max;
}

/** Each value lies in the middle of its place. */
function quantileIn(order: LazyOrder, q: number): number {
  const wanted = q * order.length - 0.5;
  if (wanted < 0) return order.at(0);
  const place = Math.floor(wanted);
  if (place >= order.length - 1) return order.at(order.length - 1);
  const value = order.at(place);
  return value + (order.at(place + 1) - value) * (wanted - place);
}

/** The share of values at or below a value that lies between the first and the last. */
function rankIn(order: LazyOrder, value: number): number {
  const count = order.countUpTo(value);
  const left = order.at(count - 1);
  return (count - 0.5 + (value - left) / (order.at(count) - left)) / order.length;
}
