import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { Highlighter } from "../hits/highlighter.ts";
import type { QueryContext } from "../query/context.ts";
import { openDocuments, type Percolation, readPercolation } from "./percolate-clause.ts";

/** As deep as queries may be, with their lists. */
const maxDepth = 100;

/** What hits of a search say of the documents that their stored queries matched. */
export interface Percolated {
  /** `{_percolator_document_slot: [0, 2]}`: which of the given documents. */
  readonly fields: JSONObject;
  /** What is marked in them: under the name of the field, behind the slot where several were given. */
  readonly highlight: JSONObject;
}

/** The bodies of the `percolate` clauses of a query, wherever they stand outside nested objects. */
export function findPercolations(query: unknown, found: unknown[] = [], depth = 0): readonly unknown[] {
  if (depth > maxDepth) return found;
  if (Array.isArray(query)) for (const one of query) findPercolations(one, found, depth + 1);
  else if (isPlainObject(query))
    for (const [name, value] of Object.entries(query)) {
      if (name === "percolate") found.push(value);
      else if (name !== "nested" && typeof value === "object") findPercolations(value, found, depth + 1);
    }
  return found;
}

/** For one hit: what each of the clauses matched. The stored query is run again, and so that of few hits only. */
export function* percolatedHit(
  bodies: readonly unknown[],
  doc: number,
  highlight: JSONObject | undefined,
  context: QueryContext,
): Generator<void, Percolated> {
  const fields: [string, readonly number[]][] = [];
  const marks: [string, unknown][] = [];
  for (const body of bodies) {
    const percolation = readPercolation(body, context);
    const query = storedQuery(percolation, doc, context);
    if (query === undefined) continue;
    const given = yield* openDocuments(percolation, context);
    const match = yield* given.run(query, context);
    if (match === undefined) continue;
    const isOnly = bodies.length === 1;
    const name = isOnly ? "" : `${percolation.name}_`;
    fields.push([`_percolator_document_slot${isOnly ? "" : `_${percolation.name}`}`, match.slots]);
    if (highlight === undefined) continue;
    const highlighter = new Highlighter(highlight, query, context.mapping);
    for (const slot of match.slots) {
      const prefix = percolation.documents.length === 1 ? name : `${name}${slot}_`;
      const found = highlighter.run(percolation.documents[slot] ?? {});
      for (const [path, fragments] of Object.entries(found ?? {})) marks.push([`${prefix}${path}`, fragments]);
      yield* context.budget.pause();
    }
  }
  return { fields: Object.fromEntries(fields), highlight: Object.fromEntries(marks) };
}

function storedQuery({ node }: Percolation, doc: number, context: QueryContext): unknown {
  const store = context.space.fields.get(node.path);
  if (store?.kind !== "keyword" || node.nestedPath !== "" || store.countOf(doc) === 0) return undefined;
  return JSON.parse(store.dictionary.term(store.ordAt(doc, 0)));
}
