import { matchBits } from "../collect/windows.ts";
import type { QueryContext, QueryField } from "../query/context.ts";
import { countBits, hasBit } from "../segment/bits.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { liveTest } from "./live-values.ts";

/** What terms are compared with: how many documents there are, and how many of them have each of some terms. */
export interface Background {
  readonly size: number;
  readonly counts: ReadonlyMap<string | number, number>;
}

const step = 4095;

/**
 * Counts the documents of one segment that have each of the wanted values, among all or among those of a filter. All means objects of
 * nested fields too: to the reference engine they are documents. Without a filter, what was removed counts until its segment is merged, as
 * it does in the scores of texts; but not for numbers, dates and addresses, which the reference has no list of terms for. Where something is hidden
 * (`isPartial`) nothing counts but what is seen.
 */
export function* countBackground(
  context: QueryContext,
  field: QueryField | undefined,
  wanted: ReadonlySet<string | number>,
  filter: unknown,
  isPartial: boolean,
): Generator<void, Background> {
  const bits = filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
  const counts = new Map<string | number, number>();
  const seen = isPartial ? yield* countSeen(context) : countAll(context);
  const size = bits === undefined ? seen : countBits(bits);
  const store = field?.store;
  if (store?.kind !== "keyword" && store?.kind !== "number") return { size, counts };
  const byOrd = store.kind === "keyword" ? ordsOf(store, wanted) : undefined;
  const isListed = store.kind === "keyword" ? field?.node.type !== "ip" : field?.node.type === "boolean";
  const hasTerms = isListed && !isPartial;
  if (bits === undefined && hasTerms && byOrd !== undefined && store.kind === "keyword") {
    for (const [ord, term] of byOrd) counts.set(term, store.postings.count(ord));
    return { size, counts };
  }
  const isLive = hasTerms ? () => true : liveTest(context);
  for (let doc = 0; doc < context.maxDoc; doc++) {
    if ((doc & step) === step) yield* context.budget.pause();
    if (bits === undefined ? !isLive(doc) : !hasBit(bits, doc)) continue;
    const own = store.countOf(doc);
    let last: string | number | undefined;
    for (let v = 0; v < own; v++) {
      const value = store.kind === "keyword" ? byOrd?.get(store.ordAt(doc, v)) : store.valueAt(doc, v) + 0;
      if (value === undefined || value === last || !wanted.has(value)) continue;
      last = value;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return { size, counts };
}

function ordsOf(store: KeywordField, wanted: ReadonlySet<string | number>): Map<number, string> {
  const found = new Map<number, string>();
  for (const term of wanted) {
    const ord = store.dictionary.find(String(term));
    if (ord >= 0) found.set(ord, String(term));
  }
  return found;
}

/** Documents and the nested objects in them, removed ones included. */
function countAll({ snapshot }: QueryContext): number {
  let total = 0;
  for (const count of snapshot.counts.values()) total += count;
  return total;
}

/** Live documents and the nested objects in them, as far as both may be seen. */
function* countSeen(context: QueryContext): Generator<void, number> {
  const root = context.inside("");
  let total = root.snapshot.maxDoc - root.snapshot.deletedCount;
  for (const path of root.snapshot.counts.keys()) {
    if (path === "" || !context.mapping.objects.has(path)) continue;
    const inside = root.inside(path);
    if (root.snapshot.deletedCount === 0) {
      total += inside.maxDoc;
      continue;
    }
    const isLive = liveTest(inside);
    for (let child = 0; child < inside.maxDoc; child++) {
      if (isLive(child)) total++;
      if ((child & step) === step) yield* context.budget.pause();
    }
  }
  return total;
}
