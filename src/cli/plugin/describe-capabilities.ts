import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/** What a plugin declares that it needs, one line each; of a plugin that declares nothing, that it may do everything. */
export function describeCapabilities(capabilities: JSONObject | undefined): string[] {
  if (capabilities === undefined) return ["everything: it declares no capabilities"];
  const lines = Object.entries(capabilities).flatMap(([name, value]) => described(name, value));
  return lines.length === 0 ? ["nothing: its capabilities are empty"] : lines;
}

function described(name: string, value: unknown): string[] {
  if (value === true) return [name];
  if (Array.isArray(value)) return value.length === 0 ? [] : [`${name}: ${value.join(", ")}`];
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([member, inner]) => described(`${name} ${member}`, inner));
}
