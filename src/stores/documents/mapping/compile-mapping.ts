import type { FieldList } from "../../../filters/index.ts";
import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { Mappings, Settings } from "../document-store.ts";
import { type Analysis, createAnalysis } from "./analysis/analysis.ts";
import { createInference, type Inference } from "./dynamic/inference.ts";
import { InvalidValue } from "./invalid-value.ts";
import { type MappingLimits, readLimits } from "./mapping-limits.ts";
import { settingOf } from "./setting-of.ts";
import { type ContextField, contextFieldsOf } from "./types/contexts/context-mapping.ts";
import { type FieldBehaviour, flag, type IndexedValue } from "./types/field-type.ts";
import { fieldTypes } from "./types/field-types.ts";

export interface FieldNode extends FieldBehaviour {
  readonly kind: "field";
  /** Dotted path from the root of the document. */
  readonly path: string;
  readonly type: string;
  readonly definition: JSONObject;
  /** Path of the nested object in which the field lies, "" at the root. */
  readonly nestedPath: string;
  /** Paths of outer objects that hold the values too (`include_in_parent`, `include_in_root`). */
  readonly alsoIn: readonly string[];
  readonly nullValue: IndexedValue | undefined;
  readonly ignoreMalformed: boolean;
  readonly indexed: boolean;
  /** Factor of all scores of the field. */
  readonly boost: number;
  readonly subfields: readonly FieldNode[];
  readonly copyTo: readonly string[];
  /** The field that holds the beginnings of this one's terms as terms of its own. */
  readonly prefixPath?: string;
  /** The hidden field beside this one: of `key, 0, value` for `flattened`, of what finds a query for `percolator`. */
  readonly keyed: FieldNode | undefined;
}

export type DynamicPolicy = "true" | "false" | "strict" | "runtime";

export interface ObjectNode {
  readonly kind: "object";
  readonly path: string;
  /** Its own policy, or that of the object around it. */
  readonly dynamic: DynamicPolicy;
  readonly ownDynamic: DynamicPolicy | undefined;
  readonly enabled: boolean;
  readonly isNested: boolean;
  readonly depth: number;
  readonly children: ReadonlyMap<string, MappingNode>;
}

export interface AliasNode {
  readonly kind: "alias";
  readonly path: string;
  readonly target: string;
  readonly nestedPath: string;
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
  readonly aliases: readonly AliasNode[];
  /** Fields whose keys can be searched as fields of their own. */
  readonly flattened: readonly FieldNode[];
  /** Completion fields whose contexts come from other fields. */
  readonly contextFields: readonly ContextField[];
  /** Fields, objects and sub-fields, for the limit on their number. */
  readonly fieldCount: number;
  readonly limits: MappingLimits;
  readonly inference: Inference;
  /** Set in a view of the mapping: the fields that it shows. */
  readonly visible?: FieldList;
}

/** Where a definition stands. */
interface Place {
  readonly path: string;
  readonly dynamic: DynamicPolicy;
  readonly nestedPath: string;
  readonly alsoIn: readonly string[];
  readonly depth: number;
}

const policies: readonly unknown[] = ["true", "false", "strict", "runtime"];

