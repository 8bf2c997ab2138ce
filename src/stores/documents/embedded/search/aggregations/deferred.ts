import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matchers/matcher.ts";
import { grow64 } from "../segment/growing.ts";
import { type AggregationRun, type SubAggregations, scoreOf, spend } from "./aggregator.ts";

interface Part {
  readonly part: number;
  readonly context: QueryContext;
  docs: Uint32Array;
  owners: Uint32Array;
  /** Empty where nobody needs scores. */
  scores: Float64Array;
  /** What the aggregation wants to know again of each; empty when it gave nothing. */
  values: Float64Array;
  count: number;
}

/** Says where the documents of a segment belong. */
export interface Placing {
  /** A bucket, -1 for none. `value` is what was given with the document. */
  place(doc: number, owner: number, value: number): number;
}

/** Documents of all segments, kept until their buckets are known and handed on to sub-aggregations then. */
export class DeferredDocs {
  readonly #run: AggregationRun;
  readonly #withScores: boolean;
  readonly #parts: Part[] = [];

  constructor(run: AggregationRun, withScores: boolean) {
    this.#run = run;
    this.#withScores = withScores;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  enter(context: QueryContext): void {
    const docs = new Uint32Array(0);
    const scores = new Float64Array(0);
    this.#parts.push({ part: this.#run.part, context, docs, owners: docs, scores, values: scores, count: 0 });
  }

  add(docs: Uint32Array, owners: Uint32Array, count: number, values?: Float64Array): void {
    const part = this.#parts[this.#parts.length - 1];
    if (part === undefined) return;
    if (part.count + count > part.docs.length)
      grow(this.#run, part, part.count + count, this.#withScores, values !== undefined);
    part.docs.set(docs.subarray(0, count), part.count);
    part.owners.set(owners.subarray(0, count), part.count);
    if (this.#withScores) {
      for (let i = 0; i < count; i++)
        part.scores[part.count + i] = scoreOf(this.#run, docs[i] as number, part.context.space);
    }
    if (values !== undefined) part.values.set(values.subarray(0, count), part.count);
    part.count += count;
  }

  /** Leads the sub-aggregations through everything that was kept; `place` makes the function that places the documents of a segment. */
  *replay(subs: SubAggregations, place: (part: number, context: QueryContext) => Placing): Generator<void, void> {
    const { part: current, base, scores, scoredPath } = this.#run;
    for (const [at, part] of this.#parts.entries()) {
      this.#run.part = part.part;
      this.#run.scoredPath = part.context.space.path;
      for (const [, aggregator] of subs.aggregators) yield* aggregator.enter(part.context);
      yield* this.#replayPart(part, subs, place(at, part.context));
    }
    Object.assign(this.#run, { part: current, base, scores, scoredPath });
    this.#parts.length = 0;
    for (const [, aggregator] of subs.aggregators) yield* aggregator.finish();
  }

  *#replayPart(part: Part, subs: SubAggregations, placing: Placing): Generator<void, void> {
    const docs = new Uint32Array(windowSize);
    const buckets = new Uint32Array(windowSize);
    const scores = new Float64Array(windowSize);
    this.#run.scores = scores;
    for (let i = 0; i < part.count; ) {
      // Scores are looked up by the place of a document in its window.
      const base = (part.docs[i] as number) & ~(windowSize - 1);
      let taken = 0;
      for (; i < part.count && taken < windowSize; i++) {
        const doc = part.docs[i] as number;
        if (doc < base || doc >= base + windowSize) break;
        const bucket = placing.place(doc, part.owners[i] as number, part.values[i] ?? Number.NaN);
        if (bucket < 0) continue;
        if (this.#withScores) scores[doc - base] = part.scores[i] as number;
        docs[taken] = doc;
        buckets[taken++] = bucket;
      }
      this.#run.base = base;
      if (taken > 0) for (const [, aggregator] of subs.aggregators) aggregator.collect(docs, buckets, taken);
      yield* part.context.budget.pause();
    }
  }
}

function grow(run: AggregationRun, part: Part, needed: number, withScores: boolean, withValues: boolean): void {
  const size = Math.max(1024, needed, 2 * part.docs.length);
  spend(run, (size - part.docs.length) * (8 + (withScores ? 8 : 0) + (withValues ? 8 : 0)));
  const docs = new Uint32Array(size);
  docs.set(part.docs);
  const owners = new Uint32Array(size);
  owners.set(part.owners);
  part.docs = docs;
  part.owners = owners;
  if (withScores) part.scores = grow64(part.scores, size);
  if (withValues) part.values = grow64(part.values, size);
}
