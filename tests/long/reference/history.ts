import type { JSONObject } from "../../../src/kernel/index.ts";

/** One write, as both engines get it. */
export type Change =
  | { readonly kind: "index"; readonly id: string; readonly source: string }
  | { readonly kind: "delete"; readonly id: string };

/** How a collection comes to hold its documents: what is written first, and what is replaced and removed later. */
export interface History {
  readonly first: readonly Change[];
  readonly later: readonly Change[];
  /** Documents at the end of `first` that `later` does not touch. */
  readonly untouched: number;
}

const index = (id: string, document: JSONObject | undefined): Change => ({
  kind: "index",
  id,
  source: JSON.stringify(document),
});

/**
 * Documents `d0`, `d1`, … of which every eighth was another one at first, with others between them that are gone in the end. What is
 * superseded counts in the statistics of scores in every engine until its segment is written anew. So that none is, no four neighbours lose
 * more than one document, and the last ones, which may not be in a segment of their own yet, lose none.
 */
export function historyOf(documents: readonly JSONObject[]): History {
  const first: Change[] = [];
  const later: Change[] = [];
  const untouched = Math.max(4, Math.ceil(documents.length / 6));
  for (const [i, document] of documents.entries()) {
    const isOld = i < documents.length - untouched;
    const changes = isOld && i % 8 === 7;
    first.push(index(`d${i}`, changes ? documents[(i + 1) % documents.length] : document));
    if (changes) later.push(index(`d${i}`, document));
    if (isOld && i % 8 === 3) {
      first.push(index(`gone${i}`, document));
      later.push({ kind: "delete", id: `gone${i}` });
    }
  }
  return { first, later, untouched };
}

/** Documents that are only ever written once. */
export function writtenOnce(documents: readonly JSONObject[]): History {
  const first = documents.map((document, i) => index(`d${i}`, document));
  return { first, later: [], untouched: documents.length };
}
