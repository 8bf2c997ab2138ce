import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import { writtenOnce } from "./history.ts";
import type { OwnCollection } from "./own-engine.ts";
import type { Search } from "./searches.ts";
import { shrinkList, shrinkSearch } from "./shrink.ts";

/** One collection whose answers to a search differ, and the means to try smaller ones. */
export interface Differing {
  readonly collection: OwnCollection;
  readonly search: Search;
  readonly difference: string;
  /** What differs for another search of the same collection. */
  differenceOf(search: Search): Promise<string | undefined>;
  /** What differs for another collection, and both answers; the collection is gone afterwards. */
  tryWith(collection: OwnCollection, search: Search): Promise<Tried>;
}

export interface Tried {
  readonly difference?: string | undefined;
  readonly ours: unknown;
  readonly theirs: unknown;
}

const searchBudgetMs = 15_000;
const documentsBudgetMs = 40_000;
const mostShown = 2_000;
/** Of larger collections only the search is reduced: to try a part of one takes too long. */
const mostDocuments = 3_000;

/** A small case of a difference: mapping, documents, search and both answers, as code to paste. */
export async function reproduce(differing: Differing): Promise<string> {
  const sort = sortOf(differing.difference);
  const isSame = (difference: string | undefined): boolean => difference !== undefined && sortOf(difference) === sort;
  let search = await shrinkSearch(
    differing.search,
    async (smaller) => isSame(await differing.differenceOf(smaller)),
    performance.now() + searchBudgetMs,
  );
  const { mappings, settings } = differing.collection;
  let properties: JSONObject = { ...mappings.properties };
  const collectionOf = (documents: readonly JSONObject[]): OwnCollection => ({
    mappings: { ...mappings, properties } as OwnCollection["mappings"],
    settings,
    history: writtenOnce(documents),
  });
  const differs = async (documents: readonly JSONObject[]): Promise<boolean> =>
    documents.length > 0 && isSame((await differing.tryWith(collectionOf(documents), search)).difference);
  let documents: readonly JSONObject[] = presentDocuments(differing.collection);
  if (documents.length > mostDocuments) return toCode({ search });
  if (!(await differs(documents)))
    return `It differs only after updates and deletes, or beside other documents:\n${toCode({ search })}`;
  const until = performance.now() + documentsBudgetMs;
  documents = await shrinkList(documents, differs, until);
  for (const name of fieldNames(documents)) {
    if (performance.now() > until) break;
    const without = documents.map(({ [name]: _, ...others }) => others);
    if (await differs(without)) documents = without;
  }
  const needed = new Set(fieldNames(documents));
  const all = properties;
  properties = Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name)));
  if (!(await differs(documents))) properties = all;
  search = await shrinkSearch(
    search,
    async (smaller) => isSame((await differing.tryWith(collectionOf(documents), smaller)).difference),
    until,
  );
  const { difference, ours, theirs } = await differing.tryWith(collectionOf(documents), search);
  return toCode({ difference, mappings: { ...mappings, properties }, documents, search, ours, theirs });
}

/** What sort of difference it is: a smaller search must not differ in another way. */
const sortOf = (difference: string): string =>
  /^(?:\w+: )?(ours failed|ours refused|the reference refused|total|hits|aggregations|other error|status)/.exec(
    difference,
  )?.[1] ?? difference;

function presentDocuments({ history }: OwnCollection): JSONObject[] {
  const present = new Map<string, JSONObject>();
  for (const change of [...history.first, ...history.later]) {
    present.delete(change.id);
    if (change.kind === "index") present.set(change.id, JSON.parse(change.source));
  }
  return [...present.values()];
}

const fieldNames = (documents: readonly JSONObject[]): string[] => [
  ...new Set(documents.flatMap((one) => (isPlainObject(one) ? Object.keys(one) : []))),
];

function toCode(parts: Readonly<Record<string, unknown>>): string {
  return Object.entries(parts)
    .map(([name, value]) => {
      const text = JSON.stringify(value) ?? "undefined";
      return `  const ${name} = ${text.length > mostShown ? `${text.slice(0, mostShown)}…` : text};`;
    })
    .join("\n");
}
