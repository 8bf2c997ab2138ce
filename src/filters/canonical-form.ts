import type { Condition, FilterNode } from "./filter.ts";
import type { Shape } from "./geo/shape.ts";
import { isPlainObject } from "./plain-object.ts";

/** Above these, `and` is not distributed over `or` any more and the tree itself identifies the filter. */
const maxConjunctions = 256;
const maxLiterals = 4_096;

/** Conditions that hold together, by their text; a negated one begins with "-". */
type Conjunction = ReadonlySet<string>;

/** Equal texts mean equal filters; most equal filters have equal texts. */
export function canonicalForm(root: FilterNode): string {
  const conjunctions = distribute(root);
  if (conjunctions === undefined) return `tree ${treeForm(root)}`;
  const texts = withoutImplied(conjunctions).map((conjunction) => JSON.stringify([...conjunction].sort()));
  return `any ${JSON.stringify(texts.sort())}`;
}

/** The filter as OR of ANDs, or undefined when that would be too large. */
function distribute(node: FilterNode): Conjunction[] | undefined {
  switch (node.kind) {
    case "always":
      return [new Set()];
    case "never":
      return [];
    case "literal":
      return distributeLiteral(node.condition, node.negated);
    case "or": {
      const all: Conjunction[] = [];
      for (const child of node.children) {
        const part = distribute(child);
        if (part === undefined) return undefined;
        for (const conjunction of part) all.push(conjunction);
      }
      return isTooLarge(all) ? undefined : all;
    }
    case "and": {
      let product: Conjunction[] = [new Set()];
      for (const child of node.children) {
        const part = distribute(child);
        if (part === undefined || product.length * part.length > maxConjunctions) return undefined;
        product = multiply(product, part);
        if (isTooLarge(product)) return undefined;
      }
      return product;
    }
  }
}

/** A range with two bounds is the same as its two halves. */
function distributeLiteral(condition: Condition, negated: boolean): Conjunction[] {
  if (condition.kind === "range" && Number.isFinite(condition.low) && Number.isFinite(condition.high)) {
    const above = literalForm({ ...condition, high: Number.POSITIVE_INFINITY, highIncluded: true }, negated);
    const below = literalForm({ ...condition, low: Number.NEGATIVE_INFINITY, lowIncluded: true }, negated);
    return negated ? [new Set([above]), new Set([below])] : [new Set([above, below])];
  }
  return [new Set([literalForm(condition, negated)])];
}

function isTooLarge(conjunctions: readonly Conjunction[]): boolean {
  if (conjunctions.length > maxConjunctions) return true;
  let literals = 0;
  for (const conjunction of conjunctions) literals += conjunction.size;
  return literals > maxLiterals;
}

/** Each of one list with each of the other, leaving out those that contradict themselves. */
function multiply(left: readonly Conjunction[], right: readonly Conjunction[]): Conjunction[] {
  const product: Conjunction[] = [];
  for (const a of left) {
    for (const b of right) {
      const joined = new Set(a);
      let contradicts = false;
      for (const text of b) {
        if (joined.has(opposite(text))) contradicts = true;
        joined.add(text);
      }
      if (!contradicts) product.push(joined);
    }
  }
  return product;
}

function opposite(text: string): string {
  return (text.startsWith("-") ? "+" : "-") + text.slice(1);
}

/** Leaves out what asks for more than another one does: of `a or (a and b)` only `a` remains. */
function withoutImplied(conjunctions: readonly Conjunction[]): Conjunction[] {
  const bySize = conjunctions.toSorted((a, b) => a.size - b.size);
  const kept: Conjunction[] = [];
  for (const candidate of bySize) {
    if (!kept.some((weaker) => weaker.isSubsetOf(candidate))) kept.push(candidate);
  }
  return kept;
}

function treeForm(node: FilterNode): string {
  if (node.kind === "literal") return JSON.stringify(literalForm(node.condition, node.negated));
  if (node.kind === "always" || node.kind === "never") return node.kind;
  const children = [...new Set(node.children.map(treeForm))].sort();
  return `${node.kind}(${children.join(",")})`;
}

function literalForm(condition: Condition, negated: boolean): string {
  return `${negated ? "-" : "+"}${conditionForm(condition)}`;
}

/** The text of a condition: equal for equal conditions, different for different ones. */
export function conditionForm(condition: Condition): string {
  return JSON.stringify([condition.kind, condition.path, ...operands(condition)]);
}

function operands(condition: Condition): readonly (string | number | boolean | null)[] {
  switch (condition.kind) {
    case "exists":
      return [];
    case "equals":
    case "contains":
      // JSON knows no infinity, which an embedded caller may compare with.
      return typeof condition.value === "number" ? ["number", String(condition.value)] : [condition.value];
    case "range":
      return [String(condition.low), condition.lowIncluded, String(condition.high), condition.highIncluded];
    case "regexp":
      return [condition.pattern.source, condition.pattern.flags];
    case "match":
      return [valueForm(condition.value)];
    case "select":
      return [condition.index, canonicalForm(condition.query)];
    case "geo":
      return shapeForm(condition.shape);
  }
}

/** Order matters neither among the members of an object nor among the elements of an array. */
function valueForm(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueForm).sort().join(",")}]`;
  if (isPlainObject(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${valueForm(value[key])}`).join(",")}}`;
  }
  return typeof value === "number" ? String(value + 0) : JSON.stringify(value);
}

function shapeForm(shape: Shape): readonly (string | number)[] {
  switch (shape.kind) {
    case "box":
      return ["box", shape.bounds.south, shape.bounds.west, shape.bounds.north, shape.bounds.east];
    case "ring":
      return ["ring", shape.center.lat, shape.center.lon, shape.from, shape.to];
    case "polygon":
      return ["polygon", ...shape.points.flatMap((point) => [point.lat, point.lon])];
  }
}
