import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { Mappings, Settings } from "../document-store.ts";
import { type Analysis, createAnalysis } from "./analysis/analysis.ts";
import { InvalidValue } from "./invalid-value.ts";
import type { FieldBehaviour, IndexedValue } from "./types/field-type.ts";
import { fieldTypes } from "./types/field-types.ts";

export interface FieldNode extends FieldBehaviour {
  readonly kind: "field";
  /** Dotted path from the root of the document. */
  readonly path: string;
  readonly type: string;
  readonly definition: JSONObject;
  /** Path of the nested object in which the field lies, "" at the root. */
  readonly nestedPath: string;
  readonly nullValue: IndexedValue | undefined;
  readonly ignoreMalformed: boolean;
  readonly indexed: boolean;
  readonly subfields: readonly FieldNode[];
  readonly copyTo: readonly string[];
  /** The field that holds the beginnings of this one's terms as terms of its own. */
  readonly prefixPath?: string;
}

export interface ObjectNode {
  readonly kind: "object";
  readonly path: string;
  readonly dynamic: "true" | "false" | "strict";
  readonly enabled: boolean;
  readonly isNested: boolean;
  readonly depth: number;
  readonly children: ReadonlyMap<string, MappingNode>;
}

export interface AliasNode {
  readonly kind: "alias";
  readonly path: string;
  readonly target: string;
}

export type MappingNode = FieldNode | ObjectNode | AliasNode;

/** A mapping made ready to check and index documents. */
export interface CompiledMapping {
  readonly mappings: Mappings;
  readonly settings: Settings;
  readonly analysis: Analysis;
  readonly root: ObjectNode;
  /** Every field that can be searched, sub-fields and aliases included, by dotted path. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  readonly objects: ReadonlyMap<string, ObjectNode>;
  /** Fields, objects and sub-fields, for the limit on their number. */
  readonly fieldCount: number;
}

/** Compiles a mapping that went through `parseMappings`. */
export function compileMapping(mappings: Mappings, settings: Settings = {}): CompiledMapping {
  const analysis = createAnalysis(settings);
  const fields = new Map<string, FieldNode>();
  const objects = new Map<string, ObjectNode>();
  const aliases: AliasNode[] = [];

  const compileObject = (
    definition: JSONObject,
    path: string,
    inherited: ObjectNode["dynamic"],
    nestedPath: string,
    depth: number,
  ): ObjectNode => {
    const own = definition.dynamic;
    const dynamic = own === "true" || own === "false" || own === "strict" ? own : inherited;
    const isNested = definition.type === "nested";
    const children = new Map<string, MappingNode>();
    const inside = isNested ? path : nestedPath;
    if (isPlainObject(definition.properties)) {
      for (const [name, child] of Object.entries(definition.properties)) {
        if (!isPlainObject(child)) continue;
        children.set(name, compileNode(child, path === "" ? name : `${path}.${name}`, dynamic, inside, depth + 1));
      }
    }
    const enabled = definition.enabled !== false && definition.enabled !== "false";
    const node: ObjectNode = { kind: "object", path, dynamic, enabled, isNested, depth, children };
    objects.set(path, node);
    return node;
  };

  const compileNode = (
    definition: JSONObject,
    path: string,
    dynamic: ObjectNode["dynamic"],
    nestedPath: string,
    depth: number,
  ): MappingNode => {
    const { type = "object" } = definition;
    if (type === "alias") {
      const alias: AliasNode = { kind: "alias", path, target: String(definition.path) };
      aliases.push(alias);
      return alias;
    }
    if (type === "object" || type === "nested") return compileObject(definition, path, dynamic, nestedPath, depth);
    return compileField(definition, path, nestedPath);
  };

  const compileField = (definition: JSONObject, path: string, nestedPath: string): FieldNode => {
    const type = fieldTypes.get(String(definition.type));
    if (type === undefined) throw new InvalidValue(`field type "${String(definition.type)}" is not known`);
    const behaviour = type.compile(definition, analysis);
    const { copy_to: copyTo, fields: subfields, null_value: nullValue } = definition;
    const parts = Object.entries(behaviour.parts ?? {}).map(([name, part]): FieldNode => {
      const own = { kind: "field", path: `${path}.${name}`, type: type.name, definition: {}, nestedPath } as const;
      const rest = { nullValue: undefined, ignoreMalformed: false, indexed: true, subfields: [], copyTo: [] } as const;
      const prefixPath = behaviour.prefixField === undefined ? {} : { prefixPath: `${path}.${behaviour.prefixField}` };
      const node = { ...own, ...rest, ...part, ...(name === behaviour.prefixField ? {} : prefixPath) };
      fields.set(node.path, node);
      return node;
    });
    const node: FieldNode = {
      kind: "field",
      path,
      type: type.name,
      definition,
      nestedPath,
      nullValue: nullValue === undefined || nullValue === null ? undefined : behaviour.parse(nullValue),
      ignoreMalformed: definition.ignore_malformed === true || definition.ignore_malformed === "true",
      indexed: definition.index !== false && definition.index !== "false",
      subfields: [
        ...Object.entries(isPlainObject(subfields) ? subfields : {}).flatMap(([name, sub]) =>
          isPlainObject(sub) ? [compileField(sub, `${path}.${name}`, nestedPath)] : [],
        ),
        ...parts,
      ],
      ...(behaviour.prefixField === undefined ? {} : { prefixPath: `${path}.${behaviour.prefixField}` }),
      copyTo: copyTo === undefined ? [] : (Array.isArray(copyTo) ? copyTo : [copyTo]).map(String),
      ...behaviour,
    };
    fields.set(path, node);
    return node;
  };

  const dynamic = mappings.dynamic === "true" || mappings.dynamic === "strict" ? mappings.dynamic : "false";
  const root = compileObject({ properties: mappings.properties ?? {} }, "", dynamic, "", 0);
  for (const alias of aliases) {
    const target = fields.get(alias.target);
    if (target !== undefined) fields.set(alias.path, target);
  }
  return { mappings, settings, analysis, root, fields, objects, fieldCount: fields.size + objects.size - 1 };
}
