import { type Condition, type FilterNode, testNode } from "../filter.ts";
import { isPlainObject, type JSONObject, readOwn } from "../plain-object.ts";

/**
 * Tests the filter of a rule. Unlike a subscription it reads documents as searches do, so that both hide the same ones: an array has the values
 * of its elements, null is no value and an empty text does not make a field exist, and a text that reads as a number or as true or false counts as one where such a value is asked for.
 */
export function ruleMatches(node: FilterNode, document: JSONObject, id: string | undefined): boolean {
  return testNode(node, (condition, negated) => holds(condition, document, id) !== negated);
}

type Test = (value: string | number | boolean) => boolean;

function holds(condition: Condition, document: JSONObject, id: string | undefined): boolean {
  const test = testOf(condition);
  if (test === undefined) return false;
  if (condition.path === "_id" && id !== undefined) return test(id);
  return someAt(document, condition.path, test, condition.kind === "exists");
}

/** Undefined for conditions that rules do not have. */
function testOf(condition: Condition): Test | undefined {
  switch (condition.kind) {
    case "exists":
      return (found) => found !== "";
    case "equals":
    case "contains": {
      const { value } = condition;
      if (typeof value === "string") return (found) => String(found) === value;
      if (typeof value === "number") return (found) => numberOf(found) === value;
      // As the index has it, an empty text is false.
      return (found) => String(found) === String(value) || (value === false && found === "");
    }
    case "range": {
      const { low, lowIncluded, high, highIncluded } = condition;
      return (found) => {
        const value = numberOf(found);
        if (value === undefined) return false;
        return (lowIncluded ? value >= low : value > low) && (highIncluded ? value <= high : value < high);
      };
    }
    default:
      return undefined;
  }
}

function numberOf(value: string | number | boolean): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const read = Number(value);
  return Number.isNaN(read) ? undefined : read;
}

/** Whether some value at a path passes; keys that hold dots take part. `below`: those of the members of an object count too. */
function someAt(value: unknown, path: string, test: Test, below: boolean): boolean {
  if (Array.isArray(value)) {
    for (const element of value) if (someAt(element, path, test, below)) return true;
    return false;
  }
  if (!isPlainObject(value)) return false;
  if (someOf(readOwn(value, path), test, below)) return true;
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const inner = readOwn(value, path.slice(0, dot));
    if (inner !== undefined && someAt(inner, path.slice(dot + 1), test, below)) return true;
  }
  return false;
}

function someOf(value: unknown, test: Test, below: boolean): boolean {
  if (Array.isArray(value)) {
    for (const element of value) if (someOf(element, test, below)) return true;
    return false;
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return test(value);
  if (!below || !isPlainObject(value)) return false;
  for (const member of Object.values(value)) if (someOf(member, test, below)) return true;
  return false;
}
