import { containsValue } from "./contains-value.ts";
import { type Condition, type Filter, type FilterNode, testNode } from "./filter.ts";
import { type GeoPoint, parseGeoPoint } from "./geo/geo-point.ts";
import { isInside, type Shape } from "./geo/shape.ts";
import type { JSONObject } from "./plain-object.ts";
import { readField } from "./read-path.ts";

/**
 * What a condition says of a value. Some values satisfy neither a condition nor its negation: a text that is no point
 * is neither inside nor outside.
 */
export type Verdict = 0 | 1 | 2;
export const NO = 0;
export const YES = 1;
export const NEITHER = 2;

/**
 * Tests one filter against one document. For many filters use a `FilterSet`, which answers the same.
 *
 * The document is what `JSON.parse` gives; `documentId`, when known, is read as its field `_id`. Never throws.
 * Source: contract/koncorde.md, sections 2 to 6; where it lists a quirk, its advice is what happens.
 */
export function matches(filter: Filter, document: JSONObject, documentId?: string): boolean {
  return evaluateNode(filter.root, document, documentId);
}

function evaluateNode(node: FilterNode, document: JSONObject, documentId: string | undefined): boolean {
  return testNode(node, (condition, negated) => {
    const verdict = judge(condition, readField(document, documentId, condition.path));
    return verdict === (negated ? NO : YES);
  });
}

/** Tests the value of the condition's field, undefined when missing. */
export function judge(condition: Condition, value: unknown): Verdict {
  switch (condition.kind) {
    case "equals":
      return value === condition.value ? YES : NO;
    case "exists":
      return value === undefined ? NO : YES;
    case "contains":
      return Array.isArray(value) && value.includes(condition.value) ? YES : NO;
    case "range": {
      if (typeof value !== "number") return NO;
      const aboveLow = value > condition.low || (condition.lowIncluded && value === condition.low);
      return aboveLow && (value < condition.high || (condition.highIncluded && value === condition.high)) ? YES : NO;
    }
    case "regexp":
      if (typeof value === "string") return condition.pattern.test(value) ? YES : NO;
      return value !== undefined && condition.pattern.test(textForm(value)) ? NEITHER : NO;
    case "match":
      return value !== undefined && containsValue(value, condition.value) ? YES : NO;
    case "select": {
      if (!Array.isArray(value)) return NO;
      const element: unknown = value.at(condition.index);
      return element !== undefined && evaluateNode(condition.query, { value: element }, undefined) ? YES : NO;
    }
    case "geo":
      return judgePoint(condition.shape, value, parseGeoPoint(value));
  }
}

/** The geo test for a value that was read as a point beforehand. */
export function judgePoint(shape: Shape, value: unknown, point: GeoPoint | undefined): Verdict {
  if (point !== undefined) return isInside(shape, point) ? YES : NO;
  return value ? NEITHER : NO;
}

/** What JavaScript's `String` makes of a JSON value, but deaf to `toString` members and safe at any depth. */
function textForm(value: unknown): string {
  if (Array.isArray(value)) return value.flat(16).map(elementText).join(",");
  return typeof value === "object" && value !== null ? "[object Object]" : String(value);
}

function elementText(value: unknown): string {
  if (value === null || value === undefined || Array.isArray(value)) return "";
  return typeof value === "object" ? "[object Object]" : String(value);
}
