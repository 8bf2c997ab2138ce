import type { QueryContext } from "../query/context.ts";
import type { ListedMatches } from "../query/matchers/matcher.ts";
import { hasBit } from "../segment/bits.ts";
import type { TopDocs } from "./top-docs.ts";

/** More are taken in windows, between which others have their turn. */
const fewMatches = 4_096;

/** Takes matches that are known one by one, unless they are many. Answers how many are alive; undefined when nothing was done. */
export function collectListed(
  { count, docs, scoreOf }: ListedMatches,
  { snapshot }: QueryContext,
  top: TopDocs,
): number | undefined {
  if (count > fewMatches) return undefined;
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
