import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { forEachWindow } from "../collect/windows.ts";
import type { IndexSearchRequest, InnerHit } from "../collection-index.ts";
import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matchers/matcher.ts";
import { countOf, flagOf, malformed, onlyKnown } from "../query/parameters.ts";
import type { Explanation } from "../query/scoring/explanation.ts";
import { openSortSource } from "../sort/open-sort-source.ts";
import { parseSort, type SortKey } from "../sort/parse-sort.ts";
import type { SortSource } from "../sort/sort-source.ts";
import { parseSourceFilter } from "../source-filter.ts";
import { parseFieldRequests } from "./field-requests.ts";
import { Highlighter } from "./highlighter.ts";
import { HitFields } from "./hit-fields.ts";
import { aloneAt, filterAlone, nestedPlace, ownerOf, rootOf } from "./nested-hit.ts";
import { scoreDocs } from "./score-docs.ts";

/** A nested clause that asks for the objects that matched. */
export interface NestedInnerHits {
  readonly name: string;
  readonly path: string;
  readonly query: unknown;
  readonly options: JSONObject;
  /** The same in its query: what they find stands in its own hits. */
  readonly inner: readonly NestedInnerHits[];
}

const members = [
  ...["name", "from", "size", "sort", "_source", "highlight", "fields", "docvalue_fields"],
  ...["ignore_unmapped", "explain", "version"],
];

/** Finds the nested clauses with `inner_hits` in a query, wherever they stand outside each other. */
export function findInnerHits(query: unknown, found: NestedInnerHits[] = [], depth = 0): NestedInnerHits[] {
  if (depth > 50) return found;
  if (Array.isArray(query)) {
    for (const one of query) findInnerHits(one, found, depth + 1);
  } else if (isPlainObject(query)) {
    const { nested } = query;
    if (isPlainObject(nested) && typeof nested.path === "string" && isPlainObject(nested.inner_hits)) {
      onlyKnown(nested.inner_hits, members, "nested.inner_hits");
      const name = String(nested.inner_hits.name ?? nested.path);
      if (found.some((one) => one.name === name))
        throw malformed(`[inner_hits] the name "${name}" is used twice: give each a "name".`);
      const inner = findInnerHits(nested.query, [], depth + 1);
      found.push({ name, path: nested.path, query: nested.query, options: nested.inner_hits, inner });
      return found;
    }
    for (const [name, value] of Object.entries(query))
      if (name !== "percolate" && typeof value === "object") findInnerHits(value, found, depth + 1);
  }
  return found;
}

interface Child {
  readonly doc: number;
  readonly score: number;
  readonly keys: readonly number[];
  readonly values: readonly unknown[];
}

