import type { JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";

/** What all aggregations of one search share. */
export interface AggregationRun {
  readonly request: IndexSearchRequest;
  readonly parts: readonly SearchPart[];
  /** Position of the segment that is being collected. */
  part: number;
  /** First document of the present window and the scores of the window. */
  base: number;
  scores: Float64Array;
  needsScores: boolean;
  /** Buckets so far, over all aggregations. */
  buckets: number;
}

/** More buckets than this in one answer are refused, as the reference engine does. */
const maxBuckets = 65_536;

export function countBuckets(run: AggregationRun, added: number): void {
  run.buckets += added;
  if (run.buckets > maxBuckets) {
    throw malformed(
      `The aggregations make more than ${maxBuckets} buckets. Narrow the query, or page with a composite aggregation.`,
    );
  }
}

/**
 * Collects documents in blocks. Each document of a block belongs to one bucket of the aggregation above, its owner; owners are numbered
 * from 0, and at the top there is only owner 0. One aggregator sees all segments, so nothing has to be reduced at the end.
 */
export abstract class Aggregator {
  /** Documents of this segment follow. */
  abstract enter(context: QueryContext): Generator<void, void>;
  abstract collect(docs: Uint32Array, owners: Uint32Array, count: number): void;
  /** The answer for one owner, in the engine's layout. */
  abstract result(owner: number): JSONObject;
}

/** An aggregation computed from the buckets of others. */
export interface Pipeline {
  readonly name: string;
  /** Changes the buckets of the aggregation it lies in (`derivative`, `bucket_sort`). */
  applyToBuckets?(buckets: JSONObject[]): JSONObject[];
  /** Answers from its siblings' results (`avg_bucket`). */
  fromSiblings?(siblings: JSONObject): JSONObject;
}

export interface SubAggregations {
  readonly aggregators: readonly (readonly [string, Aggregator])[];
  readonly pipelines: readonly Pipeline[];
}

/** The answers of sub-aggregations for one bucket. */
export function subResults(subs: SubAggregations, bucket: number): JSONObject {
  // Names come from clients: entries make members of them, whatever they are called.
  let results: JSONObject = Object.fromEntries(
    subs.aggregators.map(([name, aggregator]) => [name, aggregator.result(bucket)]),
  );
  for (const { name, fromSiblings } of subs.pipelines) {
    if (fromSiblings !== undefined) results = { ...results, [name]: fromSiblings(results) };
  }
  return results;
}

const blockSize = 4096;

/** An aggregation that makes buckets and hands their documents to its sub-aggregations. */
export abstract class BucketAggregator extends Aggregator {
  readonly run: AggregationRun;
  readonly subs: SubAggregations;
  readonly #docs: Uint32Array;
  readonly #owners: Uint32Array;
  #pending = 0;

  constructor(run: AggregationRun, subs: SubAggregations) {
    super();
    this.run = run;
    this.subs = subs;
    const size = subs.aggregators.length > 0 ? blockSize : 0;
    this.#docs = new Uint32Array(size);
    this.#owners = new Uint32Array(size);
  }

  *enter(context: QueryContext): Generator<void, void> {
    yield* this.open(context);
    yield* this.enterSubs(context);
  }

  abstract open(context: QueryContext): Generator<void, void>;

  *enterSubs(context: QueryContext): Generator<void, void> {
    for (const [, aggregator] of this.subs.aggregators) yield* aggregator.enter(context);
  }

  /** A document of a bucket, for the sub-aggregations. Call `flush` at the end of each block. */
  emit(doc: number, bucket: number): void {
    if (this.#docs.length === 0) return;
    if (this.#pending === blockSize) this.flush();
    this.#docs[this.#pending] = doc;
    this.#owners[this.#pending++] = bucket;
  }

  flush(): void {
    if (this.#pending === 0) return;
    for (const [, aggregator] of this.subs.aggregators) aggregator.collect(this.#docs, this.#owners, this.#pending);
    this.#pending = 0;
  }

  /** Lets pipelines change the list of buckets. */
  finishBuckets(buckets: JSONObject[]): JSONObject[] {
    countBuckets(this.run, buckets.length);
    let list = buckets;
    for (const pipeline of this.subs.pipelines)
      if (pipeline.applyToBuckets !== undefined) list = pipeline.applyToBuckets(list);
    return list;
  }
}

/** A field of an aggregation; undefined when it is not mapped here, which makes the aggregation empty. */
export function aggregatedField(context: QueryContext, path: string, place: string): QueryField | undefined {
  const field = context.field(path);
  if (field !== undefined && (field.node.docValues === false || field.node.family === "none")) {
    throw malformed(
      `[${place}] field "${path}" of type ${field.node.type} cannot be aggregated; use a keyword, number or date.`,
    );
  }
  if (field?.node.family === "range" && !onRanges.includes(place))
    throw malformed(`[${place}] field "${path}" of type ${field.node.type} cannot be aggregated by it.`);
  return field;
}

/** Aggregations that take ranges. */
const onRanges: readonly string[] = ["value_count", "cardinality", "missing", "histogram", "date_histogram"];

/** How a key or value of a field reads. Undefined when the number says it all. */
export function printValue(node: FieldNode | undefined, value: number): string | undefined {
  if (node?.type === "boolean") return value === 0 ? "false" : "true";
  return node?.format?.print(value);
}

export function printTerm(node: FieldNode | undefined, term: string): string {
  return node?.print === undefined ? term : node.print(term);
}

/** Numbers as names of buckets always have a decimal point: `5.0`. */
export function printDecimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
