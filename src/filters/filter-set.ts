import type { Field } from "./engine/field.ts";
import { FieldTable } from "./engine/field-table.ts";
import {
  type IndexedCondition,
  type IndexedFilter,
  type IndexedNode,
  type Literal,
  noPostings,
  withPosting,
} from "./engine/indexed-condition.ts";
import { NO, YES } from "./evaluate.ts";
import type { Filter, FilterNode } from "./filter.ts";
import type { JSONObject } from "./plain-object.ts";

const emptyDocument: JSONObject = {};

/**
 * The filters of one collection, arranged so that a document finds those that match it.
 *
 * Each filter waits under a few literals, chosen so that one of them holds whenever the filter matches and that they
 * seldom do. Matching reads the fields of the document once, looks up which of those literals hold, and evaluates what
 * waits there. Equal conditions of different filters are evaluated once a document.
 */
export class FilterSet {
  readonly #filters = new Map<string, IndexedFilter>();
  readonly #unconditional = new Map<string, IndexedFilter>();
  readonly #fields = new FieldTable();
  /** Counts match calls, which is how cached values and verdicts expire. */
  #epoch = 0;
  #document: JSONObject = emptyDocument;
  #documentId: string | undefined = undefined;
  readonly #present: Field[] = [];
  readonly #candidates: Literal[] = [];

  get size(): number {
    return this.#filters.size;
  }

  has(id: string): boolean {
    return this.#filters.has(id);
  }

