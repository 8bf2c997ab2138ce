import { matchBits } from "../collect/windows.ts";
import type { QueryContext } from "../query/context.ts";
import { countBits, hasBit } from "../segment/bits.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { liveTest } from "./live-values.ts";

/** What terms are compared with: how many documents there are, and how many of them have each of some terms. */
export interface Background {
  readonly size: number;
  readonly counts: ReadonlyMap<string | number, number>;
}

const step = 4095;

/**
 * Counts the documents of one segment that have each of the wanted values, among all or among those of a filter. All means objects of
 * nested fields too: to the reference engine they are documents.
 */
export function* countBackground(
  context: QueryContext,
  store: FieldStore | undefined,
  wanted: ReadonlySet<string | number>,
  filter: unknown,
): Generator<void, Background> {
  const bits = filter === undefined ? undefined : yield* matchBits(yield* context.compile(filter), context);
  const isLive = liveTest(context);
  const counts = new Map<string | number, number>();
  const size = bits === undefined ? yield* countDocuments(context) : countBits(bits);
  if (store?.kind !== "keyword" && store?.kind !== "number") return { size, counts };
  const byOrd = store.kind === "keyword" ? ordsOf(store, wanted) : undefined;
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

function ordsOf(
  store: Extract<FieldStore, { readonly kind: "keyword" }>,
  wanted: ReadonlySet<string | number>,
): Map<number, string> {
  const found = new Map<number, string>();
  for (const term of wanted) {
    const ord = store.dictionary.find(String(term));
    if (ord >= 0) found.set(ord, String(term));
  }
  return found;
}

/** Live documents and the nested objects in them. */
function* countDocuments(context: QueryContext): Generator<void, number> {
  const root = context.inside("");
  let total = root.snapshot.maxDoc - root.snapshot.deletedCount;
  for (const path of root.snapshot.counts.keys()) {
    // Objects of fields that may not be seen are not counted either.
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
