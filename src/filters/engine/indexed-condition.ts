import { NO, type Verdict } from "../evaluate.ts";
import type { Condition } from "../filter.ts";
import type { Field } from "./field.ts";

/** Shared by all that have none; never pushed to. */
export const noPostings: Posting[] = [];

/** Appends; the first one makes an array of exactly one, as most have no more and growing would reserve sixteen. */
export function withPosting(postings: Posting[], posting: Posting): Posting[] {
  if (postings.length === 0) return [posting];
  postings.push(posting);
  return postings;
}

/** A condition, once per set however many filters have it, with what it says of the document being matched. */
export class IndexedCondition {
  readonly field: Field;
  readonly condition: Condition;
  /** How often it occurs in the filters of the set. */
  references = 0;
  /** The match call that `verdict` belongs to. */
  epoch = 0;
  verdict: Verdict = NO;
  /** The literals made of it so far. */
  plain: Literal | null = null;
  negated: Literal | null = null;

  constructor(field: Field, condition: Condition) {
    this.field = field;
    this.condition = condition;
  }

  literal(negated: boolean): Literal {
    const existing = negated ? this.negated : this.plain;
    if (existing !== null) return existing;
    const literal: Literal = { kind: "literal", condition: this, negated, postings: noPostings, position: -1 };
    if (negated) this.negated = literal;
    else this.plain = literal;
    return literal;
  }
}

/** A condition or its negation. */
export interface Literal {
  readonly kind: "literal";
  readonly condition: IndexedCondition;
  readonly negated: boolean;
  /** The filters that are looked at when this holds. */
  postings: Posting[];
  /** Where the index of the field keeps it; -1 when it is not there. */
  position: number;
}

/** A node of a filter as the set holds it: equal conditions are one object. */
export type IndexedNode =
  | Literal
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "and" | "or"; readonly children: readonly IndexedNode[] };

export interface IndexedFilter {
  readonly id: string;
  readonly root: IndexedNode;
  /** One of these literals holds whenever the filter matches. */
  postings: Posting[];
  /** The last match call that looked at it. */
  epoch: number;
}

export interface Posting {
  readonly filter: IndexedFilter;
  readonly literal: Literal;
  /** Where it stands in `literal.postings`. */
  position: number;
}
