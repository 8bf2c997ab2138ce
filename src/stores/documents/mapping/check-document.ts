import type { JSONObject } from "../../../kernel/index.ts";
import type { Mappings } from "../document-store.ts";
import { type CompiledMapping, compileMapping, type FieldNode, type ObjectNode } from "./compile-mapping.ts";
import { inferField } from "./infer-field.ts";
import { mergeMappings } from "./merge-mappings.ts";
import { maxDepth } from "./parse-mappings.ts";
import { DocumentRefusal, type DocumentVisitor, walkDocument } from "./walk-document.ts";

/** `index.mapping.total_fields.limit` of the reference engine: what keeps a hostile document from growing the mapping without end. */
const maxFields = 1000;
/** `index.mapping.nested_objects.limit`. */
const maxNestedObjects = 10_000;

/**
 * Whether a document may be stored.
 *
 * `mappings` is there when the document brings new fields (`dynamic: "true"`): store it and compile it before the document is indexed.
 * Parameters: of `strict_mapping_rejection` only the field, the caller appends index and collection; of `unexpected_bad_request` the whole
 * message; of `no_routing` none.
 */
export type DocumentCheck =
  | { readonly ok: true; readonly mappings?: Mappings }
  | {
      readonly ok: false;
      readonly errorId:
        | "services.storage.strict_mapping_rejection"
        | "services.storage.unexpected_bad_request"
        | "services.storage.no_routing";
      readonly parameters: readonly unknown[];
    };

const accepted: DocumentCheck = { ok: true };

class CheckingVisitor implements DocumentVisitor {
  readonly found: { readonly parent: ObjectNode; readonly name: string; readonly value: unknown }[] = [];
  #nested = 0;
  readonly #vectors = new Set<string>();

  value(field: FieldNode): void {
    if (field.family !== "vector" || field.nestedPath !== "") return;
    if (this.#vectors.has(field.path))
      throw new DocumentRefusal(
        "value",
        field.path,
        `Field "${field.path}" holds one vector, and the document has two.`,
      );
    this.#vectors.add(field.path);
  }
  enterNested(node: ObjectNode): void {
    if (++this.#nested <= maxNestedObjects) return;
    throw new DocumentRefusal(
      "value",
      node.path,
      `A document may hold ${maxNestedObjects} nested objects, this one has more.`,
    );
  }
  leaveNested(): void {}
  unmapped(parent: ObjectNode, name: string, value: unknown): void {
    this.found.push({ parent, name, value });
  }
  refuse(refusal: DocumentRefusal): void {
    throw refusal;
  }
}

/** Checks a parsed document against its mapping: what the reference engine would refuse is refused. */
export function checkDocument(mapping: CompiledMapping, source: JSONObject): DocumentCheck {
  for (const name of ["_id", "_source", "_index", "_routing"]) {
    if (!Object.hasOwn(source, name)) continue;
    if (name === "_routing") return { ok: false, errorId: "services.storage.no_routing", parameters: [] };
    return badRequest(`"${name}" is a metadata field: it cannot be a member of a document.`);
  }
  try {
    return walkAndGrow(mapping, source);
  } catch (err) {
    if (!(err instanceof DocumentRefusal)) throw err;
    if (err.kind === "value") return badRequest(err.message);
    return { ok: false, errorId: "services.storage.strict_mapping_rejection", parameters: [err.path] };
  }
}

function badRequest(message: string): DocumentCheck {
  return { ok: false, errorId: "services.storage.unexpected_bad_request", parameters: [message] };
}

/** Fields of new objects show themselves only when the objects are mapped, so the walk repeats until nothing is new. */
function walkAndGrow(mapping: CompiledMapping, source: JSONObject): DocumentCheck {
  let current = mapping;
  for (;;) {
    const visitor = new CheckingVisitor();
    walkDocument(current, source, visitor);
    const mappings = extend(current, visitor);
    if (mappings === current.mappings) break;
    current = compileMapping(mappings, mapping.settings);
    if (current.fieldCount > maxFields) {
      return badRequest(
        `The document would bring the mapping to ${current.fieldCount} fields; at most ${maxFields} are allowed.`,
      );
    }
  }
  return current === mapping ? accepted : { ok: true, mappings: current.mappings };
}

function extend(mapping: CompiledMapping, visitor: CheckingVisitor): Mappings {
  if (visitor.found.length === 0) return mapping.mappings;
  // A tree of maps, so that names like __proto__ are names like others.
  const root: Level = new Map();
  let count = 0;
  for (const { parent, name, value } of visitor.found) {
    const level = levelOf(root, mapping, parent);
    if (level.has(name)) continue;
    const definition = inferField(value);
    if (definition === undefined) continue;
    if (parent.depth + 1 >= maxDepth) {
      throw new DocumentRefusal(
        "value",
        name,
        `The document is deeper than ${maxDepth} levels, at "${parent.path}.${name}".`,
      );
    }
    level.set(name, definition);
    if (++count > maxFields)
      throw new DocumentRefusal("value", name, `The document has more than ${maxFields} new fields.`);
  }
  return count === 0 ? mapping.mappings : mergeMappings(mapping.mappings, { properties: toProperties(root) });
}

type Level = Map<string, JSONObject | LevelOfObject>;

class LevelOfObject {
  readonly isNested: boolean;
  readonly members: Level = new Map();

  constructor(isNested: boolean) {
    this.isNested = isNested;
  }
}

function levelOf(root: Level, mapping: CompiledMapping, node: ObjectNode): Level {
  let level = root;
  let object = mapping.root;
  if (node.path === "") return root;
  let path = "";
  for (const name of node.path.split(".")) {
    path = path === "" ? name : `${path}.${name}`;
    object = mapping.objects.get(path) ?? object;
    const known = level.get(name);
    const next = known instanceof LevelOfObject ? known : new LevelOfObject(object.isNested);
    level.set(name, next);
    level = next.members;
  }
  return level;
}

function toProperties(level: Level): Record<string, JSONObject> {
  const entries: [string, JSONObject][] = [];
  for (const [name, value] of level) {
    if (!(value instanceof LevelOfObject)) entries.push([name, value]);
    else
      entries.push([name, { ...(value.isNested ? { type: "nested" } : {}), properties: toProperties(value.members) }]);
  }
  return Object.fromEntries(entries);
}
