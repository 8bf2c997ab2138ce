import type { FieldList } from "../../../../filters/index.ts";
import type { JSONObject } from "../../../../kernel/index.ts";
import type { CompiledMapping } from "../../mapping/compile-mapping.ts";
import { visibleMapping } from "../../mapping/visible-mapping.ts";
import { matchBits } from "./collect/windows.ts";
import type { SearchPart } from "./hits/finish-hits.ts";
import { QueryContext } from "./query/context.ts";
import { malformed } from "./query/parameters.ts";
import { TermStatistics } from "./query/scoring/term-statistics.ts";
import { countBits } from "./segment/bits.ts";
import type { Segment, SegmentSnapshot } from "./segment/segment.ts";

/** What a search may see of one collection. */
export interface Visibility {
  /** A query: other documents are gone. Undefined: all are seen. */
  readonly filter: JSONObject | undefined;
  /** Other fields are not mapped. Undefined: all are seen. */
  readonly fields: FieldList | undefined;
}

/** By index; undefined for those that are seen as a whole. */
export type Visibilities = readonly (Visibility | undefined)[];

/** Whether some documents are hidden. */
export const hidesDocuments = (visible: Visibilities | undefined): boolean =>
  visible?.some((one) => one?.filter !== undefined) === true;

/**
 * Refuses what cannot be answered from the documents that are seen alone, because dictionaries and statistics are those of all. `what` names it.
 */
export function refuseHidden(visible: Visibilities | undefined, what: string, instead: string): void {
  if (!hidesDocuments(visible)) return;
  throw malformed(`${what} would tell of documents that the policies of this user hide; ${instead}.`);
}

/** The same segments as somebody sees them. To whoever searches, hidden documents are removed ones. */
export function* visibleParts(parts: readonly SearchPart[], visible: Visibilities): Generator<void, SearchPart[]> {
  const seen: SearchPart[] = [];
  let from = 0;
  while (from < parts.length) {
    const { index } = parts[from] as SearchPart; // within bounds, as below
    let to = from;
    while (parts[to]?.index === index) to++;
    const own = parts.slice(from, to);
    const visibility = visible[index];
    seen.push(...(visibility === undefined ? own : yield* seenParts(own, visibility)));
    from = to;
  }
  return seen;
}

function* seenParts(
  parts: readonly SearchPart[],
  { filter, fields }: Visibility,
): Generator<void, readonly SearchPart[]> {
  const snapshots: SegmentSnapshot[] = [];
  // The filter may ask for fields that are hidden: it is compiled under the whole mapping.
  for (const { context } of parts)
    snapshots.push(filter === undefined ? context.snapshot : yield* seenSnapshot(context, filter));
  const statistics = new TermStatistics(snapshots);
  return parts.map(({ index, context }, i) => {
    const { firstDoc, now, budget, compiler, arrays } = context;
    const mapping = fields === undefined ? context.mapping : visibleMapping(context.mapping, fields);
    const snapshot = snapshots[i] as SegmentSnapshot; // one for each part
    return {
      index,
      context: new QueryContext({ mapping, snapshot, statistics, firstDoc, now, budget, compiler, arrays }),
    };
  });
}

/** What a filter hides of a frozen segment, kept from one search to the next. */
interface Hidden {
  readonly mapping: CompiledMapping;
  /** Documents that were removed by then. */
  readonly removed: number;
  /** These and the hidden ones. */
  readonly deleted: Uint32Array;
  readonly deletedCount: number;
}

/** Filters whose documents are kept for each segment; a bit for each document. A guess. */
const maxFilters = 32;
const hiddenIn = new WeakMap<Segment, Map<string, Hidden>>();

function* seenSnapshot(context: QueryContext, filter: JSONObject): Generator<void, SegmentSnapshot> {
  const { mapping, snapshot } = context;
  const { segment, deletedCount: removed } = snapshot;
  const text = JSON.stringify(filter);
  const known = hiddenIn.get(segment)?.get(text);
  // Documents of a frozen segment only ever go: as many are gone, so the same are.
  if (known?.mapping === mapping && known.removed === removed)
    return { ...snapshot, deleted: known.deleted, deletedCount: known.deletedCount };
  const matcher = yield* context.compile(filter);
  const bits = yield* matchBits(matcher, context);
  const deleted = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) deleted[i] = ~(bits[i] as number);
  const deletedCount = snapshot.maxDoc - countBits(bits);
  if (segment.isFrozen) {
    const filters = hiddenIn.get(segment) ?? new Map<string, Hidden>();
    hiddenIn.set(segment, filters);
    if (filters.size >= maxFilters) filters.clear();
    filters.set(text, { mapping, removed, deleted, deletedCount });
  }
  return { ...snapshot, deleted, deletedCount };
}
