import type { Shape } from "./geo/shape.ts";
import type { Pattern } from "./pattern.ts";

export type Scalar = string | number | boolean | null;

/** One test of one field. `exists: "a[1]"` is "contains", `in` and `ids` are several "equals". */
export type Condition =
  | { readonly kind: "equals"; readonly path: string; readonly value: Scalar }
  | { readonly kind: "exists"; readonly path: string }
  | { readonly kind: "contains"; readonly path: string; readonly value: Scalar }
  | RangeCondition
  | { readonly kind: "regexp"; readonly path: string; readonly pattern: Pattern }
  | { readonly kind: "match"; readonly path: string; readonly value: unknown }
  | { readonly kind: "select"; readonly path: string; readonly index: number; readonly query: FilterNode }
  | { readonly kind: "geo"; readonly path: string; readonly shape: Shape };

/** A missing bound is an infinite one, included. */
export interface RangeCondition {
  readonly kind: "range";
  readonly path: string;
  readonly low: number;
  readonly lowIncluded: boolean;
  readonly high: number;
  readonly highIncluded: boolean;
}

/**
 * A filter with negations pushed down to the conditions. `and` and `or` have at least two children, none of them of
 * the same kind or constant.
 */
export type FilterNode =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "literal"; readonly condition: Condition; readonly negated: boolean }
  | { readonly kind: "and" | "or"; readonly children: readonly FilterNode[] };

/** A validated filter, as `parseFilter` returns it. */
export interface Filter {
  readonly root: FilterNode;
  /** How many conditions its author wrote; each value of `in` and `ids` counts. */
  readonly conditions: number;
}

export const always: FilterNode = { kind: "always" };
export const never: FilterNode = { kind: "never" };

export function literal(condition: Condition, negated: boolean): FilterNode {
  return { kind: "literal", condition, negated };
}

/** Joins nodes: nested groups of the same kind melt in, constants decide or vanish. */
export function group(kind: "and" | "or", nodes: readonly FilterNode[]): FilterNode {
  const neutral = kind === "and" ? "always" : "never";
  const deciding = kind === "and" ? "never" : "always";
  const children: FilterNode[] = [];
  for (const node of nodes) {
    if (node.kind === deciding) return node;
    if (node.kind === neutral) continue;
    if (node.kind === kind) for (const child of node.children) children.push(child);
    else children.push(node);
  }
  const [first] = children;
  if (first === undefined) return kind === "and" ? always : never;
  return children.length === 1 ? first : { kind, children };
}

/** Tests a filter whose conditions are tested by `holds`; a constant needs no test. */
export function testNode(node: FilterNode, holds: (condition: Condition, negated: boolean) => boolean): boolean {
  switch (node.kind) {
    case "always":
      return true;
    case "never":
      return false;
    case "literal":
      return holds(node.condition, node.negated);
    case "and":
      for (const child of node.children) if (!testNode(child, holds)) return false;
      return true;
    case "or":
      for (const child of node.children) if (testNode(child, holds)) return true;
      return false;
  }
}
