import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import { parseIsoDate } from "./dates/iso-date.ts";

const slashDate = /^\d{4}\/\d{2}\/\d{2}( \d{2}:\d{2}:\d{2})?( ([+-]\d{2}:?\d{2}|Z))?$/;

/** The definition that a value of an unknown field gets under `dynamic: true`; undefined when it says nothing (null, empty array). */
export function inferField(value: unknown, depth = 0): JSONObject | undefined {
  if (Array.isArray(value)) {
    // What lies deeper is refused when the field, then mapped, is walked; nothing can be said about it.
    if (depth > 50) return { type: "long" };
    for (const element of value) {
      const inferred = inferField(element, depth + 1);
      if (inferred !== undefined) return inferred;
    }
    return undefined;
  }
  switch (typeof value) {
    case "boolean":
      return { type: "boolean" };
    case "number":
      return { type: Number.isInteger(value) ? "long" : "float" };
    case "string":
      return inferText(value);
    default:
      // Its members are unknown fields of the new object: they are met when the document is walked again.
      return isPlainObject(value) ? { properties: {} } : undefined;
  }
}

function inferText(text: string): JSONObject {
  // Texts of digits are too often no dates, although a year would be one.
  if (text.includes("-") && parseIsoDate(text) !== undefined) return { type: "date" };
  if (slashDate.test(text)) return { type: "date", format: "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis" };
  return { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
}