/** Compiles a mapping that went through `parseMappings`. */
export function compileMapping(mappings: Mappings, settings: Settings = {}): CompiledMapping {
  const analysis = createAnalysis(settings);
  const fields = new Map<string, FieldNode>();
  const objects = new Map<string, ObjectNode>();
  const aliases: AliasNode[] = [];
  const byDefault = {
    coerce: settingOf(settings, "mapping.coerce"),
    ignoreMalformed: settingOf(settings, "mapping.ignore_malformed"),
  };

  const compileObject = (definition: JSONObject, place: Place, isRoot: boolean): ObjectNode => {
    const { path, depth } = place;
    const own = policyOf(definition.dynamic);
    const dynamic = own ?? place.dynamic;
    const isNested = definition.type === "nested";
    const children = new Map<string, MappingNode>();
    const inside = isNested ? { nestedPath: path, alsoIn: includedIn(definition, place) } : place;
    if (isPlainObject(definition.properties)) {
      for (const [name, child] of Object.entries(definition.properties)) {
        if (!isPlainObject(child)) continue;
        const { nestedPath, alsoIn } = inside;
        const at = { path: isRoot ? name : `${path}.${name}`, dynamic, nestedPath, alsoIn, depth: depth + 1 };
        children.set(name, compileNode(child, at));
      }
    }
    const enabled = flag(definition, "enabled", true);
    const node: ObjectNode = { kind: "object", path, dynamic, ownDynamic: own, enabled, isNested, depth, children };
    if (!isRoot) objects.set(path, node);
    return node;
  };

  const compileNode = (definition: JSONObject, place: Place): MappingNode => {
    const { type = "object" } = definition;
    const { path, nestedPath } = place;
    if (type === "alias") {
      const alias: AliasNode = { kind: "alias", path, target: String(definition.path), nestedPath };
      aliases.push(alias);
      return alias;
    }
    return type === "object" || type === "nested"
      ? compileObject(definition, place, false)
      : compileField(definition, place);
  };

  const compileField = (definition: JSONObject, place: Place): FieldNode => {
    const { path, nestedPath, alsoIn } = place;
    const type = fieldTypes.get(String(definition.type));
    if (type === undefined) throw new InvalidValue(`field type "${String(definition.type)}" is not known`);
    const coerces = byDefault.coerce === undefined || definition.coerce !== undefined;
    const behaviour = type.compile(coerces ? definition : { ...definition, coerce: byDefault.coerce }, analysis);
    const { copy_to: copyTo, fields: subfields, null_value: nullValue } = definition;
    const ignores = definition.ignore_malformed ?? byDefault.ignoreMalformed ?? false;
    const weighed = definition.similarity === undefined ? {} : { similarity: definition.similarity };
    const parts = Object.entries(behaviour.parts ?? {}).map(([name, part]): FieldNode => {
      const own = {
        kind: "field",
        path: `${path}.${name}`,
        type: type.name,
        definition: weighed,
        nestedPath,
        alsoIn,
      } as const;
      const kept = { nullValue: undefined, ignoreMalformed: false, indexed: true, boost: 1, keyed: undefined } as const;
      const rest = { ...kept, subfields: [], copyTo: [] } as const;
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
      alsoIn,
      nullValue: nullValue === undefined || nullValue === null ? undefined : behaviour.parse(nullValue),
      ignoreMalformed: type.parameters.ignore_malformed !== undefined && (ignores === true || ignores === "true"),
      indexed: flag(definition, "index", true),
      boost: Number(definition.boost ?? 1),
      subfields: [
        ...Object.entries(isPlainObject(subfields) ? subfields : {}).flatMap(([name, sub]) =>
          isPlainObject(sub) ? [compileField(sub, { ...place, path: `${path}.${name}` })] : [],
        ),
        ...parts,
      ],
      ...(behaviour.prefixField === undefined ? {} : { prefixPath: `${path}.${behaviour.prefixField}` }),
      copyTo: copyTo === undefined ? [] : (Array.isArray(copyTo) ? copyTo : [copyTo]).map(String),
      keyed: undefined,
      ...behaviour,
    };
    const isKeyed = behaviour.hasKeys === true || behaviour.family === "query";
    const family = behaviour.family === "query" ? "keyword" : behaviour.family;
    const whole = isKeyed ? { ...node, keyed: { ...node, family, path: keyedPath(path) } } : node;
    fields.set(path, whole);
    return whole;
  };

  const place = { path: "", dynamic: "false", nestedPath: "", alsoIn: [], depth: 0 } as const;
  const { properties = {}, dynamic } = mappings;
  const root = compileObject({ properties, ...(dynamic === undefined ? {} : { dynamic }) }, place, true);
  const fieldCount = fields.size + objects.size + aliases.length;
  objects.set("", root);
  const flattened = [...fields.values()].filter(({ hasKeys, family }) => hasKeys === true && family === "keyword");
  for (const alias of aliases) {
    const target = fields.get(alias.target);
    if (target !== undefined) fields.set(alias.path, target);
  }
  const [limits, inference] = [readLimits(settings), createInference(mappings)];
  const found = { fields, objects, aliases, flattened, fieldCount, contextFields: contextFieldsOf(fields.values()) };
  return { mappings, settings, analysis, root, ...found, limits, inference };
}

/** Path under which the index keeps the hidden field beside a field; no field of a mapping can have it. */
export function keyedPath(path: string): string {
  return `${path}.\0`;
}

function policyOf(value: unknown): DynamicPolicy | undefined {
  return policies.includes(value) ? (value as DynamicPolicy) : undefined; // one of the list, as just checked
}

/** Outer documents that hold the values of a nested object too. */
function includedIn(definition: JSONObject, { nestedPath, alsoIn }: Place): readonly string[] {
  const paths = new Set<string>();
  if (flag(definition, "include_in_parent", false)) for (const path of [nestedPath, ...alsoIn]) paths.add(path);
  if (flag(definition, "include_in_root", false)) paths.add("");
  return [...paths];
}