  /** Returns false, and changes nothing, when the set has a filter of this id already. */
  add(id: string, filter: Filter): boolean {
    if (this.#filters.has(id)) return false;
    const root = this.#index(filter.root);
    const indexed: IndexedFilter = { id, root, postings: noPostings, epoch: 0 };
    this.#filters.set(id, indexed);
    if (root.kind === "always") this.#unconditional.set(id, indexed);
    this.#post(indexed, root);
    return true;
  }

  /** Returns whether there was such a filter. */
  remove(id: string): boolean {
    const indexed = this.#filters.get(id);
    if (indexed === undefined) return false;
    this.#filters.delete(id);
    this.#unconditional.delete(id);
    this.#unpost(indexed);
    this.#release(indexed.root);
    return true;
  }

  /** The ids of the filters that match, in no particular order. The document is neither copied nor kept. */
  match(document: JSONObject, documentId?: string): string[] {
    this.#epoch++;
    this.#document = document;
    this.#documentId = documentId;
    const matching = [...this.#unconditional.keys()];
    try {
      this.#matchPresent(matching);
      this.#matchNegations(matching);
    } finally {
      this.#present.length = 0;
      this.#candidates.length = 0;
      this.#document = emptyDocument;
      this.#fields.forgetDocument();
    }
    return matching;
  }

  #matchPresent(matching: string[]): void {
    const present = this.#present;
    this.#fields.collectPresent(this.#document, this.#documentId, this.#epoch, present);
    for (const field of present) field.collect(field.value, this.#epoch, this.#candidates);
    for (const literal of this.#candidates) {
      if (this.#holds(literal)) this.#fire(literal, matching);
    }
  }

  #matchNegations(matching: string[]): void {
    for (const field of this.#fields.withNegations) {
      for (const literal of field.negations) {
        if (this.#holds(literal)) this.#fire(literal, matching);
      }
    }
  }

  /** Looks at the filters that wait under a literal which holds. */
  #fire(literal: Literal, matching: string[]): void {
    for (const { filter } of literal.postings) {
      if (filter.epoch === this.#epoch) continue;
      filter.epoch = this.#epoch;
      if (filter.root === literal || this.#evaluate(filter.root)) matching.push(filter.id);
    }
  }

  #evaluate(node: IndexedNode): boolean {
    switch (node.kind) {
      case "literal":
        return this.#holds(node);
      case "and":
        for (const child of node.children) if (!this.#evaluate(child)) return false;
        return true;
      case "or":
        for (const child of node.children) if (this.#evaluate(child)) return true;
        return false;
      default:
        return node.kind === "always";
    }
  }

  #holds(literal: Literal): boolean {
    const indexed = literal.condition;
    if (indexed.epoch !== this.#epoch) this.#judge(indexed);
    return indexed.verdict === (literal.negated ? NO : YES);
  }

  #judge(indexed: IndexedCondition): void {
    const { field } = indexed;
    this.#fields.read(field, this.#document, this.#documentId, this.#epoch);
    indexed.epoch = this.#epoch;
    indexed.verdict = field.judge(indexed.condition, this.#epoch);
  }

  /** Makes a filter's nodes of the set's own conditions. */
  #index(node: FilterNode): IndexedNode {
    if (node.kind === "always" || node.kind === "never") return node;
    if (node.kind === "literal") {
      return this.#fields.ensure(node.condition.path).acquire(node.condition).literal(node.negated);
    }
    const distinct = new Set<IndexedNode>();
    for (const child of node.children) {
      const indexed = this.#index(child);
      if (distinct.has(indexed)) this.#release(indexed);
      distinct.add(indexed);
    }
    // What is quick to test comes first.
    return { kind: node.kind, children: Array.from(distinct).sort(byEffort) };
  }

  #release(node: IndexedNode): void {
    if (node.kind === "literal") {
      const { field } = node.condition;
      field.release(node.condition);
      if (field.isEmpty) this.#fields.drop(field);
    } else if (node.kind === "and" || node.kind === "or") {
      for (const child of node.children) this.#release(child);
    }
  }

  /** Lets the filter wait under the literals of the node that are least likely to hold. */
  #post(filter: IndexedFilter, node: IndexedNode): void {
    if (node.kind === "literal") {
      this.#postLiteral(filter, node);
    } else if (node.kind === "or") {
      for (const child of node.children) this.#post(filter, child);
    } else if (node.kind === "and") {
      this.#post(filter, leastLikely(node.children));
    }
  }

  #postLiteral(filter: IndexedFilter, literal: Literal): void {
    const posting = { filter, literal, position: literal.postings.length };
    literal.postings = withPosting(literal.postings, posting);
    filter.postings = withPosting(filter.postings, posting);
    if (literal.postings.length > 1) return;
    const { field } = literal.condition;
    field.activate(literal);
    if (literal.negated) this.#fields.noteNegations(field);
  }

  #unpost(filter: IndexedFilter): void {
    for (const posting of filter.postings) {
      const { literal } = posting;
      const last = literal.postings.pop();
      if (last !== undefined && last !== posting) {
        literal.postings[posting.position] = last;
        last.position = posting.position;
      }
      if (literal.postings.length > 0) continue;
      const { field } = literal.condition;
      field.deactivate(literal);
      if (literal.negated) this.#fields.noteNegations(field);
    }
  }
}

function leastLikely(nodes: readonly IndexedNode[]): IndexedNode {
  let best = nodes[0] as IndexedNode; // a group has children
  let lowest = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const likelihood = likelihoodOf(node);
    if (likelihood < lowest) {
      best = node;
      lowest = likelihood;
    }
  }
  return best;
}

function likelihoodOf(node: IndexedNode): number {
  if (node.kind === "literal") return node.condition.field.likelihood(node);
  if (node.kind === "and") return likelihoodOf(leastLikely(node.children));
  if (node.kind === "always" || node.kind === "never") return node.kind === "always" ? 1 : 0;
  let sum = 0;
  for (const child of node.children) sum += likelihoodOf(child);
  return sum;
}

function byEffort(a: IndexedNode, b: IndexedNode): number {
  return effort(a) - effort(b);
}

function effort(node: IndexedNode): number {
  if (node.kind !== "literal") return 4;
  switch (node.condition.condition.kind) {
    case "equals":
    case "exists":
    case "range":
      return 0;
    case "contains":
    case "geo":
      return 1;
    case "match":
    case "select":
      return 2;
    case "regexp":
      return 3;
  }
}
