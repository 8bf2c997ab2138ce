import type { Budget } from "../../budget.ts";
import { hasBit } from "../../segment/bits.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { SegmentSnapshot } from "../../segment/segment.ts";

/**
 * How often each term of a field occurs in some documents, read from the index: the lists of all terms are gone through up to these documents.
 * Documents that are not there, or are gone, add nothing.
 */
export function* termsOfDocs(
  segments: readonly SegmentSnapshot[],
  path: string,
  ids: readonly string[],
  budget: Budget,
): Generator<void, ReadonlyMap<string, number>> {
  const words = new Map<string, number>();
  for (const snapshot of segments) {
    const docs = docsOf(snapshot, ids);
    const store = snapshot.segment.root.fields.get(path);
    if (docs.length === 0 || (store?.kind !== "text" && store?.kind !== "keyword")) continue;
    const found = new Uint32Array(1);
    const beside = new Uint32Array(1);
    for (let ord = 0; ord < store.dictionary.size; ord++) {
      if ((ord & 63) === 63) yield* budget.pause();
      const cursor = new PostingCursor(store.postings, ord);
      let sum = 0;
      for (const doc of docs) {
        if (cursor.take(doc, doc + 1, found, beside) === 0) continue;
        sum += store.kind === "text" ? store.frequency(beside[0] as number) : 1;
      }
      if (sum === 0) continue;
      const word = store.dictionary.term(ord);
      words.set(word, (words.get(word) ?? 0) + sum);
    }
  }
  return words;
}

/** Living documents with these ids, in ascending order. */
function docsOf({ segment, maxDoc, deleted }: SegmentSnapshot, ids: readonly string[]): number[] {
  const docs: number[] = [];
  const list = new Uint32Array(64);
  for (const id of new Set(ids)) {
    const cursor = new PostingCursor(segment.ids.postings, segment.ids.dictionary.find(id));
    const taken = cursor.take(0, maxDoc, list, list);
    for (let i = 0; i < taken; i++) if (!hasBit(deleted, list[i] as number)) docs.push(list[i] as number);
  }
  return docs.sort((a, b) => a - b);
}
