import type { QueryContext } from "../query/context.ts";
import { hasBit } from "../segment/bits.ts";
import type { TopDocs } from "./top-docs.ts";

/** When all documents match with one score, the best are the first that are alive; answers how many there are in all. */
export function collectFirst(context: QueryContext, score: number, top: TopDocs): number {
  const { maxDoc, snapshot } = context;
  const key = Float64Array.of(Math.fround(score));
  for (let doc = 0; doc < maxDoc && !top.isFull; doc++) if (!hasBit(snapshot.deleted, doc)) top.offer(doc, key);
  return maxDoc - snapshot.deletedCount;
}
