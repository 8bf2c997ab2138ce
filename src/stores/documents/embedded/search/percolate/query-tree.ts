import { isPlainObject } from "../../../../../kernel/index.ts";
import { unwrapped } from "../query/wrapper-clause.ts";

/** The clause of a query, `{clause: body}`; undefined for what is none. */
export function clauseOf(query: unknown): { readonly name: string; readonly body: unknown } | undefined {
  if (!isPlainObject(query)) return undefined;
  const [name] = Object.keys(query);
  return name === undefined ? undefined : { name, body: query[name] };
}

/** Where the clauses that hold queries have them: in these members, one or a list. */
const holders: Readonly<Record<string, readonly string[]>> = {
  bool: ["must", "filter", "should", "must_not"],
  constant_score: ["filter"],
  dis_max: ["queries"],
  boosting: ["positive", "negative"],
  function_score: ["query", "functions"],
  nested: ["query"],
  span_multi: ["match"],
  span_near: ["clauses"],
  span_or: ["clauses"],
  span_not: ["include", "exclude"],
  span_first: ["match"],
  span_containing: ["big", "little"],
  span_within: ["big", "little"],
  field_masking_span: ["query"],
};

/** The queries right below a clause, where it is of those that hold some; undefined where it holds none. Error: 400 for a `wrapper` without one. */
export function innerQueries(name: string, body: unknown): readonly unknown[] | undefined {
  if (name === "wrapper") return [unwrapped(body)];
  const members = Object.hasOwn(holders, name) ? holders[name] : undefined;
  if (members === undefined || !isPlainObject(body)) return members === undefined ? undefined : [];
  return members.flatMap((member) => listOf(body[member]).map((one) => (member === "functions" ? filterOf(one) : one)));
}

const filterOf = (one: unknown): unknown => (isPlainObject(one) ? one.filter : undefined);

/** One query or several of them; what is null is left out. */
export const listOf = (value: unknown): readonly unknown[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null);
