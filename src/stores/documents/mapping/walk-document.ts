import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { AliasNode, CompiledMapping, FieldNode, MappingNode, ObjectNode } from "./compile-mapping.ts";
import { InvalidValue } from "./invalid-value.ts";
import { withContexts } from "./types/contexts/context-mapping.ts";
import type { IndexedValue, ManyValues } from "./types/field-type.ts";

/** What a walk meets, in the order of the document. */
export interface DocumentVisitor {
  value(field: FieldNode, value: IndexedValue): void;
  /** A nested object begins; its values follow until `leaveNested`. */
  enterNested(node: ObjectNode): void;
  leaveNested(node: ObjectNode): void;
  /** A member, by its names below `parent`, that the mapping does not have, where `dynamic` lets it grow. */
  unmapped(parent: ObjectNode, names: readonly string[], value: unknown): void;
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
export const maxArrayDepth = 50;

/** Leads a visitor through a document along its mapping. */
export function walkDocument(mapping: CompiledMapping, source: JSONObject, visitor: DocumentVisitor): void {
  const { contextFields } = mapping;
  const whole = contextFields.length === 0 ? source : withContexts(source, contextFields);
  walkMembers(mapping, mapping.root, whole, visitor);
}

function walkMembers(mapping: CompiledMapping, node: ObjectNode, source: JSONObject, visitor: DocumentVisitor): void {
  for (const name in source) {
    const value = source[name];
    const child = node.children.get(name);
    if (child !== undefined) walkChild(mapping, child, value, visitor);
    else if (name.includes(".")) walkDotted(mapping, node, name, value, visitor);
    else if (name === "") refuse(visitor, node.path, `A field name is empty, below "${node.path}".`);
    else if (node.dynamic !== "false") walkUnknown(node, node, [name], value, visitor);
  }
}

function walkChild(mapping: CompiledMapping, child: MappingNode, value: unknown, visitor: DocumentVisitor): void {
  if (child.kind === "field") walkField(mapping, child, value, visitor);
  else if (child.kind === "object") walkObject(mapping, child, value, visitor);
  else refuseAlias(child, visitor);
}

function refuse(visitor: DocumentVisitor, path: string, message: string): void {
  visitor.refuse(new DocumentRefusal("value", path, message));
}

function refuseAlias({ path }: AliasNode, visitor: DocumentVisitor): void {
  refuse(visitor, path, `Field "${path}" is an alias: it cannot hold a value.`);
}

/** `a.b` is the member `b` of the object `a`, wherever that may be without saying so. */
function walkDotted(
  mapping: CompiledMapping,
  node: ObjectNode,
  name: string,
  value: unknown,
  visitor: DocumentVisitor,
): void {
  const names = name.split(".");
  while (names.length > 0 && names[names.length - 1] === "") names.pop();
  if (names.length === 0 || names.some((part) => part.trim() === "")) {
    refuse(visitor, node.path, `The field name "${name}" has an empty part.`);
    return;
  }
  let parent = node;
  for (const part of names.slice(0, -1)) {
    const child = parent.children.get(part);
    if (child?.kind !== "object") break;
    if (!child.enabled) return;
    parent = child;
  }
  const child = childAt(node, names, visitor);
  if (child !== undefined) walkChild(mapping, child, value, visitor);
  else walkUnknown(node, node, names, value, visitor);
}

/** What the names lead to; nested objects cannot be passed, for nobody would know which of them is meant. */
function childAt(node: ObjectNode, names: readonly string[], visitor: DocumentVisitor): MappingNode | undefined {
  let child: MappingNode | undefined = node;
  for (const name of names) {
    if (child?.kind !== "object") return undefined;
    if (child !== node && child.isNested) {
      refuse(visitor, child.path, `"${names.join(".")}" leads through the nested object "${child.path}".`);
      return undefined;
    }
    child = child.children.get(name);
  }
  return child;
}

/** `holder` is the object in which the member stands, `from` the one at which its names begin. */
function walkUnknown(
  holder: ObjectNode,
  from: ObjectNode,
  names: readonly string[],
  value: unknown,
  visitor: DocumentVisitor,
): void {
  if (value === null || value === undefined) {
    // To the reference engine, nothing is only forbidden by the object itself.
    if (holder.ownDynamic === "strict") refuseStrict(holder, names[0] ?? "", visitor);
    return;
  }
  let parent = from;
  let at = 0;
  for (; at < names.length - 1; at++) {
    const child = parent.children.get(names[at] as string);
    if (child === undefined) break;
    if (child.kind !== "object") {
      refuse(visitor, child.path, `"${names.join(".")}" needs an object, but "${child.path}" is a field.`);
      return;
    }
    parent = child;
  }
  if (parent.dynamic === "strict") refuseStrict(parent, names[at] as string, visitor);
  else if (parent.dynamic !== "false") visitor.unmapped(parent, names.slice(at), value);
}

function refuseStrict(parent: ObjectNode, name: string, visitor: DocumentVisitor): void {
  const path = parent.path === "" ? name : `${parent.path}.${name}`;
  visitor.refuse(new DocumentRefusal("strict", path, `Field "${path}" is not part of the strict mapping.`));
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
    refuse(
      visitor,
      node.path,
      `Field "${node.path}" is an object in the mapping, but the document has a ${typeof value} there.`,
    );
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
    if (field.family !== "vector") {
      if (field.family === "geo_point") walkPoints(mapping, field, value, visitor);
      else if (arrays >= maxArrayDepth) refuseDepth(field.path, visitor);
      else for (const element of value) walkField(mapping, field, element, visitor, arrays + 1);
      return;
    }
  }
  addWithSubfields(field, value, visitor);
  const { copyTo } = field;
  for (let i = 0; i < copyTo.length; i++) copyValue(mapping, copyTo[i] as string, value, visitor);
}

