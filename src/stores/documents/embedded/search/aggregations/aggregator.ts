import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { Budget } from "../budget.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { ownerOf } from "../hits/nested-hit.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import type { Space } from "../segment/space.ts";
import type { Pipeline } from "./pipelines/pipeline.ts";

/** What all aggregations of one search share. */
export interface AggregationRun {
  readonly request: IndexSearchRequest;
  readonly parts: readonly SearchPart[];
  /** Position of the segment that is being collected. */
  part: number;
  /** First document of the present window and the scores of the window, */
  base: number;
  scores: Float64Array;
  /** which is one of nested objects where this is their path, and of documents where it is "". */
  scoredPath: string;
  needsScores: boolean;
  /** Goes before long work at the end. */
  readonly budget: Budget;
  /** Buckets so far, over all aggregations. */
  buckets: number;
  /** Approximate memory that aggregators hold, in bytes. */
  bytes: number;
}

/** A float, as the score of a hit is; nested objects have that of their document. */
export const scoreOf = ({ base, scores, scoredPath }: AggregationRun, doc: number, space: Space): number =>
  Math.fround(scores[ownerOf(doc, space, scoredPath) - base] ?? 0);

/** More buckets than this in one answer are refused, as the reference engine does. */
export const maxBuckets = 65_535;

/** What the aggregations of one search may hold. A guess: some millions of buckets, and room for other searches beside it. */
const maxBytes = 256 * 2 ** 20;

/** Counts memory that an aggregator takes. Error (400): more than one search may have. */
export function spend(run: AggregationRun, bytes: number): void {
  run.bytes += bytes;
  if (run.bytes > maxBytes) {
    throw malformed(
      `The aggregations need more than ${maxBytes / 2 ** 20} MiB. Narrow the query, or page with a composite aggregation.`,
    );
  }
}

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
  /**
   * All documents of the segment that was entered, none of which is removed, belong to owner 0. Answers false when it does not know them any
   * faster than one by one; nothing has been collected then.
   */
  // biome-ignore lint/correctness/useYield: those that know them faster yield
  *collectWhole(_context: QueryContext): Generator<void, boolean> {
    return false;
  }

  /** All documents of all segments have come: what had to wait for the last of them is done now. */
  *finish(): Generator<void, void> {}
  /** How the key of a bucket reads where it is a name. */
  keyText(key: number): string {
    return String(key);
  }
  /** The answer for one owner, in the engine's layout. */
  abstract result(owner: number): JSONObject;
}

export interface SubAggregations {
  readonly aggregators: readonly (readonly [string, Aggregator])[];
  /** In an order in which each has what it needs. */
  readonly pipelines: readonly Pipeline[];
  /** What the request wants back beside results, by name. */
  readonly metas: ReadonlyMap<string, JSONObject>;
}

/** The answers of sub-aggregations for one bucket. */
export function subResults(subs: SubAggregations, bucket: number): JSONObject {
  // Names come from clients: entries make members of them, whatever they are called.
  let results: JSONObject = Object.fromEntries(
    subs.aggregators.map(([name, aggregator]) => [name, aggregator.result(bucket)]),
  );
  for (const { name, fromSiblings } of subs.pipelines)
    if (fromSiblings !== undefined) results = { ...results, [name]: fromSiblings(results, subs) };
  for (const [name, meta] of subs.metas) {
    const own = results[name];
    if (isPlainObject(own)) results = { ...results, [name]: { meta, ...own } };
  }
  return results;
}

const blockSize = 4096;

/** Of aggregations without sub-aggregations: nobody looks at them later. */
const passingSlots = new Int32Array(blockSize);

/** An aggregation that makes buckets and hands their documents to its sub-aggregations. */
export abstract class BucketAggregator extends Aggregator {
  readonly run: AggregationRun;
  readonly subs: SubAggregations;
  /** A block of documents and their buckets for the sub-aggregations; empty without any. */
  readonly blockDocs: Uint32Array;
  readonly blockBuckets: Uint32Array;
  /**
   * Where the documents of a block lead to, one number each, for a loop of its own: loops over few arrays are faster than one over all of them,
   * because what they need has room in registers. The same memory as `blockBuckets`, where there is one.
   */
  readonly slots: Int32Array;
  #pending = 0;

  constructor(run: AggregationRun, subs: SubAggregations) {
    super();
    this.run = run;
    this.subs = subs;
    const size = subs.aggregators.length > 0 ? blockSize : 0;
    this.blockDocs = new Uint32Array(size);
    this.blockBuckets = new Uint32Array(size);
    this.slots = size > 0 ? new Int32Array(this.blockBuckets.buffer) : passingSlots;
  }

  *enter(context: QueryContext): Generator<void, void> {
    yield* this.open(context);
    yield* this.enterSubs(context);
  }

  abstract open(context: QueryContext): Generator<void, void>;

  override *finish(): Generator<void, void> {
    for (const [, aggregator] of this.subs.aggregators) yield* aggregator.finish();
  }

  *enterSubs(context: QueryContext): Generator<void, void> {
    for (const [, aggregator] of this.subs.aggregators) yield* aggregator.enter(context);
  }

  /** A document of a bucket, for the sub-aggregations. Call `flush` at the end of each block. */
  emit(doc: number, bucket: number): void {
    if (this.blockDocs.length === 0) return;
    if (this.#pending === blockSize) this.flush();
    this.blockDocs[this.#pending] = doc;
    this.blockBuckets[this.#pending++] = bucket;
  }

  flush(): void {
    this.forward(this.blockDocs, this.#pending);
    this.#pending = 0;
  }

  /** Hands documents on whose buckets are in `blockBuckets`. */
  forward(docs: Uint32Array, count: number): void {
    if (count === 0) return;
    for (const [, aggregator] of this.subs.aggregators) aggregator.collect(docs, this.blockBuckets, count);
  }

  /** Hands documents on whose buckets are in `slots`; `without` of them have -1, which is none. */
  forwardSlots(docs: Uint32Array, count: number, without: number): void {
    const { blockDocs, slots } = this;
    if (blockDocs.length === 0) return;
    if (without === 0) {
      this.forward(docs, count);
      return;
    }
    let taken = 0;
    for (let i = 0; i < count; i++) {
      const bucket = slots[i] as number;
      if (bucket < 0) continue;
      blockDocs[taken] = docs[i] as number;
      slots[taken++] = bucket;
    }
    this.forward(blockDocs, taken);
  }

  /** Lets pipelines change the list of buckets. */
  finishBuckets(buckets: JSONObject[]): JSONObject[] {
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
    const prefix = `${path}.`;
    const keyword = [...context.mapping.fields].find(([own, { type }]) => own.startsWith(prefix) && type === "keyword");
    const instead = keyword === undefined ? "a keyword, number or date" : `its sub-field "${keyword[0]}"`;
    throw malformed(`[${place}] field "${path}" of type ${field.node.type} cannot be aggregated; use ${instead}.`);
  }
  if (field?.node.family === "range" && !onRanges.includes(place))
    throw malformed(`[${place}] field "${path}" of type ${field.node.type} cannot be aggregated by it.`);
  return field;
}

/** Aggregations that take ranges. */
const onRanges: readonly string[] = ["value_count", "cardinality", "missing", "histogram", "date_histogram"];

export function printTerm(node: FieldNode | undefined, term: string): string {
  return node?.print === undefined ? term : node.print(term);
}
