import { type Filter, FilterError, parseFilter, type RegExpEngine } from "../../filters/index.ts";
import { isDeeper, isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { CollectionRef } from "../../stores/documents/index.ts";
import { type CompiledSpecification, type Field, hasDefault, type Level } from "./compiled-specification.ts";
import { parseJsonSchema } from "./json-schema.ts";
import { checkMembers, type FieldDraft, parseField } from "./parse-field.ts";
import { type Problem, Problems } from "./problem.ts";
import type { TypeTable } from "./types/type-table.ts";

export interface SpecificationParserDeps {
  readonly types: TypeTable;
  /** Of the validators' regular expressions. */
  readonly regExpEngine: RegExpEngine;
}

export type ParsedSpecification =
  | { readonly ok: true; readonly specification: CompiledSpecification }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const maxValidatorConditions = 50;
/** Deeper ones could not be stored. */
const maxDepth = 500;

/**
 * Reads a specification: `{ strict?, fields?: { "address/city": { type: "string" } }, validators?: [filter, …], jsonSchema?: {…} }`.
 * A content has to satisfy all of it.
 * Everything that is wrong with single fields is answered together; how they stand to each other is looked at after that.
 * Source: contract/search.md section 12.2.
 */
export function parseSpecification(
  specification: unknown,
  target: CollectionRef,
  deps: SpecificationParserDeps,
): ParsedSpecification {
  const problems = new Problems();
  const name = `${target.index}.${target.collection}`;
  let compiled: CompiledSpecification | undefined;
  if (!isPlainObject(specification)) problems.add("validation.assert.invalid_type", name, "an object");
  else if (isDeeper(specification, maxDepth)) {
    problems.add("validation.assert.invalid_type", name, `nested at most ${maxDepth} levels deep`);
  } else compiled = compile(specification, target, deps, problems);
  return compiled === undefined || problems.list.length > 0
    ? { ok: false, problems: problems.list }
    : { ok: true, specification: compiled };
}

function compile(
  specification: JSONObject,
  target: CollectionRef,
  deps: SpecificationParserDeps,
  problems: Problems,
): CompiledSpecification | undefined {
  checkMembers(
    specification,
    ["strict", "fields", "validators", "jsonSchema"],
    `"${target.index}.${target.collection}"`,
    problems,
  );
  const drafts = parseFields(specification.fields ?? {}, target, deps.types, problems);
  const tree = problems.list.length === 0 ? arrange(drafts, target, problems) : undefined;
  const validators = parseValidators(specification.validators, deps.regExpEngine, problems);
  const { jsonSchema: schema } = specification;
  const jsonSchema = schema === undefined ? undefined : parseJsonSchema(schema, deps.regExpEngine, problems);
  return tree && { root: buildLevel("", tree, Boolean(specification.strict)), validators, jsonSchema };
}

function parseFields(
  fields: unknown,
  target: CollectionRef,
  types: TypeTable,
  problems: Problems,
): ReadonlyMap<string, FieldDraft> {
  const drafts = new Map<string, FieldDraft>();
  if (!isPlainObject(fields)) {
    problems.add("validation.assert.invalid_type", "fields", "an object");
    return drafts;
  }
  for (const [key, declaration] of Object.entries(fields)) {
    if (problems.isFull) break;
    const draft = parseField(key, declaration, target, types, problems);
    if (draft !== undefined) drafts.set(key, draft);
  }
  return drafts;
}

/** The drafts below each key; the root's key is empty. Stops at the first that has no place. */
function arrange(
  drafts: ReadonlyMap<string, FieldDraft>,
  { index, collection }: CollectionRef,
  problems: Problems,
): ReadonlyMap<string, FieldDraft[]> | undefined {
  const children = new Map<string, FieldDraft[]>();
  for (const draft of drafts.values()) {
    const parentKey = draft.names.slice(0, -1).join("/");
    if (draft.names.length > 1) {
      const parent = drafts.get(parentKey);
      const parentPath = parentKey.replaceAll("/", ".");
      if (parent === undefined) {
        if (draft.names.length === 2) problems.add("validation.assert.missing_parent", draft.path);
        else problems.add("validation.assert.missing_nested_spec", parentPath, index, collection);
        return undefined;
      }
      if (!parent.type.allowChildren) {
        problems.add("validation.assert.unexpected_children", parentPath, parent.type.typeName);
        return undefined;
      }
    }
    // The empty key is a field's name too: what stands below it begins with a slash.
    const place = draft.names.length === 1 ? "" : `${parentKey}/`;
    const siblings = children.get(place);
    if (siblings === undefined) children.set(place, [draft]);
    else siblings.push(draft);
  }
  return children;
}

function buildLevel(place: string, tree: ReadonlyMap<string, readonly FieldDraft[]>, isStrict: boolean): Level {
  const fields = (tree.get(place) ?? []).map((draft) => buildField(draft, tree, isStrict));
  return {
    isStrict,
    names: new Set(fields.map((field) => field.name)),
    fields,
    defaulted: fields.filter((field) => hasDefault(field) || (field.level?.defaulted.length ?? 0) > 0),
  };
}

function buildField(
  draft: FieldDraft,
  tree: ReadonlyMap<string, readonly FieldDraft[]>,
  isParentStrict: boolean,
): Field {
  const { key, ...field } = draft;
  const { type, options } = field;
  if (!type.allowChildren) return { ...field, level: undefined };
  const isStrict = Boolean(type.getStrictness?.(options, isParentStrict));
  return { ...field, level: buildLevel(`${key}/`, tree, isStrict) };
}

function parseValidators(validators: unknown, regExpEngine: RegExpEngine, problems: Problems): Filter | undefined {
  if (!Array.isArray(validators)) return undefined;
  try {
    return parseFilter({ and: validators }, { maxConditions: maxValidatorConditions, regExpEngine });
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    problems.add("validation.assert.invalid_filters", error.message);
    return undefined;
  }
}
