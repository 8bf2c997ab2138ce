import type { QueryContext } from "../query/context.ts";
import type { ListedMatches } from "../query/matchers/matcher.ts";
import { hasBit } from "../segment/bits.ts";
import type { TopDocs } from "./top-docs.ts";

/** Takes matches that are known one by one; answers how many are alive. */
export function collectListed(
  { count, docs, scoreOf }: ListedMatches,
  { snapshot }: QueryContext,
  top: TopDocs,
): number {
  const hasDeleted = snapshot.deletedCount > 0;
  const key = new Float64Array(1);
  let alive = 0;
  for (let at = 0; at < count; at++) {
    const doc = docs[at] as number;
    if (hasDeleted && hasBit(snapshot.deleted, doc)) continue;
    alive++;
    key[0] = Math.fround(scoreOf(at));
    top.offer(doc, key);
  }
  return alive;
}
