/** Up to so many values are kept as they are, and answers are exact. */
const exactLimit = 8192;
/** Groups afterwards; the error of a median is about a thousandth of the values. */
const compression = 400;

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

  add(value: number): void {
    if (this.#buffered === this.#buffer.length) {
      if (this.#buffer.length < exactLimit) {
        const larger = new Float64Array(this.#buffer.length * 4);
        larger.set(this.#buffer);
        this.#buffer = larger;
      } else {
        this.#compress();
      }
    }
    this.#buffer[this.#buffered++] = value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Values and groups together, ascending. */
  #merged(): { readonly means: Float64Array; readonly weights: Float64Array; readonly total: number } {
    const values = this.#buffer.subarray(0, this.#buffered).slice().sort();
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

  #compress(): void {
    const { means, weights, total } = this.#merged();
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
    this.#buffered = 0;
  }

  /** Values are taken to lie in the middle of their place: the median of 1, 2, 3 is 2, of 1 and 2 it is 1.5. */
  quantile(q: number): number {
    const { means, weights, total } = this.#merged();
    const wanted = q * total;
    let before = 0;
    let lastMiddle = 0;
    let lastMean = this.#min;
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
    return this.#max;
  }

  /** The share of values at or below a value. */
  rank(value: number): number {
    const { means, weights, total } = this.#merged();
    if (value < this.#min) return 0;
    if (value >= this.#max) return 1;
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
