import type { CallFigures } from "../../events/index.ts";

export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Of a histogram: `<name>_bucket`, `<name>_sum`, `<name>_count`. */
  readonly metricName?: string;
}

/** One metric, read when it is scraped. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: () => Iterable<Sample>;
}

/** Every second bound from 64 us to 17 s: the figures have more than a time series is worth. */
const shownBounds = new Set([6, 8, 10, 12, 14, 16, 18, 20, 22, 24].map((exponent) => 2 ** exponent / 1_000));

/** The figures of one kind of calls as a histogram of seconds. */
export function histogramOf(name: string, labels: Labels, figures: CallFigures): Sample[] {
  const buckets = figures
    .cumulated()
    .filter(({ belowMs }) => shownBounds.has(belowMs))
    .map(({ belowMs, calls }) => bucket(name, labels, belowMs / 1_000, calls));
  return [
    ...buckets,
    bucket(name, labels, "+Inf", figures.timed),
    { metricName: `${name}_sum`, labels, value: figures.totalMs / 1_000 },
    { metricName: `${name}_count`, labels, value: figures.timed },
  ];
}

const bucket = (name: string, labels: Labels, le: number | string, value: number): Sample => ({
  metricName: `${name}_bucket`,
  labels: { ...labels, le },
  value,
});
