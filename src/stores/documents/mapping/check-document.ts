import type { JSONObject } from "../../../kernel/index.ts";
import type { Mappings } from "../document-store.ts";
import { findFault } from "./check-mapping.ts";
import { type CompiledMapping, compileMapping, type FieldNode, type ObjectNode } from "./compile-mapping.ts";
import { NewFields } from "./dynamic/new-fields.ts";
import { setConstant } from "./types/constant-keyword.ts";
import type { IndexedValue } from "./types/field-type.ts";
import { keyEnd } from "./types/flattened.ts";
import { DocumentRefusal, type DocumentVisitor, walkDocument } from "./walk-document.ts";

/**
 * Whether a document may be stored.
 *
 * `mappings` is there when the document brings new fields (`dynamic: "true"`): store it and compile it before the document is indexed. `queries` is
 * there when it has some.
 * Parameters: of `strict_mapping_rejection` only the field, the caller appends index and collection; of `unexpected_bad_request` the whole
 * message; of `no_routing` none.
 */
export type DocumentCheck =
  | { readonly ok: true; readonly mappings?: Mappings; readonly queries?: readonly StoredQuery[] }
  | {
      readonly ok: false;
      readonly errorId:
        | "services.storage.strict_mapping_rejection"
        | "services.storage.unexpected_bad_request"
        | "services.storage.no_routing";
      readonly parameters: readonly unknown[];
    };

/** A query that a document brings for a field of type `percolator`, as JSON. Who stores it checks whether it can be asked. */
export interface StoredQuery {
  readonly path: string;
  readonly text: string;
}

const metadata = ["_id", "_source", "_index", "_routing"] as const;
const accepted: DocumentCheck = { ok: true };

class CheckingVisitor implements DocumentVisitor {
  readonly #mapping: CompiledMapping;
  readonly #found: { readonly parent: ObjectNode; readonly names: readonly string[]; readonly value: unknown }[] = [];
  /** The first value of a `constant_keyword` is that of all documents. */
  #constant: { readonly path: string; readonly value: string } | undefined;
  #nested = 0;
  /** Fields and features that are there once, and are there; made when there is one. */
  #single: Set<string> | undefined;
  readonly queries: StoredQuery[] = [];

  constructor(mapping: CompiledMapping) {
    this.#mapping = mapping;
  }

  value(field: FieldNode, value: IndexedValue): void {
    if (field.family === "vector" || field.family === "query") this.#addSingle(field);
    if (field.family === "query") this.queries.push({ path: field.path, text: String(value) });
    if (field.family === "feature") this.#addFeature(field, String(value));
    if (field.type !== "constant_keyword" || field.definition.value !== undefined) return;
    this.#constant ??= { path: field.path, value: String(value) };
  }

  #addSingle(field: FieldNode): void {
    const { path, nestedPath, family } = field;
    if (nestedPath !== "" && family === "vector") return;
    if (!this.#isFirst(field, path))
      throw new DocumentRefusal("value", path, `Field "${path}" holds one ${family}, and the document has two.`);
  }

  #addFeature(field: FieldNode, term: string): void {
    const { path } = field;
    const name = term.includes(keyEnd) ? path + term.slice(0, term.indexOf(keyEnd)) : path;
    if (!this.#isFirst(field, name))
      throw new DocumentRefusal("value", path, `A document has each feature once, and this one has "${name}" twice.`);
  }

  /** Each nested object may have its own. */
  #isFirst({ nestedPath }: FieldNode, name: string): boolean {
    const place = nestedPath === "" ? name : `${this.#nested} ${name}`;
    this.#single ??= new Set();
    const before = this.#single.size;
    return this.#single.add(place).size > before;
  }

  enterNested(node: ObjectNode): void {
    const most = this.#mapping.limits.nestedObjects;
    if (++this.#nested <= most) return;
    throw new DocumentRefusal("value", node.path, `A document may hold ${most} nested objects, this one has more.`);
  }
  leaveNested(): void {}
  unmapped(parent: ObjectNode, names: readonly string[], value: unknown): void {
    this.#found.push({ parent, names, value });
  }
  refuse(refusal: DocumentRefusal): void {
    throw refusal;
  }

  /** The mapping with what the document brings; the same object when that is nothing. */
  extend(): Mappings {
    const { mappings } = this.#mapping;
    if (this.#constant !== undefined) return setConstant(mappings, this.#constant.path, this.#constant.value);
    if (this.#found.length === 0) return mappings;
    const fields = new NewFields(this.#mapping);
    for (const { parent, names, value } of this.#found) fields.add(parent, names, value);
    return fields.extend();
  }
}

/** Checks a parsed document against its mapping: what the reference engine would refuse is refused. */
export function checkDocument(mapping: CompiledMapping, source: JSONObject): DocumentCheck {
  for (const name of metadata) {
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

/** Why a document is no document of a mapping, new fields aside; undefined when it is one. It is not stored, so it brings no fields. */
export function findFaultOf(mapping: CompiledMapping, source: JSONObject): string | undefined {
  const name = metadata.find((one) => Object.hasOwn(source, one));
  if (name !== undefined) return `"${name}" is a metadata field: it cannot be a member of a document.`;
  try {
    walkDocument(mapping, source, new CheckingVisitor(mapping));
  } catch (err) {
    if (err instanceof DocumentRefusal) return err.message;
    throw err;
  }
  return undefined;
}

function badRequest(message: string): DocumentCheck {
  return { ok: false, errorId: "services.storage.unexpected_bad_request", parameters: [message] };
}

/** Fields of new objects show themselves only when the objects are mapped, so the walk repeats until nothing is new. */
function walkAndGrow(mapping: CompiledMapping, source: JSONObject): DocumentCheck {
  let current = mapping;
  let queries: readonly StoredQuery[];
  for (;;) {
    const visitor = new CheckingVisitor(current);
    walkDocument(current, source, visitor);
    queries = visitor.queries;
    const mappings = visitor.extend();
    if (mappings === current.mappings) break;
    current = compileMapping(mappings, mapping.settings);
    const reason = findFault(current);
    if (reason !== undefined) return badRequest(`The document cannot bring new fields: ${reason}`);
  }
  if (current === mapping) return queries.length === 0 ? accepted : { ok: true, queries };
  return { ok: true, mappings: current.mappings, queries };
}
