import type { QueryContext } from "../query/context.ts";
import { hasBit } from "../segment/bits.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { NumberField } from "../segment/number-field.ts";

/** Whether a document (or the document around a nested object) has not been removed. */
export function liveTest(context: QueryContext): (doc: number) => boolean {
  const { snapshot, space } = context;
  if (snapshot.deletedCount === 0) return () => true;
  const parents: Uint32Array[] = [];
  for (let at: typeof space | undefined = space; at !== undefined && at.path !== ""; at = at.parent)
    parents.push(at.parentOf);
  return (doc) => {
    let root = doc;
    for (const parentOf of parents) root = parentOf[root] as number;
    return !hasBit(snapshot.deleted, root);
  };
}

const step = 4095;

/** By term: in how many live documents it is. */
export function* termCounts(store: KeywordField, context: QueryContext): Generator<void, Uint32Array> {
  const counts = new Uint32Array(store.dictionary.size);
  const isLive = liveTest(context);
  for (let doc = 0; doc < context.maxDoc; doc++) {
    if ((doc & step) === step) yield* context.budget.pause();
    if (!isLive(doc)) continue;
    const own = store.countOf(doc);
    for (let v = 0; v < own; v++) {
      const ord = store.ordAt(doc, v);
      counts[ord] = (counts[ord] as number) + 1;
    }
  }
  return counts;
}

/** By term: 1 where a live document has it. */
export function* liveTerms(store: KeywordField, context: QueryContext): Generator<void, Uint8Array> {
  return Uint8Array.from(yield* termCounts(store, context), (count) => (count > 0 ? 1 : 0));
}

/** The numbers that live documents have. */
export function* liveNumbers(store: NumberField, context: QueryContext): Generator<void, ReadonlySet<number>> {
  const found = new Set<number>();
  const isLive = liveTest(context);
  for (let doc = 0; doc < context.maxDoc; doc++) {
    if ((doc & step) === step) yield* context.budget.pause();
    if (!isLive(doc)) continue;
    const own = store.countOf(doc);
    for (let v = 0; v < own; v++) found.add(store.valueAt(doc, v) + 0);
  }
  return found;
}
