import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import { type Field, fieldValue, hasDefault, type Level } from "./compiled-specification.ts";

/**
 * The content with the default values of its specification: the same object when there is nothing to fill, else a copy of what changes.
 * Objects are not created for the sake of a default below them. In an update only what was sent as null is filled: what is absent
 * stays as it is stored.
 */
export function withDefaults({ defaulted }: Level, content: JSONObject, isUpdate: boolean): JSONObject {
  let filled = content;
  for (const field of defaulted) {
    const value = fieldValue(field, content);
    if (value === undefined && isUpdate) continue;
    const next = filledValue(field, value, isUpdate);
    if (next === value) continue;
    if (filled === content) filled = { ...content };
    // Not by assignment: the name is the client's, and `__proto__` would be taken for something else.
    Object.defineProperty(filled, field.name, { value: next, writable: true, enumerable: true, configurable: true });
  }
  return filled;
}

function filledValue(field: Field, value: unknown, isUpdate: boolean): unknown {
  if (value === undefined || value === null) {
    // Each document its own: whoever gets it may write into it.
    return hasDefault(field) ? structuredClone(field.defaultValue) : value;
  }
  const { level } = field;
  if (level === undefined || level.defaulted.length === 0) return value;
  if (isPlainObject(value)) return withDefaults(level, value, isUpdate);
  return Array.isArray(value) ? filledElements(level, value, isUpdate) : value;
}

function filledElements(level: Level, values: readonly unknown[], isUpdate: boolean): readonly unknown[] {
  let isChanged = false;
  const filled = values.map((value) => {
    const next = isPlainObject(value) ? withDefaults(level, value, isUpdate) : value;
    isChanged ||= next !== value;
    return next;
  });
  return isChanged ? filled : values;
}
