import { PostingCursor, type Postings } from "../postings.ts";
import { type DocMap, gone } from "./doc-map.ts";

const docs = new Uint32Array(4096);
const extras = new Uint32Array(4096);

/** Each document of a term that is taken over, under its new number, with what stands beside it. */
export function forEachPosting(
  postings: Postings,
  term: number,
  map: DocMap,
  take: (doc: number, extra: number) => void,
): void {
  const cursor = new PostingCursor(postings, term);
  for (;;) {
    const taken = cursor.take(0, map.count, docs, extras);
    for (let i = 0; i < taken; i++) {
      const to = map.numbers[docs[i] as number] as number;
      if (to !== gone) take(to, extras[i] as number);
    }
    if (taken < docs.length) return;
  }
}
