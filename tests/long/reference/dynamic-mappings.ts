import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import type { Random } from "./random.ts";

/** Mappings that say what becomes of unknown fields, and documents that bring some. */

const names = ["a", "b", "c", "k_a", "k_b", "o", "p", "long_x", "n1", "ünï"];
const texts =
  "x|some text|2020-01-02|2020-01-02T03:04:05Z|2020/01/02|2020/01/02 03:04:05|01/02/2020|12|3|1.5|1e5|true|2020|12-13|10.0.0.1||2020-99-99".split(
    "|",
  );
// No negative ones: they meet date fields, where ours takes dates before 1970 (docs/search-differences.md).
const numbers = [0, 1, 7, 2.5, 0.25, 1e10, 123_456_789_012];

const templates: readonly JSONObject[] = [
  { dates: { match_mapping_type: "date", mapping: { type: "date", store: true } } },
  { keys: { match_mapping_type: "string", match: "k_*", mapping: { type: "keyword", ignore_above: 5 } } },
  { whole: { match_mapping_type: "long", mapping: { type: "integer" } } },
  { decimals: { match_mapping_type: "double", mapping: { type: "double", index: false } } },
  { inO: { path_match: "o.*", path_unmatch: "o.b*", mapping: { type: "{dynamic_type}", store: true } } },
  { words: { match: "long_*", unmatch: "*_text", mapping: { type: "long", coerce: true } } },
  { regular: { match_pattern: "regex", match: "^n\\d+$", mapping: { type: "keyword", copy_to: "all_{name}" } } },
  { objects: { match_mapping_type: "object", match: "p", mapping: { type: "nested" } } },
  { closed: { match_mapping_type: "object", path_match: "o.o", mapping: { type: "object", dynamic: "false" } } },
  { strings: { match_mapping_type: "string", mapping: { type: "text", fields: { raw: { type: "keyword" } } } } },
  { flags: { match_mapping_type: "boolean", mapping: { type: "keyword" } } },
  { bare: { match: "c", mapping: { index: false } } },
];

const fixed: Readonly<Record<string, JSONObject>> = {
  a: { type: "long" },
  b: { type: "keyword", copy_to: ["copied", "o.copied"] },
  o: { properties: { a: { type: "keyword" } } },
  p: { type: "nested", properties: { b: { type: "long", copy_to: "outer" } } },
  c: { type: "text", fields: { raw: { type: "keyword" } } },
};

/** A mapping with a policy at each level, templates and settings of what is detected. */
export function newMapping(random: Random): JSONObject {
  const policy = (): JSONObject => (random.chance(0.3) ? { dynamic: random.pick(["true", "false", "strict"]) } : {});
  const properties: JSONObject = {};
  for (const [name, definition] of Object.entries(fixed)) {
    if (!random.chance(0.35)) continue;
    properties[name] = definition.properties === undefined ? definition : { ...definition, ...policy() };
  }
  return {
    dynamic: random.pick(["true", "true", "true", "true", "false", "strict"]),
    properties,
    ...(random.chance(0.6) ? { dynamic_templates: random.some(templates, 0.25) } : {}),
    ...(random.chance(0.2) ? { date_detection: random.chance(0.3) } : {}),
    ...(random.chance(0.3) ? { numeric_detection: random.chance(0.8) } : {}),
    ...(random.chance(0.2) ? { dynamic_date_formats: ["MM/dd/yyyy", "strict_date_optional_time"] } : {}),
  };
}

function newValue(random: Random, depth: number): unknown {
  const kind = random.next();
  if (kind < 0.3) return random.pick(texts);
  if (kind < 0.5) return random.pick(numbers);
  if (kind < 0.58) return random.chance(0.5);
  if (kind < 0.63) return null;
  if (depth > 2) return random.pick(texts);
  if (kind < 0.85) return newMembers(random, depth + 1);
  const make = random.pick<() => unknown>([
    () => random.pick(texts.slice(0, 2)),
    () => random.pick(numbers.slice(0, 3)),
    () => newMembers(random, depth + 1),
    () => newValue(random, depth + 1),
  ]);
  const list: unknown[] = random.list(random.below(3), make);
  return random.chance(0.2) ? [null, ...list] : list;
}

