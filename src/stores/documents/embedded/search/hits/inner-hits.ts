import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { forEachWindow } from "../collect/windows.ts";
import type { IndexSearchRequest, InnerHit } from "../collection-index.ts";
import type { QueryContext } from "../query/context.ts";
import { windowSize } from "../query/matchers/matcher.ts";
import { countOf, malformed, onlyKnown } from "../query/parameters.ts";
import { openSortSource } from "../sort/open-sort-source.ts";
import { parseSort, type SortKey } from "../sort/parse-sort.ts";
import type { SortSource } from "../sort/sort-source.ts";
import { filterSource, parseSourceFilter, type SourceFilter } from "../source-filter.ts";
import type { FoundDoc } from "./finish-hits.ts";
import { Highlighter } from "./highlighter.ts";

/** A nested clause that asks for the objects that matched. */
export interface NestedInnerHits {
  readonly name: string;
  readonly path: string;
  readonly query: unknown;
  readonly options: JSONObject;
}

const members = ["name", "from", "size", "sort", "_source", "highlight", "ignore_unmapped", "explain", "version"];

/** Finds the nested clauses with `inner_hits` in a query, wherever they stand outside other nested clauses. */
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
      found.push({ name, path: nested.path, query: nested.query, options: nested.inner_hits });
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

/** For each found document of one index: its nested objects that match. The query runs once over all objects. */
export function* nestedInnerHits(
  wanted: NestedInnerHits,
  page: readonly FoundDoc[],
  index: number,
  context: QueryContext,
  request: IndexSearchRequest,
): Generator<void, Map<number, InnerHit[]>> {
  const inner = context.inside(wanted.path);
  const { options } = wanted;
  const keys = parseSort(options.sort);
  const sources: (SortSource | undefined)[] = [];
  for (const key of keys) sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, inner));
  const byDoc = yield* collectChildren(wanted.query, page, inner, sources);
  const from = countOf(options.from, 0, "inner_hits.from", 0);
  const size = countOf(options.size, 3, "inner_hits.size", 0);
  const highlighter = isPlainObject(options.highlight)
    ? new Highlighter(options.highlight, wanted.query, context.mapping)
    : undefined;
  const filter = parseSourceFilter({ _source: options._source });
  const { segment } = context.snapshot;
  const hits = new Map<number, InnerHit[]>();
  for (const { doc } of page) {
    const children = (byDoc.get(doc) ?? []).sort((a, b) => compareChildren(a, b, keys)).slice(from, from + size);
    const docNumber = segment.docNumber(doc);
    const source = children.length === 0 ? undefined : request.fetch?.(index, docNumber);
    const id = segment.ids.dictionary.term(segment.ids.ordAt(doc, 0));
    const list = children.map((child): InnerHit => {
      const object =
        source === undefined ? undefined : objectAt(source, wanted.path, child.doc - inner.space.firstChild(doc));
      const filtered = object === undefined ? undefined : filterObject(object, wanted.path, filter);
      const highlight = object === undefined ? undefined : highlighter?.run(wrap(wanted.path, object));
      return {
        index,
        docNumber,
        id,
        score: keys.length === 0 ? child.score : null,
        ...(filtered === undefined ? {} : { source: filtered }),
        ...(keys.length === 0 ? {} : { sort: child.values }),
        ...(highlight === undefined ? {} : { highlight }),
      };
    });
    hits.set(doc, list);
  }
  return hits;
}

function* collectChildren(
  query: unknown,
  page: readonly FoundDoc[],
  inner: QueryContext,
  sources: readonly (SortSource | undefined)[],
): Generator<void, Map<number, Child[]>> {
  const byDoc = new Map<number, Child[]>(page.map(({ doc }) => [doc, []]));
  const matcher = yield* inner.compile(query);
  const scores = new Float64Array(windowSize);
  yield* forEachWindow(matcher, inner, {
    collect(base, end, bits) {
      let hasScores = false;
      for (let doc = base; doc < end; doc++) {
        if ((((bits[(doc - base) >>> 5] as number) >>> (doc & 31)) & 1) === 0) continue;
        const list = byDoc.get(rootOf(doc, inner));
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
  return byDoc;
}

function rootOf(child: number, inner: QueryContext): number {
  let doc = child;
  for (let space: QueryContext["space"] | undefined = inner.space; space?.parent !== undefined; space = space.parent)
    doc = space.parentOf[doc] as number;
  return doc;
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

/** The n-th nested object at a path, in the order in which the index met them. */
export function objectAt(source: JSONObject, path: string, position: number): JSONObject | undefined {
  const found: JSONObject[] = [];
  const walk = (value: unknown, rest: string): void => {
    if (Array.isArray(value)) {
      for (const element of value) walk(element, rest);
    } else if (isPlainObject(value)) {
      if (rest === "") {
        found.push(value);
        return;
      }
      if (Object.hasOwn(value, rest)) walk(value[rest], "");
      for (let dot = rest.indexOf("."); dot > 0; dot = rest.indexOf(".", dot + 1)) {
        const head = rest.slice(0, dot);
        if (Object.hasOwn(value, head)) walk(value[head], rest.slice(dot + 1));
      }
    }
  };
  walk(source, path);
  return found[position];
}

/** The object under its full path, as highlights name fields from the root. */
export function wrap(path: string, object: JSONObject): JSONObject {
  return path.split(".").reduceRight<JSONObject>((inner, name) => Object.fromEntries([[name, inner]]), object);
}

/** The nested object itself; the paths of the filter begin at the document. */
export function filterNested(
  source: JSONObject,
  path: string,
  position: number,
  filter: SourceFilter,
): JSONObject | undefined {
  const object = objectAt(source, path, position);
  return object === undefined ? undefined : filterObject(object, path, filter);
}

function filterObject(object: JSONObject, path: string, filter: SourceFilter): JSONObject | undefined {
  const filtered = filterSource(wrap(path, object), filter);
  if (filtered === undefined) return undefined;
  let inner: unknown = filtered;
  for (const name of path.split(".")) inner = isPlainObject(inner) ? inner[name] : undefined;
  return isPlainObject(inner) ? inner : {};
}
