import type { JSONObject } from "../../../../../../kernel/index.ts";
import { malformed, textOf } from "../../query/parameters.ts";
import type { SubAggregations } from "../aggregator.ts";
import { compileNumberPattern } from "../number-pattern.ts";
import { plainFormat, type ValueFormat } from "../value-format.ts";
import { BucketPath } from "./bucket-path.ts";

/** An aggregation computed from the results of others. */
export interface Pipeline {
  readonly name: string;
  readonly type: string;
  readonly paths: readonly BucketPath[];
  /** Changes the buckets of the aggregation it lies in (`derivative`, `bucket_sort`). */
  applyToBuckets?(buckets: JSONObject[]): JSONObject[];
  /** Answers from its siblings' results (`avg_bucket`). */
  fromSiblings?(siblings: JSONObject, subs: SubAggregations): JSONObject;
}

export type PipelineFactory = (name: string, options: JSONObject, type: string) => Pipeline;
export type PipelineTable = Readonly<Record<string, PipelineFactory>>;

/** Errors (400): neither a path nor a list with one. */
export function pathOf(options: JSONObject, place: string): BucketPath {
  const { buckets_path: path } = options;
  const text = Array.isArray(path) && path.length === 1 ? path[0] : path;
  return new BucketPath(textOf(text, `${place}.buckets_path`), zeroGapsOf(options, place), place);
}

/** Whether buckets without value count as 0 (`gap_policy`). */
export function zeroGapsOf(options: JSONObject, place: string): boolean {
  const policy = String(options.gap_policy ?? "skip").toLowerCase();
  if (policy !== "skip" && policy !== "insert_zeros")
    throw malformed(`[${place}.gap_policy] must be "skip" or "insert_zeros".`);
  return policy === "insert_zeros";
}

/** The pattern of numbers that `format` has. */
export function patternOf(options: JSONObject, place: string): ValueFormat {
  if (options.format === undefined || options.format === null) return plainFormat;
  const pattern = textOf(options.format, `${place}.format`);
  const print = compileNumberPattern(pattern);
  if (print === undefined) throw malformed(`[${place}.format] "${pattern}" is not a pattern for numbers.`);
  return { ...plainFormat, kind: "pattern", print };
}
