import { Aggregator } from "./aggregator.ts";

/** An aggregation that answers numbers, and that buckets can be ordered by. */
export abstract class MetricAggregator extends Aggregator {
  /** Whether there is such a number; `member` is undefined where the aggregation is its one number. */
  hasMetric(member: string | undefined): boolean {
    return member === undefined || member === "value";
  }

  /** NaN when there is none. */
  metric(owner: number, _member: string | undefined): number {
    const { value } = this.result(owner);
    return typeof value === "number" ? value : Number.NaN;
  }
}
