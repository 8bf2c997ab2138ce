import { isPlainObject, type JSONObject } from "../../../src/kernel/index.ts";
import type { Mappings } from "../../../src/stores/documents/index.ts";

/** What a search body is made of, as lists of what may be counted: `match`, `match x text`, `terms`, `terms > avg`, `sort.mode`. */
export interface Parts {
  readonly clauses: Set<string>;
  readonly fieldTypes: Set<string>;
  readonly clausesOnTypes: Set<string>;
  readonly clausesInClauses: Set<string>;
  readonly aggregations: Set<string>;
  readonly aggregationsOnTypes: Set<string>;
  readonly aggregationsInAggregations: Set<string>;
  readonly options: Set<string>;
}

/** Types by path, multi-fields and fields within objects included; an alias has the type of its target. */
export type FieldTypes = ReadonlyMap<string, string>;

export function fieldTypesOf({ properties }: Mappings): FieldTypes {
  const types = new Map<string, string>();
  const aliases: [string, string][] = [];
  const add = (fields: unknown, prefix: string): void => {
    if (!isPlainObject(fields)) return;
    for (const [name, field] of Object.entries(fields)) {
      if (!isPlainObject(field)) continue;
      const path = prefix + name;
      types.set(path, typeof field.type === "string" ? field.type : "object");
      if (field.type === "alias" && typeof field.path === "string") aliases.push([path, field.path]);
      add(field.properties, `${path}.`);
      add(field.fields, `${path}.`);
    }
  };
  add(properties, "");
  for (const [path, target] of aliases) types.set(path, `alias of ${types.get(target) ?? "nothing"}`);
  return types;
}

/** Members of clauses that hold other clauses. */
const inner: ReadonlySet<string> = new Set(
  "must filter should must_not query queries positive negative functions clauses little big include exclude organic".split(
    " ",
  ),
);
/** Members that name fields. */
const naming: ReadonlySet<string> = new Set(["field", "fields", "default_field", "path", "minimum_should_match_field"]);

export function walkSearch(body: JSONObject, types: FieldTypes): Parts {
  const walk = new Walk(types);
  for (const key of Object.keys(body)) walk.parts.options.add(key);
  for (const key of ["query", "post_filter"]) walk.query(body[key], undefined);
  walk.aggregations(body.aggs ?? body.aggregations, undefined);
  walk.options(body);
  return walk.parts;
}

class Walk {
  readonly #types: FieldTypes;
  readonly parts: Parts = {
    clauses: new Set(),
    fieldTypes: new Set(),
    clausesOnTypes: new Set(),
    clausesInClauses: new Set(),
    aggregations: new Set(),
    aggregationsOnTypes: new Set(),
    aggregationsInAggregations: new Set(),
    options: new Set(),
  };

  constructor(types: FieldTypes) {
    this.#types = types;
  }

  query(value: unknown, parent: string | undefined): void {
    if (Array.isArray(value)) {
      for (const one of value) this.query(one, parent);
      return;
    }
    if (!isPlainObject(value)) return;
    for (const [clause, body] of Object.entries(value)) {
      this.parts.clauses.add(clause);
      if (parent !== undefined) this.parts.clausesInClauses.add(`${parent} > ${clause}`);
      this.#clause(clause, body);
    }
  }

  #clause(clause: string, body: unknown): void {
    if (!isPlainObject(body)) return;
    for (const [key, value] of Object.entries(body)) {
      if (clause === "function_score" && key === "functions" && Array.isArray(value)) {
        for (const one of value) this.#scoreFunction(one);
      } else if (inner.has(key) && typeof value === "object") {
        this.query(value, clause);
      } else if (naming.has(key)) {
        for (const path of [value].flat()) this.#field(clause, path, this.parts.clausesOnTypes);
      } else if (this.#types.has(key)) {
        this.#field(clause, key, this.parts.clausesOnTypes);
      }
    }
    if (body.inner_hits !== undefined) this.parts.options.add(`${clause}.inner_hits`);
  }

  #scoreFunction(value: unknown): void {
    if (!isPlainObject(value)) return;
    for (const [name, body] of Object.entries(value)) {
      if (name === "filter") this.query(body, "function_score");
      else this.#clause(`function_score.${name}`, body);
    }
  }

  #field(what: string, path: unknown, onTypes: Set<string>): void {
    if (typeof path !== "string") return;
    const plain = path.replace(/\^.*$/, "");
    const type = this.#types.get(plain) ?? (plain.includes("*") ? "pattern" : "unmapped");
    this.parts.fieldTypes.add(type);
    onTypes.add(`${what} x ${type}`);
  }

  aggregations(value: unknown, parent: string | undefined): void {
    if (!isPlainObject(value)) return;
    for (const one of Object.values(value)) {
      if (!isPlainObject(one)) continue;
      for (const [type, body] of Object.entries(one)) {
        if (type === "aggs" || type === "aggregations" || type === "meta") continue;
        this.parts.aggregations.add(type);
        if (parent !== undefined) this.parts.aggregationsInAggregations.add(`${parent} > ${type}`);
        this.#aggregation(type, body);
        this.aggregations(one.aggs ?? one.aggregations, type);
      }
    }
  }

  #aggregation(type: string, body: unknown): void {
    if (type === "filter") this.query(body, "aggregation");
    if (!isPlainObject(body)) return;
    if (type === "filters" && typeof body.filters === "object" && body.filters !== null)
      for (const one of Object.values(body.filters)) this.query(one, "aggregation");
    this.#fieldsWithin(type, body);
  }

  /** `field` at any depth: sources of `composite`, parts of `multi_terms`. */
  #fieldsWithin(type: string, body: unknown): void {
    if (Array.isArray(body)) for (const one of body) this.#fieldsWithin(type, one);
    if (!isPlainObject(body)) return;
    for (const [key, value] of Object.entries(body)) {
      if (key === "field" || key === "fields") {
        for (const path of [value].flat()) this.#field(type, path, this.parts.aggregationsOnTypes);
      } else if (key !== "filters") this.#fieldsWithin(type, value);
    }
  }

  options({ sort, highlight, collapse, _source: source }: JSONObject): void {
    const { options } = this.parts;
    for (const one of [sort ?? []].flat()) {
      if (typeof one === "string") this.#sortKey(one, undefined);
      else if (isPlainObject(one)) for (const [key, value] of Object.entries(one)) this.#sortKey(key, value);
    }
    if (isPlainObject(highlight)) {
      for (const key of Object.keys(highlight)) options.add(`highlight.${key}`);
      const fields: unknown[] = isPlainObject(highlight.fields) ? Object.values(highlight.fields) : [];
      for (const field of fields)
        if (isPlainObject(field)) for (const key of Object.keys(field)) options.add(`highlight.fields.${key}`);
    }
    if (isPlainObject(collapse)) for (const key of Object.keys(collapse)) options.add(`collapse.${key}`);
    if (source !== undefined) options.add(`_source as ${Array.isArray(source) ? "list" : typeof source}`);
  }

  #sortKey(key: string, value: unknown): void {
    const { options } = this.parts;
    options.add(key.startsWith("_") ? `sort by ${key}` : `sort by ${this.#types.get(key) ?? "unmapped"}`);
    if (isPlainObject(value)) for (const name of Object.keys(value)) options.add(`sort.${name}`);
  }
}