/** An array of numbers is a point, any other one a list of points. */
function walkPoints(
  mapping: CompiledMapping,
  field: FieldNode,
  list: readonly unknown[],
  visitor: DocumentVisitor,
): void {
  const points = typeof list[0] === "number" ? [list] : list;
  for (const point of points) {
    if (point === null && !field.ignoreMalformed) {
      refuse(visitor, field.path, `Field "${field.path}" of type geo_point cannot hold null in an array.`);
    } else addWithSubfields(field, point, visitor);
    for (const target of field.copyTo) copyValue(mapping, target, point, visitor);
  }
}

/** The rows of words and beginnings that a sub-field is searched by are sub-fields of it. */
function addWithSubfields(field: FieldNode, value: unknown, visitor: DocumentVisitor): void {
  addValue(field, value, visitor);
  const { subfields } = field;
  for (let i = 0; i < subfields.length; i++) addWithSubfields(subfields[i] as FieldNode, value, visitor);
}

/** A value for another field too; one that is not mapped grows where `dynamic` lets it. */
function copyValue(mapping: CompiledMapping, path: string, value: unknown, visitor: DocumentVisitor): void {
  const target = mapping.fields.get(path);
  if (target !== undefined) {
    if (target.path === path) addWithSubfields(target, value, visitor);
    else refuse(visitor, path, `"${path}" is an alias: nothing can be copied to it.`);
  } else if (value !== null) walkUnknown(mapping.root, mapping.root, path.split("."), value, visitor);
}

function refuseDepth(path: string, visitor: DocumentVisitor): void {
  refuse(visitor, path, `Field "${path}" has arrays nested deeper than ${maxArrayDepth} levels.`);
}

function addValue(field: FieldNode, value: unknown, visitor: DocumentVisitor): void {
  if (value === null || value === undefined) {
    if (field.nullValue !== undefined) visitor.value(field, field.nullValue);
    return;
  }
  let parsed: IndexedValue | undefined;
  let many: ManyValues | undefined;
  try {
    if (field.parseMany === undefined) parsed = field.parse(value);
    else many = field.parseMany(value);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    const isIgnored = field.ignoreMalformed && (typeof value !== "object" || field.takesObjects === true);
    if (!isIgnored) refuse(visitor, field.path, describe(field, value, err));
    return;
  }
  if (parsed !== undefined) visitor.value(field, parsed);
  if (many === undefined) return;
  for (const one of many.plain) visitor.value(field, one);
  if (field.keyed !== undefined) for (const one of many.keyed) visitor.value(field.keyed, one);
}

function describe({ path, type }: FieldNode, value: unknown, error: InvalidValue): string {
  const shown = typeof value === "object" ? "an object" : JSON.stringify(value);
  const text = shown.length > 60 ? `${shown.slice(0, 60)}...` : shown;
  return `Field "${path}" of type ${type} cannot hold ${text}: ${error.message}.`;
}
