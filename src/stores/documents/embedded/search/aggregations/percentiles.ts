import type { JSONObject } from "../../../../../kernel/index.ts";
import { Digest } from "./digest.ts";
import { NumberAggregator } from "./metrics.ts";

/** Values below which given shares of all values lie, or (`percentile_ranks`) the shares below given values. */
export class PercentilesAggregator extends NumberAggregator {
  readonly #wanted: readonly number[];
  readonly #isRanks: boolean;
  readonly #keyed: boolean;
  readonly #digests: (Digest | undefined)[] = [];

  constructor(place: string, path: string, missing: unknown, wanted: readonly number[], keyed: boolean) {
    super(place, path, missing);
    this.#wanted = wanted;
    this.#isRanks = place === "percentile_ranks";
    this.#keyed = keyed;
  }

  add(owner: number, value: number): void {
    let digest = this.#digests[owner];
    if (digest === undefined) {
      digest = new Digest();
      this.#digests[owner] = digest;
    }
    digest.add(value);
  }

  result(owner: number): JSONObject {
    const digest = this.#digests[owner];
    const entries = this.#wanted.map((wanted) => {
      const value =
        digest === undefined ? null : this.#isRanks ? digest.rank(wanted) * 100 : digest.quantile(wanted / 100);
      return { key: wanted, value };
    });
    if (!this.#keyed) return { values: entries };
    return {
      values: Object.fromEntries(
        entries.map(({ key, value }) => [Number.isInteger(key) ? `${key}.0` : String(key), value]),
      ),
    };
  }
}
