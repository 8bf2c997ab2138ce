import type { VectorOptions } from "../../../mapping/types/dense-vector.ts";
import { TopDocs } from "../collect/top-docs.ts";
import { matchBits } from "../collect/windows.ts";
import { hasBit } from "../segment/bits.ts";
import type { SegmentSnapshot } from "../segment/segment.ts";
import type { Space } from "../segment/space.ts";
import { dotProduct, squareDistance } from "../segment/vector-clusters.ts";
import type { VectorField } from "../segment/vector-field.ts";
import type { QueryContext } from "./context.ts";
import { HoldingDocs } from "./matchers/holding-docs.ts";

/** What is looked for, over all segments of a collection. */
export interface VectorQuery {
  readonly field: string;
  readonly options: VectorOptions;
  /** Read by `parseVector`. */
  readonly vector: Float32Array;
  readonly k: number;
  /** In each segment, the vectors of the nearest groups are looked at until they are a hundred times as many. */
  readonly candidates: number;
  /** Only documents that match it can be answered. */
  readonly filter: unknown;
  /** No further away (`l2_norm`) or no less alike than this. */
  readonly similarity: number | undefined;
  readonly boost: number;
}

/** Vectors that are looked at for each candidate. A guess that finds about 95 of 100 true neighbours among vectors in clusters. */
const lookedAtForCandidate = 100;

/** The nearest documents of each segment, with their scores. */
export function* nearestVectors(
  query: VectorQuery,
  contexts: readonly QueryContext[],
): Generator<void, ReadonlyMap<SegmentSnapshot, HoldingDocs>> {
  const top = new TopDocs(query.k, [-1]);
  let first = 0;
  for (const context of contexts) {
    const store = context.field(query.field)?.store;
    if (store?.kind === "vector") yield* offerNearest(query, store, context, first, top);
    first += context.maxDoc;
  }
  const found = top.sorted().sort((a, b) => a.doc - b.doc);
  const bySegment = new Map<SegmentSnapshot, HoldingDocs>();
  let at = 0;
  first = 0;
  for (const { snapshot, maxDoc } of contexts) {
    const docs = new HoldingDocs("sum");
    for (; at < found.length && (found[at]?.doc as number) < first + maxDoc; at++) {
      const { doc, keys } = found[at] as (typeof found)[number];
      docs.add(doc - first, scoreOf(keys[0] as number, query.options));
    }
    bySegment.set(snapshot, docs);
    first += maxDoc;
  }
  return bySegment;
}

function* offerNearest(
  query: VectorQuery,
  store: VectorField,
  context: QueryContext,
  first: number,
  top: TopDocs,
): Generator<void, void> {
  const { vector, options, filter } = query;
  const allowed = filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
  const { deleted, deletedCount } = context.snapshot;
  const least = leastNearness(query);
  const { dims, values, docs } = store;
  const key = new Float64Array(1);
  const offer = (row: number): boolean => {
    const doc = docs[row] as number;
    if (doc >= context.maxDoc || (allowed !== undefined && !hasBit(allowed, doc))) return false;
    if (deletedCount > 0 && hasBit(deleted, rootOf(doc, context.space))) return false;
    const nearness =
      options.similarity === "l2_norm"
        ? -squareDistance(values, row * dims, vector, 0, dims)
        : dotProduct(values, row * dims, vector, 0, dims);
    key[0] = nearness;
    if (nearness >= least && !(top.isFull && nearness < top.worst)) top.offer(first + doc, key);
    return true;
  };
  const { count, clusters } = store;
  const enough = query.candidates * lookedAtForCandidate;
  if (clusters === undefined || options.isExact || count <= enough) {
    for (let row = 0; row < count; row++) {
      offer(row);
      if ((row & 63) === 63) yield* context.budget.pause();
    }
    return;
  }
  let looked = 0;
  for (const group of clusters.nearest(vector)) {
    const end = clusters.starts[group + 1] as number;
    for (let at = clusters.starts[group] as number; at < end; at++) if (offer(clusters.rows[at] as number)) looked++;
    yield* context.budget.pause();
    if (looked >= enough) return;
  }
}

/** The document of a segment that holds a nested object. */
function rootOf(doc: number, space: Space): number {
  let at = doc;
  for (let inner = space; inner.parent !== undefined; inner = inner.parent) at = inner.parentOf[at] as number;
  return at;
}

/** The threshold of the query as what is compared: dot products, and negative squares of distances. */
function leastNearness({ similarity, options }: VectorQuery): number {
  if (similarity === undefined) return Number.NEGATIVE_INFINITY;
  return options.similarity === "l2_norm" ? -similarity * similarity : similarity;
}

/** As search clusters score: never below 0. */
function scoreOf(nearness: number, { similarity, isByte, dims }: VectorOptions): number {
  switch (similarity) {
    case "l2_norm":
      return 1 / (1 - nearness);
    case "cosine":
      return (1 + nearness) / 2;
    case "dot_product":
      return isByte ? 0.5 + nearness / (32_768 * dims) : (1 + nearness) / 2;
    case "max_inner_product":
      return nearness < 0 ? 1 / (1 - nearness) : nearness + 1;
  }
}
