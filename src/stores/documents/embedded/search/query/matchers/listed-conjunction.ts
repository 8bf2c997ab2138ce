import type { DocTester, ListedMatches, Matcher } from "./matcher.ts";

/** The parts of a conjunction that has few matches. */
export interface Conjunction {
  /** Has the fewest matches of all that are required. */
  readonly lead: Matcher;
  /** What is required besides. */
  readonly others: readonly Matcher[];
  readonly excluded: readonly Matcher[];
  /** Those whose scores add up, the lead perhaps among them. */
  readonly scored: readonly Matcher[];
  readonly boost: number;
}

/**
 * Takes the few matches of one clause and looks for each of them in the others. Undefined where that cannot be done: the matches of the first are
 * not known one by one, others cannot be asked about a document, or have scores of their own.
 */
export function listConjunction({ lead, others, excluded, scored, boost }: Conjunction): ListedMatches | undefined {
  const wanted = testersOf(others);
  const unwanted = testersOf(excluded);
  if (wanted === undefined || unwanted === undefined) return undefined;
  if (scored.some((clause) => clause !== lead && clause.constantScore === undefined)) return undefined;
  const { listed } = lead;
  if (listed === undefined) return undefined;
  const docs = new Uint32Array(listed.count);
  const places = new Uint32Array(listed.count);
  let count = 0;
  for (let at = 0; at < listed.count; at++) {
    const doc = listed.docs[at] as number;
    if (!wanted.every((one) => one.test(doc)) || unwanted.some((one) => one.test(doc))) continue;
    docs[count] = doc;
    places[count++] = at;
  }
  // In the order of the clauses, as they add up in windows.
  const scoreOf = (at: number): number => {
    let sum = 0;
    for (const clause of scored)
      sum += clause === lead ? listed.scoreOf(places[at] as number) : (clause.constantScore as number);
    return boost * sum;
  };
  return { count, docs, isAscending: listed.isAscending, scoreOf };
}

function testersOf(clauses: readonly Matcher[]): readonly DocTester[] | undefined {
  const testers: DocTester[] = [];
  for (const { tester } of clauses) {
    if (tester === undefined) return undefined;
    testers.push(tester);
  }
  return testers;
}