function newMembers(random: Random, depth: number): JSONObject {
  const members: JSONObject = {};
  for (let i = random.between(depth === 0 ? 1 : 0, 3); i > 0; i--) {
    const name = random.pick(names);
    const dotted = random.chance(0.15) ? `${name}.${random.pick(names)}` : name;
    const value = newValue(random, depth);
    // The reference cannot copy null to a field that is not mapped.
    const isCopied = name === "b" || dotted.endsWith("b");
    const own = isCopied && JSON.stringify(value).includes("null") ? "x" : value;
    members[random.chance(0.01) ? random.pick(["", ".a", "a.", "a..b", " "]) : dotted] = own;
  }
  return members;
}

export function newUnmappedDocument(random: Random): JSONObject {
  return newMembers(random, 0);
}

const said: Readonly<Record<string, string>> = {
  analyzer: "default",
  coerce: "true",
  doc_values: "true",
  format: "strict_date_optional_time||epoch_millis",
  ignore_malformed: "false",
  index: "true",
  similarity: "BM25",
  store: "false",
};

/** Definitions in one form, whoever wrote them: nothing that is said by default, flags as texts, lists as lists. */
export function normalForm(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(normalForm);
  if (!isPlainObject(definition)) return typeof definition === "object" ? definition : String(definition);
  const entries = Object.entries(definition).flatMap(([name, value]): [string, unknown][] => {
    if (name === "type" && value === "object") return [];
    if (isPlainObject(value) && Object.keys(value).length === 0 && name === "properties") return [];
    if (name === "copy_to") return [[name, [value].flat().map(String).sort()]];
    if (said[name] === String(value) || (name === "meta" && Object.keys(value as JSONObject).length === 0)) return [];
    // The reference does not tell it of every type.
    if (name === "boost" || (name === "search_analyzer" && value === definition.analyzer)) return [];
    if (name === "norms" && String(value) === String(definition.type === "text")) return [];
    return [[name, normalForm(value)]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Updates of one field: what it is, and what it shall become. */
export function newUpdate(random: Random): { readonly before: JSONObject; readonly after: JSONObject } {
  const type = random.pick(["keyword", "text", "long", "date", "ip", "boolean", "float", "integer_range"]);
  const parameters: Readonly<Record<string, readonly unknown[]>> = {
    index: [true, false],
    doc_values: [true, false],
    store: [true, false],
    boost: [1, 2],
    meta: [{ a: "b" }, {}],
    copy_to: ["x", "y"],
    fields: [{ k: { type: "keyword" } }, { k: { type: "text" } }, { l: { type: "long" } }],
    ...(type === "keyword" || type === "text" ? { similarity: ["boolean"], norms: [true, false] } : {}),
    ...(type === "keyword" ? { ignore_above: [5, 9], null_value: ["x", "y"] } : {}),
    ...(type === "text" ? { analyzer: ["standard", "simple"], search_analyzer: ["simple", "standard"] } : {}),
    ...(type === "long" || type === "float" ? { coerce: [true, false], ignore_malformed: [true, false] } : {}),
    ...(type === "date" ? { format: ["yyyy", "strict_date_optional_time||epoch_millis"] } : {}),
  };
  const one = (): JSONObject => {
    const definition: JSONObject = { type };
    for (const [name, values] of Object.entries(parameters)) {
      if (type === "text" && name === "doc_values") continue;
      if (random.chance(0.15)) definition[name] = random.pick(values);
    }
    return definition;
  };
  const before = one();
  if (random.chance(0.1))
    return { before, after: random.pick([{ properties: {} }, { type: "nested" }, { type: "byte" }]) };
  return { before, after: random.chance(0.6) ? { ...before, ...(random.chance(0.5) ? one() : {}) } : one() };
}
