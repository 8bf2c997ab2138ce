import type { JSONObject } from "../../../../../kernel/index.ts";
import { malformed } from "../query/parameters.ts";
import { type AggregationRun, spend } from "./aggregator.ts";
import { Digest } from "./digest.ts";
import { NumberAggregator } from "./number-aggregator.ts";
import { printDouble } from "./number-pattern.ts";
import type { ValueOptions } from "./number-source.ts";
import { single } from "./stats.ts";
import { isPrinted } from "./value-format.ts";

/** One digest for each owner. */
abstract class DigestAggregator extends NumberAggregator {
  readonly #digests: (Digest | undefined)[] = [];

  digest(owner: number): Digest | undefined {
    return this.#digests[owner];
  }

  addBlock(owners: Uint32Array, values: Float64Array, count: number): void {
    const digests = this.#digests;
    for (let i = 0; i < count; ) {
      const owner = owners[i] as number;
      let end = i + 1;
      while (end < count && owners[end] === owner) end++;
      let digest = digests[owner];
      if (digest === undefined) {
        digest = new Digest();
        for (let at = digests.length; at < owner; at++) digests.push(undefined);
        digests[owner] = digest;
      }
      const before = digest.bytes;
      digest.addAll(values, i, end);
      if (digest.bytes !== before) spend(this.run, digest.bytes - before);
      i = end;
    }
  }
}

export interface PercentilesOptions {
  readonly isRanks: boolean;
  readonly wanted: readonly number[];
  readonly keyed: boolean;
  /** Answers values that occur, not what lies between two of them. */
  readonly hdr: boolean;
}

/** Values below which given shares of all values lie, or (`percentile_ranks`) the shares below given values. */
export class PercentilesAggregator extends DigestAggregator {
  readonly #options: PercentilesOptions;

  constructor(run: AggregationRun, place: string, values: ValueOptions, options: PercentilesOptions) {
    super(run, place, values);
    this.#options = options;
  }

  override addBlock(owners: Uint32Array, values: Float64Array, count: number): void {
    if (this.#options.hdr) {
      for (let i = 0; i < count; i++) {
        if ((values[i] as number) < 0)
          throw malformed(`[${this.place}.hdr] takes no negative numbers; use "tdigest" or a range query.`);
      }
    }
    super.addBlock(owners, values, count);
  }

  #value(digest: Digest | undefined, wanted: number): number | null {
    if (digest === undefined) return null;
    const { isRanks, hdr } = this.#options;
    if (isRanks) return (hdr ? digest.share(wanted) : digest.rank(wanted)) * 100;
    return hdr ? digest.nearest(wanted / 100) : digest.quantile(wanted / 100);
  }

  override hasMetric(member: string | undefined): boolean {
    return member !== undefined && this.#options.wanted.includes(Number(member));
  }

  override metric(owner: number, member: string | undefined): number {
    return this.#value(this.digest(owner), Number(member)) ?? Number.NaN;
  }

  result(owner: number): JSONObject {
    const { format } = this.source;
    const digest = this.digest(owner);
    const entries = this.#options.wanted.map((key) => ({ key, value: this.#value(digest, key) }));
    if (!this.#options.keyed) return { values: entries.map(({ key, value }) => ({ key, ...single(value, format) })) };
    const values: [string, unknown][] = [];
    for (const { key, value } of entries) {
      const name = printDouble(key);
      values.push([name, value]);
      if (value !== null && isPrinted(format)) values.push([`${name}_as_string`, format.print(value)]);
    }
    return { values: Object.fromEntries(values) };
  }
}

/** The median of the distances from the median. */
export class MedianDeviationAggregator extends DigestAggregator {
  result(owner: number): JSONObject {
    const digest = this.digest(owner);
    return single(digest === undefined ? null : digest.medianDeviation(), this.source.format);
  }
}
