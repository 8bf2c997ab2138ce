import type { FieldNode } from "../../../mapping/compile-mapping.ts";
import type { Budget } from "../budget.ts";
import type { SearchPart } from "../hits/finish-hits.ts";
import { docFreqOf } from "../query/scoring/term-statistics.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import { PostingCursor } from "../segment/postings.ts";
import type { TextField } from "../segment/text-field.ts";

const chunk = 4096;

/** The terms of one field of one collection, over all its segments. */
export class TermSource {
  readonly node: FieldNode;
  readonly stores: readonly (KeywordField | TextField)[];
  readonly budget: Budget;
  /** Documents and nested objects, removed ones included. */
  readonly maxDoc: number;
  /** Words of the field over all documents. */
  readonly totalTerms: number;
  readonly #frequencies = new Map<string, number>();

  constructor(node: FieldNode, parts: readonly SearchPart[]) {
    this.node = node;
    const [first] = parts;
    if (first === undefined) throw new TypeError("A collection has at least one segment.");
    this.stores = first.context.statistics.termStores("", node.path);
    this.budget = first.context.budget;
    let maxDoc = 0;
    for (const { context } of parts) for (const count of context.snapshot.counts.values()) maxDoc += count;
    this.maxDoc = maxDoc;
    this.totalTerms = this.stores.reduce((sum, store) => sum + store.totalTerms, 0);
  }

  docFreq(term: string): number {
    return docFreqOf(term, this.stores);
  }

  /** How often a term occurs in all documents. */
  frequency(term: string): number {
    const known = this.#frequencies.get(term);
    if (known !== undefined) return known;
    let sum = 0;
    for (const store of this.stores) sum += occurrences(store, store.dictionary.find(term));
    if (this.#frequencies.size < 10_000) this.#frequencies.set(term, sum);
    return sum;
  }
}

function occurrences(store: KeywordField | TextField, ord: number): number {
  if (ord < 0) return 0;
  if (store.kind === "keyword") return store.postings.count(ord);
  const cursor = new PostingCursor(store.postings, ord);
  const docs = new Uint32Array(chunk);
  const extras = new Uint32Array(chunk);
  let sum = 0;
  for (;;) {
    const taken = cursor.take(0, 2 ** 32, docs, extras);
    for (let i = 0; i < taken; i++) sum += store.frequency(extras[i] as number);
    if (taken < chunk) return sum;
  }
}
