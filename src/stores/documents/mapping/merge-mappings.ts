import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import type { Mappings } from "../document-store.ts";

/** Parameters that may change while documents exist; one that an update leaves out has its default again. */
const changeable: ReadonlySet<string> = new Set([
  "boost",
  "coerce",
  "copy_to",
  "depth_limit",
  "eager_global_ordinals",
  "fielddata",
  "fielddata_frequency_filter",
  "fields",
  "ignore_above",
  "ignore_malformed",
  "ignore_z_value",
  "meta",
  "path",
  "search_analyzer",
  "search_quote_analyzer",
  "split_queries_on_whitespace",
]);

/** By type, further ones. They hold for what is written from then on. */
const changeableOf: Readonly<Record<string, readonly string[]>> = {
  completion: ["max_input_length"],
  geo_shape: ["orientation"],
  token_count: ["analyzer"],
};

/** What a parameter that cannot change is when it is left out. */
const defaults: Readonly<Record<string, unknown>> = {
  analyzer: "default",
  doc_values: true,
  format: "strict_date_optional_time||epoch_millis",
  index: true,
  index_phrases: false,
  locale: "",
  position_increment_gap: 100,
  positive_score_impact: true,
  similarity: "BM25",
  store: false,
  term_vector: "no",
};
const defaultsOfText: Readonly<Record<string, unknown>> = { ...defaults, norms: true, index_options: "positions" };
const defaultsOfOthers: Readonly<Record<string, unknown>> = { ...defaults, norms: false, index_options: "docs" };

/** What an update of a point keeps when it is left out. */
const keptOfPoints: readonly string[] = ["ignore_malformed", "ignore_z_value", "null_value"];

/**
 * Adds fields to a mapping; both arguments went through `parseMappings`. What the update leaves out stays, `_meta` is replaced as a whole.
 *
 * Errors (400): `services.storage.cannot_change_mapping` with the dotted path of the field whose type or fixed parameter would change.
 */
export function mergeMappings(current: Mappings, update: Mappings): Mappings {
  return {
    ...current,
    ...update,
    ...(current.properties === undefined && update.properties === undefined
      ? {}
      : { properties: mergeProperties(current.properties ?? {}, update.properties ?? {}, "") }),
  };
}

function mergeProperties(
  current: Readonly<Record<string, unknown>>,
  update: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, JSONObject> {
  const merged = new Map<string, JSONObject>();
  for (const [name, definition] of Object.entries(current)) if (isPlainObject(definition)) merged.set(name, definition);
  for (const [name, definition] of Object.entries(update)) {
    if (!isPlainObject(definition)) continue;
    const before = merged.get(name);
    merged.set(name, before === undefined ? definition : mergeField(before, definition, `${path}${name}`));
  }
  return Object.fromEntries(merged);
}

function typeOf(definition: JSONObject): unknown {
  return definition.type ?? "object";
}

/** One definition over another of the same field. Error as that of {@link mergeMappings}. */
export function mergeField(current: JSONObject, update: JSONObject, path: string): JSONObject {
  const type = typeOf(current);
  if (type !== typeOf(update)) throw kerror("services.storage.cannot_change_mapping", path);
  return type === "object" || type === "nested"
    ? mergeObject(current, update, path)
    : mergeLeaf(current, update, path, String(type));
}

function mergeObject(current: JSONObject, update: JSONObject, path: string): JSONObject {
  for (const [key, byDefault] of [
    ["enabled", true],
    ["include_in_parent", false],
    ["include_in_root", false],
  ] as const) {
    if (update[key] !== undefined && String(update[key]) !== String(current[key] ?? byDefault))
      throw kerror("services.storage.cannot_change_mapping", `${path} (${key})`);
  }
  const merged: JSONObject = { ...current, ...update };
  const { properties: before } = current;
  const { properties: added } = update;
  if (isPlainObject(before) && isPlainObject(added)) merged.properties = mergeProperties(before, added, `${path}.`);
  return merged;
}

function mergeLeaf(current: JSONObject, update: JSONObject, path: string, type: string): JSONObject {
  const byDefault = type === "text" ? defaultsOfText : defaultsOfOthers;
  const isPoint = type === "geo_point";
  for (const key of new Set([...Object.keys(current), ...Object.keys(update)])) {
    if (
      key === "type" ||
      changeable.has(key) ||
      changeableOf[type]?.includes(key) === true ||
      (isPoint && keptOfPoints.includes(key))
    )
      continue;
    const before = current[key] ?? byDefault[key];
    const after = update[key] ?? byDefault[key];
    const isSame = String(before) === String(after) && typeof before !== "object";
    if (isSame || JSON.stringify(before) === JSON.stringify(after)) continue;
    // Norms can be given up, and a constant can be found later; it stays when an update does not repeat it.
    if (key === "norms" && String(before) === "true") continue;
    if (key === "value" && type === "constant_keyword" && (before === undefined || after === undefined)) continue;
    throw kerror("services.storage.cannot_change_mapping", `${path} (${key})`);
  }
  const kept = isPoint ? keptOfPoints : type === "constant_keyword" ? ["value"] : [];
  const merged: JSONObject = { ...update };
  for (const key of kept) if (current[key] !== undefined && update[key] === undefined) merged[key] = current[key];
  const { fields: before } = current;
  const { fields: added } = update;
  if (isPlainObject(before)) merged.fields = isPlainObject(added) ? mergeProperties(before, added, `${path}.`) : before;
  return merged;
}
