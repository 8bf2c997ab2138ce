import type { RangeCondition } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { isPlainObject } from "../plain-object.ts";
import { readOnlyMember } from "./parse-field.ts";

/** Reads `{age: {gt: 1, lte: 5}}`. */
export function parseRange(content: unknown, path: string): RangeCondition {
  const [field, bounds] = readOnlyMember(content, "range", path);
  const place = `${path}.${field}`;
  if (!isPlainObject(bounds)) throw new FilterError("must be an object with bounds", "range", place);
  const low: number[] = [];
  const high: number[] = [];
  for (const key of Object.keys(bounds)) {
    const bound = bounds[key];
    if (key !== "gt" && key !== "gte" && key !== "lt" && key !== "lte") {
      throw new FilterError("unknown bound; known are gt, gte, lt, lte", "range", `${place}.${key}`);
    }
    if (typeof bound !== "number" || Number.isNaN(bound)) {
      throw new FilterError("must be a number", "range", `${place}.${key}`);
    }
    (key === "gt" || key === "gte" ? low : high).push(bound + 0);
  }
  if (low.length + high.length === 0) throw new FilterError("needs at least one bound", "range", place);
  if (low.length > 1) throw new FilterError("takes gt or gte, not both", "range", place);
  if (high.length > 1) throw new FilterError("takes lt or lte, not both", "range", place);
  const [from = Number.NEGATIVE_INFINITY] = low;
  const [to = Number.POSITIVE_INFINITY] = high;
  if (low.length === 1 && high.length === 1 && from >= to) {
    throw new FilterError("the lower bound must be below the upper one", "range", place);
  }
  return {
    kind: "range",
    path: field,
    low: from,
    lowIncluded: bounds.gt === undefined,
    high: to,
    highIncluded: bounds.lt === undefined,
  };
}
