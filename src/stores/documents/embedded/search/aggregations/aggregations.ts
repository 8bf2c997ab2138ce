import type { JSONObject } from "../../../../../kernel/index.ts";
import { Budget } from "../budget.ts";
import type { IndexSearchRequest } from "../collection-index.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matcher.ts";
import { listBits, wordsFor } from "../segment/bits.ts";
import { type AggregationRun, type SubAggregations, subResults } from "./aggregator.ts";
import { createAggregations } from "./create-aggregation.ts";

/** All aggregations of one search, over all its segments. */
export class Aggregations {
  readonly #run: AggregationRun;
  readonly #tree: SubAggregations;
  readonly #docs = new Uint32Array(windowSize);
  /** At the top everything belongs to bucket 0. */
  readonly #owners = new Uint32Array(windowSize);

  constructor(body: JSONObject, parts: readonly SearchPart[], request: IndexSearchRequest) {
    this.#run = {
      request,
      parts,
      part: 0,
      base: 0,
      scores: new Float64Array(0),
      needsScores: false,
      buckets: 0,
      bytes: 0,
      budget: parts[0]?.context.budget ?? new Budget(),
    };
    this.#tree = createAggregations(body, this.#run);
  }

  get needsScores(): boolean {
    return this.#run.needsScores;
  }

  /** The documents of a segment follow. */
  *enter(part: number, context: QueryContext): Generator<void, void> {
    this.#run.part = part;
    for (const [, aggregator] of this.#tree.aggregators) yield* aggregator.enter(context);
  }

  collect(base: number, end: number, bits: Uint32Array, scores: Float64Array): void {
    const count = listBits(bits, wordsFor(end - base), base, this.#docs);
    this.#run.base = base;
    this.#run.scores = scores;
    for (const [, aggregator] of this.#tree.aggregators) aggregator.collect(this.#docs, this.#owners, count);
  }

  /** Call it when all segments have been collected. */
  *result(): Generator<void, JSONObject> {
    for (const [, aggregator] of this.#tree.aggregators) yield* aggregator.finish();
    return subResults(this.#tree, 0);
  }
}
