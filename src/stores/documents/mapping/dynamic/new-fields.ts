import { isPlainObject, type JSONObject, KuzzleError } from "../../../../kernel/index.ts";
import type { Mappings } from "../../document-store.ts";
import type { CompiledMapping, ObjectNode } from "../compile-mapping.ts";
import { mergeField, mergeMappings } from "../merge-mappings.ts";
import { parseField } from "../parse-field.ts";
import { DocumentRefusal, maxArrayDepth } from "../walk-document.ts";

/** What is new below an object; members by name, in maps, so that names like `__proto__` are names like others. */
class NewObject {
  /** Of an object that the mapping does not have; undefined where it has it. */
  readonly definition: JSONObject | undefined;
  readonly isNested: boolean;
  readonly members = new Map<string, JSONObject | NewObject>();

  constructor(definition: JSONObject | undefined, isNested: boolean) {
    this.definition = definition;
    this.isNested = isNested;
  }
}

/** The fields that one document brings, with what their values say of them. Throws `DocumentRefusal`. */
export class NewFields {
  readonly #mapping: CompiledMapping;
  readonly #root = new NewObject(undefined, false);
  #count = 0;

  constructor(mapping: CompiledMapping) {
    this.#mapping = mapping;
  }

  /** `names` lead from an object of the mapping to a field that it does not have; null and empty arrays say nothing. */
  add(parent: ObjectNode, names: readonly string[], value: unknown, arrays = 0): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      this.#addArray(parent, names, value, arrays);
      return;
    }
    const holder = this.#holderOf(parent, names);
    const name = names[names.length - 1] as string; // there is one at least
    const path = [parent.path, ...names].filter((part) => part !== "").join(".");
    const isRuntime = parent.dynamic === "runtime";
    if (isPlainObject(value)) {
      this.#put(holder, name, path, this.#mapping.inference.ofObject(path, name) ?? {});
    } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      this.#put(holder, name, path, this.#mapping.inference.ofScalar(value, path, name, isRuntime));
    }
  }

  #addArray(parent: ObjectNode, names: readonly string[], list: readonly unknown[], arrays: number): void {
    const path = [parent.path, ...names].filter((part) => part !== "").join(".");
    if (arrays >= maxArrayDepth) {
      throw new DocumentRefusal(
        "value",
        path,
        `Field "${path}" has arrays nested deeper than ${maxArrayDepth} levels.`,
      );
    }
    const name = names[names.length - 1] as string; // there is one at least
    const template = this.#mapping.inference.ofObject(path, name);
    // The objects on the way to an array are there, though it may be empty.
    if (names.length > 1) this.#holderOf(parent, names);
    // Points are written as arrays: a template may say that this is one.
    if (template?.type === "geo_point") this.#put(this.#holderOf(parent, names), name, path, template);
    else for (const element of list) this.add(parent, names, element, arrays + 1);
  }

  /** The object that takes the last of the names; those on the way are made. */
  #holderOf(parent: ObjectNode, names: readonly string[]): NewObject {
    let holder = this.#levelOf(parent);
    let path = parent.path;
    for (const name of names.slice(0, -1)) {
      path = path === "" ? name : `${path}.${name}`;
      const template = this.#mapping.inference.ofObject(path, name);
      if (template?.type === "nested") {
        const message = `"${path}" would become a nested object by a name with dots, which is not possible.`;
        throw new DocumentRefusal("value", path, message);
      }
      holder = this.#put(holder, name, path, template ?? {});
    }
    return holder;
  }

  #levelOf(node: ObjectNode): NewObject {
    let level = this.#root;
    if (node.path === "") return level;
    let path = "";
    for (const name of node.path.split(".")) {
      path = path === "" ? name : `${path}.${name}`;
      const known = level.members.get(name);
      const isNested = this.#mapping.objects.get(path)?.isNested === true;
      const next = known instanceof NewObject ? known : new NewObject(undefined, isNested);
      level.members.set(name, next);
      level = next;
    }
    return level;
  }

  /** Two values of one new field must say the same of it. */
  #put(holder: NewObject, name: string, path: string, definition: JSONObject): NewObject {
    if (name.trim() === "" && path !== name)
      throw new DocumentRefusal("value", path, `The new field "${path}" has a name of spaces only.`);
    const known = holder.members.get(name);
    const parsed = this.#parse(definition, path);
    const isObject = parsed.type === undefined || parsed.type === "object" || parsed.type === "nested";
    if (known instanceof NewObject || (known === undefined && isObject)) {
      if (!isObject) throw contradiction(path);
      const object = known instanceof NewObject ? known : new NewObject(parsed, parsed.type === "nested");
      if (known === undefined) this.#countOne(path);
      holder.members.set(name, object);
      return object;
    }
    if (known === undefined) this.#countOne(path);
    try {
      holder.members.set(name, known === undefined ? parsed : mergeField(known, parsed, path));
    } catch (err) {
      if (err instanceof KuzzleError) throw contradiction(path);
      throw err;
    }
    if (isObject) throw contradiction(path);
    return holder;
  }

  /** A template may hold any definition: it is checked when a field is made of it. */
  #parse(definition: JSONObject, path: string): JSONObject {
    const { type } = definition;
    if (type === undefined && Object.keys(definition).length === 0) return { properties: {} };
    const known = ["type", "properties", "dynamic", "enabled", "include_in_parent", "include_in_root"];
    const isObject = type === "object" || type === "nested";
    // What a template says for fields is not meant for the objects that it also fits.
    const own = isObject
      ? Object.fromEntries(Object.entries(definition).filter(([key]) => known.includes(key)))
      : definition;
    try {
      const parsed = parseField(own, path, path.split(".").length, this.#mapping.analysis);
      return isObject && parsed.properties === undefined ? { ...parsed, properties: {} } : parsed;
    } catch (err) {
      if (!(err instanceof KuzzleError)) throw err;
      throw new DocumentRefusal(
        "value",
        path,
        `The template of the new field "${path}" cannot be used: ${err.message}`,
      );
    }
  }

  #countOne(path: string): void {
    if (++this.#count <= this.#mapping.limits.totalFields) return;
    const message = `The document has more than ${this.#mapping.limits.totalFields} new fields.`;
    throw new DocumentRefusal("value", path, message);
  }

  /** The mapping with the new fields; the same object when there are none. */
  extend(): Mappings {
    if (this.#count === 0) return this.#mapping.mappings;
    return mergeMappings(this.#mapping.mappings, { properties: toProperties(this.#root) });
  }
}

function contradiction(path: string): DocumentRefusal {
  return new DocumentRefusal("value", path, `The values of the new field "${path}" are not of one type.`);
}

function toProperties({ members }: NewObject): Record<string, JSONObject> {
  const entries: [string, JSONObject][] = [];
  for (const [name, value] of members) {
    if (!(value instanceof NewObject)) entries.push([name, value]);
    else entries.push([name, toDefinition(value)]);
  }
  return Object.fromEntries(entries);
}

function toDefinition(object: NewObject): JSONObject {
  const { definition = {}, isNested } = object;
  const own = isPlainObject(definition.properties) ? definition.properties : {};
  const properties = { ...own, ...toProperties(object) };
  return { ...(isNested ? { type: "nested" } : {}), ...definition, properties };
}
