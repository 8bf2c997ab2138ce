import type { JSONObject } from "../../../../../kernel/index.ts";
import { parseClientJson } from "../../../client-json.ts";
import { Highlighter } from "../hits/highlighter.ts";
import type { QueryContext } from "../query/context.ts";
import { openDocuments, type Percolation, readPercolation } from "./percolate-clause.ts";
import type { PercolatedDocuments } from "./percolated-documents.ts";

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
function findPercolations(query: unknown, found: unknown[] = [], depth = 0): readonly unknown[] {
  // Lists may be long, and hold values only.
  if (typeof query !== "object" || query === null || depth > maxDepth) return found;
  if (Array.isArray(query)) {
    for (const one of query) if (typeof one === "object") findPercolations(one, found, depth + 1);
    return found;
  }
  for (const [name, value] of Object.entries(query)) {
    if (name === "percolate") found.push(value);
    else if (name !== "nested") findPercolations(value, found, depth + 1);
  }
  return found;
}

interface OpenPercolation {
  readonly percolation: Percolation;
  readonly given: PercolatedDocuments;
}

/** Says of each hit of a search what its `percolate` clauses matched. The stored query is run again, and so that of few hits only. */
export class PercolatedHits {
  readonly #bodies: readonly unknown[];
  readonly #highlight: JSONObject | undefined;
  readonly #open = new Map<QueryContext, readonly OpenPercolation[]>();

  constructor(query: unknown, highlight: JSONObject | undefined) {
    this.#bodies = findPercolations(query);
    this.#highlight = highlight;
  }

  /** Whether anything is percolated. */
  get areWanted(): boolean {
    return this.#bodies.length > 0;
  }

  /** Undefined when nothing is percolated. */
  *run(doc: number, context: QueryContext): Generator<void, Percolated | undefined> {
    if (!this.areWanted) return undefined;
    const fields: [string, readonly number[]][] = [];
    const marks: [string, unknown][] = [];
    for (const { percolation, given } of yield* this.#openIn(context)) {
      const query = storedQuery(percolation, doc, context);
      const match = query === undefined ? undefined : yield* given.run(query, context);
      if (match === undefined) continue;
      fields.push([`_percolator_document_slot${this.#isOnly ? "" : `_${percolation.name}`}`, match.slots]);
      if (this.#highlight !== undefined) marks.push(...(yield* this.#marks(query, percolation, match.slots, context)));
    }
    return { fields: Object.fromEntries(fields), highlight: Object.fromEntries(marks) };
  }

  get #isOnly(): boolean {
    return this.#bodies.length === 1;
  }

  *#openIn(context: QueryContext): Generator<void, readonly OpenPercolation[]> {
    const known = this.#open.get(context);
    if (known !== undefined) return known;
    const open: OpenPercolation[] = [];
    for (const body of this.#bodies) {
      const percolation = readPercolation(body, context);
      open.push({ percolation, given: yield* openDocuments(percolation, context) });
    }
    this.#open.set(context, open);
    return open;
  }

  *#marks(
    query: unknown,
    { name, documents }: Percolation,
    slots: readonly number[],
    context: QueryContext,
  ): Generator<void, [string, unknown][]> {
    const highlighter = new Highlighter(this.#highlight ?? {}, query, context.mapping);
    const marks: [string, unknown][] = [];
    for (const slot of slots) {
      const prefix = `${this.#isOnly ? "" : `${name}_`}${documents.length === 1 ? "" : `${slot}_`}`;
      const found = highlighter.run(documents[slot] ?? {}) ?? {};
      for (const [path, fragments] of Object.entries(found)) marks.push([`${prefix}${path}`, fragments]);
      yield* context.budget.pause();
    }
    return marks;
  }
}

function storedQuery({ node }: Percolation, doc: number, context: QueryContext): unknown {
  const store = context.space.fields.get(node.path);
  if (store?.kind !== "keyword" || node.nestedPath !== "" || store.countOf(doc) === 0) return undefined;
  return parseClientJson(store.dictionary.term(store.ordAt(doc, 0)));
}
