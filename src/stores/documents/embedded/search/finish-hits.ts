import type { IndexHit, IndexSearchRequest } from "./collection-index.ts";
import type { QueryContext } from "./query/context.ts";
import type { SearchBody } from "./search-body.ts";

/** One document of the page, before what its hit needs is read. */
export interface FoundDoc {
  readonly index: number;
  readonly doc: number;
  readonly score: number | null;
  readonly keys: readonly number[];
  readonly values: readonly unknown[];
  /** Value of the collapsed field. */
  readonly group: string | number | null | undefined;
}

/** Makes hits of the documents of a page. */
export function* finishHits(
  page: readonly FoundDoc[],
  contexts: readonly QueryContext[],
  body: SearchBody,
  request: IndexSearchRequest,
): Generator<void, IndexHit[]> {
  const hits: IndexHit[] = [];
  for (const found of page) {
    const context = contexts[found.index];
    if (context === undefined) continue;
    yield* context.budget.pause();
    const { segment } = context.snapshot;
    hits.push({
      index: found.index,
      docNumber: segment.docNumber(found.doc),
      id: segment.ids.dictionary.term(segment.ids.ordAt(found.doc, 0)),
      score: found.score,
      ...(body.sort.length === 0 ? {} : { sort: found.values }),
    });
  }
  void request;
  return hits;
}
