import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { CompiledMapping, FieldNode, ObjectNode } from "./compile-mapping.ts";
import { InvalidValue } from "./invalid-value.ts";
import type { IndexedValue } from "./types/field-type.ts";

/** What a walk meets, in the order of the document. */
export interface DocumentVisitor {
  value(field: FieldNode, value: IndexedValue): void;
  /** A nested object begins; its values follow until `leaveNested`. */
  enterNested(node: ObjectNode): void;
  leaveNested(node: ObjectNode): void;
  /** A member that the mapping does not have, below an object whose `dynamic` is true. */
  unmapped(parent: ObjectNode, name: string, value: unknown): void;
  /** Throws to refuse the document, returns to leave the value out. */
  refuse(refusal: DocumentRefusal): void;
}

/** Why a document cannot be stored. */
export class DocumentRefusal extends Error {
  override readonly name = "DocumentRefusal";
  readonly kind: "strict" | "value";
  readonly path: string;

  constructor(kind: "strict" | "value", path: string, message: string) {
    super(message);
    this.kind = kind;
    this.path = path;
  }
}

/** Arrays inside arrays inside arrays: deeper ones are refused, so that no document exhausts the stack. */
const maxArrayDepth = 50;

/** Leads a visitor through a document along its mapping. */
export function walkDocument(mapping: CompiledMapping, source: JSONObject, visitor: DocumentVisitor): void {
  walkMembers(mapping, mapping.root, source, visitor);
}

function walkMembers(mapping: CompiledMapping, node: ObjectNode, source: JSONObject, visitor: DocumentVisitor): void {
  for (const name in source) {
    const value = source[name];
    const child = node.children.get(name);
    if (child === undefined) {
      walkUnknown(mapping, node, name, value, visitor);
    } else if (child.kind === "field") {
      walkField(mapping, child, value, visitor);
    } else if (child.kind === "object") {
      walkObject(mapping, child, value, visitor);
    } else {
      visitor.refuse(
        new DocumentRefusal("value", child.path, `Field "${child.path}" is an alias: it cannot hold a value.`),
      );
    }
  }
}

function walkUnknown(
  mapping: CompiledMapping,
  node: ObjectNode,
  name: string,
  value: unknown,
  visitor: DocumentVisitor,
): void {
  const dot = name.indexOf(".");
  if (dot > 0 && (node.dynamic !== "false" || node.children.has(name.slice(0, dot)))) {
    const inner = { [name.slice(dot + 1)]: value };
    walkMembers(mapping, node, { [name.slice(0, dot)]: inner }, visitor);
    return;
  }
  if (node.dynamic === "false") return;
  const path = node.path === "" ? name : `${node.path}.${name}`;
  if (node.dynamic === "strict") {
    visitor.refuse(new DocumentRefusal("strict", path, `Field "${path}" is not part of the strict mapping.`));
  } else if (name.trim() === "" || dot === 0) {
    visitor.refuse(new DocumentRefusal("value", path, `A field name is empty, below "${node.path}".`));
  } else {
    visitor.unmapped(node, name, value);
  }
}

function walkObject(
  mapping: CompiledMapping,
  node: ObjectNode,
  value: unknown,
  visitor: DocumentVisitor,
  arrays = 0,
): void {
  if (value === null || value === undefined || !node.enabled) return;
  if (Array.isArray(value)) {
    if (arrays >= maxArrayDepth) refuseDepth(node.path, visitor);
    else for (const element of value) walkObject(mapping, node, element, visitor, arrays + 1);
  } else if (!isPlainObject(value)) {
    const message = `Field "${node.path}" is an object in the mapping, but the document has a ${typeof value} there.`;
    visitor.refuse(new DocumentRefusal("value", node.path, message));
  } else if (node.isNested) {
    visitor.enterNested(node);
    walkMembers(mapping, node, value, visitor);
    visitor.leaveNested(node);
  } else {
    walkMembers(mapping, node, value, visitor);
  }
}

function walkField(
  mapping: CompiledMapping,
  field: FieldNode,
  value: unknown,
  visitor: DocumentVisitor,
  arrays = 0,
): void {
  if (Array.isArray(value)) {
    const isPoint = field.family === "geo_point" && typeof value[0] === "number";
    if (!isPoint && field.family !== "vector") {
      if (arrays >= maxArrayDepth) refuseDepth(field.path, visitor);
      else for (const element of value) walkField(mapping, field, element, visitor, arrays + 1);
      return;
    }
  }
  addValue(field, value, visitor);
  const { subfields, copyTo } = field;
  for (let i = 0; i < subfields.length; i++) addValue(subfields[i] as FieldNode, value, visitor);
  for (let i = 0; i < copyTo.length; i++) {
    const target = mapping.fields.get(copyTo[i] as string);
    if (target !== undefined && target.nestedPath === field.nestedPath) addValue(target, value, visitor);
  }
}

function refuseDepth(path: string, visitor: DocumentVisitor): void {
  visitor.refuse(
    new DocumentRefusal("value", path, `Field "${path}" has arrays nested deeper than ${maxArrayDepth} levels.`),
  );
}

function addValue(field: FieldNode, value: unknown, visitor: DocumentVisitor): void {
  if (value === null || value === undefined) {
    if (field.nullValue !== undefined) visitor.value(field, field.nullValue);
    return;
  }
  let parsed: IndexedValue | undefined;
  try {
    if (field.parseMany !== undefined) {
      for (const one of field.parseMany(value)) visitor.value(field, one);
      return;
    }
    parsed = field.parse(value);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    if (field.ignoreMalformed) return;
    const shown = typeof value === "object" ? "an object" : JSON.stringify(value);
    const text = shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
    const message = `Field "${field.path}" of type ${field.type} cannot hold ${text}: ${err.message}.`;
    visitor.refuse(new DocumentRefusal("value", field.path, message));
    return;
  }
  if (parsed !== undefined) visitor.value(field, parsed);
}