/** For each of some documents or nested objects of one segment: those in it that match. The query runs once over all objects. */
function* nestedInnerHits(
  wanted: NestedInnerHits,
  owners: readonly number[],
  index: number,
  context: QueryContext,
  request: IndexSearchRequest,
): Generator<void, Map<number, InnerHit[]>> {
  const inner = context.inside(wanted.path);
  const { options } = wanted;
  const keys = parseSort(options.sort);
  const sources: (SortSource | undefined)[] = [];
  for (const key of keys) sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, inner));
  const byOwner = yield* collectChildren(wanted.query, owners, inner, context.space.path, sources);
  const from = countOf(options.from, 0, "inner_hits.from", 0);
  const size = countOf(options.size, 3, "inner_hits.size", 0);
  for (const [owner, children] of byOwner)
    byOwner.set(owner, children.sort((a, b) => compareChildren(a, b, keys)).slice(from, from + size));
  const kept = [...byOwner.values()].flatMap((children) => children.map(({ doc }) => doc));
  const within = yield* innerHitsByName(wanted.inner, kept, index, inner, request);
  const highlighter = isPlainObject(options.highlight)
    ? new Highlighter(options.highlight, wanted.query, context.mapping)
    : undefined;
  const hitFields = new HitFields(
    parseFieldRequests(options.fields, "inner_hits.fields"),
    parseFieldRequests(options.docvalue_fields, "inner_hits.docvalue_fields"),
    inner,
  );
  const explanations = new Map<number, Explanation>();
  if (flagOf(options.explain, false, "inner_hits.explain"))
    yield* scoreDocs(yield* inner.compile(wanted.query), inner, kept, ({ doc, explain }) => {
      explanations.set(doc, explain());
    });
  const filter = parseSourceFilter({ _source: options._source });
  const { segment } = context.snapshot;
  const hits = new Map<number, InnerHit[]>();
  for (const owner of owners) {
    const children = byOwner.get(owner) ?? [];
    const root = rootOf(owner, context.space);
    const docNumber = segment.docNumber(root);
    const source = children.length === 0 ? undefined : request.fetch?.(index, docNumber);
    const id = segment.ids.dictionary.term(segment.ids.ordAt(root, 0));
    const list = children.map((child): InnerHit => {
      const { position } = nestedPlace(child.doc, inner.space);
      const alone = source === undefined ? undefined : aloneAt(source, wanted.path, position);
      const filtered = alone === undefined ? undefined : filterAlone(alone, wanted.path, filter);
      const highlight = alone === undefined ? undefined : highlighter?.run(alone);
      const fields = hitFields.run(child.doc, alone);
      const explanation = explanations.get(child.doc);
      const innerHits = within.get(child.doc);
      return {
        index,
        docNumber,
        id,
        score: keys.length === 0 ? child.score : null,
        ...(filtered === undefined ? {} : { source: filtered }),
        ...(keys.length === 0 ? {} : { sort: child.values }),
        ...(highlight === undefined ? {} : { highlight }),
        ...(Object.keys(fields).length === 0 ? {} : { fields }),
        ...(explanation === undefined ? {} : { explanation }),
        ...(innerHits === undefined ? {} : { innerHits }),
      };
    });
    hits.set(owner, list);
  }
  return hits;
}

/** What several clauses find in each of some documents or nested objects, by their names. */
export function* innerHitsByName(
  wanted: readonly NestedInnerHits[],
  owners: readonly number[],
  index: number,
  context: QueryContext,
  request: IndexSearchRequest,
): Generator<void, Map<number, Record<string, readonly InnerHit[]>>> {
  const all = new Map<number, Record<string, readonly InnerHit[]>>();
  if (owners.length === 0) return all;
  for (const one of wanted) {
    const found = yield* nestedInnerHits(one, owners, index, context, request);
    for (const [owner, hits] of found) all.set(owner, { ...all.get(owner), [one.name]: hits });
  }
  return all;
}

function* collectChildren(
  query: unknown,
  owners: readonly number[],
  inner: QueryContext,
  ownerPath: string,
  sources: readonly (SortSource | undefined)[],
): Generator<void, Map<number, Child[]>> {
  const byOwner = new Map<number, Child[]>(owners.map((owner) => [owner, []]));
  const matcher = yield* inner.compile(query);
  const scores = new Float64Array(windowSize);
  yield* forEachWindow(matcher, inner, {
    collect(base, end, bits) {
      let hasScores = false;
      for (let doc = base; doc < end; doc++) {
        if ((((bits[(doc - base) >>> 5] as number) >>> (doc & 31)) & 1) === 0) continue;
        const list = byOwner.get(ownerOf(doc, inner.space, ownerPath));
        if (list === undefined) continue;
        if (!hasScores) {
          scores.fill(0);
          matcher.score(base, end, bits, scores);
          hasScores = true;
        }
        const score = Math.fround(scores[doc - base] as number);
        list.push({
          doc,
          score,
          keys: sources.map((source) => source?.key(doc) ?? score),
          values: sources.map((source) => (source === undefined ? score : source.value(doc))),
        });
      }
    },
  });
  return byOwner;
}

function compareChildren(a: Child, b: Child, keys: readonly SortKey[]): number {
  if (keys.length === 0) return b.score - a.score || a.doc - b.doc;
  for (const [i, key] of keys.entries()) {
    const left = a.keys[i] as number;
    const right = b.keys[i] as number;
    if (left !== right) return left < right === key.descending ? 1 : -1;
  }
  return a.doc - b.doc;
}
