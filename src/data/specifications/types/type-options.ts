import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";

/** Inclusive; infinite where nothing is set. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** `{ min?, max? }` as an object without other members; undefined when the option is absent. */
export function readMinMax(options: JSONObject, name: string): JSONObject | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) throw kerror("validation.assert.invalid_type", name, "an object with min and max");
  const unknown = Object.keys(value).filter((key) => key !== "min" && key !== "max");
  if (unknown.length > 0) throw kerror("validation.assert.unexpected_properties", `"${name}"`, unknown.join(", "));
  return value;
}

/** Errors: `validation.assert.invalid_type`, `unexpected_properties`, `invalid_range` (412). */
export function readBounds(options: JSONObject, name: string): Bounds {
  const given = readMinMax(options, name) ?? {};
  const min = readBound(given.min, `${name}.min`) ?? Number.NEGATIVE_INFINITY;
  const max = readBound(given.max, `${name}.max`) ?? Number.POSITIVE_INFINITY;
  if (min > max) throw kerror("validation.assert.invalid_range", name, "min", "max");
  return { min, max };
}

function readBound(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number" || Number.isNaN(value))
    throw kerror("validation.assert.invalid_type", name, "a number");
  return value;
}

/** A boolean or undefined. Error: `validation.assert.invalid_type` (412). */
export function readFlag(options: JSONObject, name: string): boolean | undefined {
  const value = options[name];
  if (value !== undefined && typeof value !== "boolean") {
    throw kerror("validation.assert.invalid_type", name, "a boolean");
  }
  return value;
}

/** A non-empty array of strings. Error: `validation.assert.invalid_type` (412). */
export function readTexts(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((item) => typeof item === "string")) {
    throw kerror("validation.assert.invalid_type", name, "a non-empty array of strings");
  }
  return value;
}

/** Whether a size is within bounds; says what it should be when it is not. `what` is put before: `its length `. */
export function isWithin(bounds: Bounds, size: number, what: string, messages: string[]): boolean {
  if (size < bounds.min) messages.push(`${what}must be at least ${bounds.min}`);
  else if (size > bounds.max) messages.push(`${what}must be at most ${bounds.max}`);
  else return true;
  return false;
}
