import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { flagOf } from "../query/parameters.ts";
import { lowersCase } from "../query/pattern-clauses.ts";
import { type PartBuilder, QueryStringParser } from "../query/syntax/query-string-parser.ts";
import { withBackslashes } from "../query/syntax/query-string-tokens.ts";
import { parseSimpleQuery, readFlags } from "../query/syntax/simple-query.ts";
import { fitsPattern } from "../query/term-clauses.ts";

/** The texts and keywords with one of these names or patterns; weights behind the names are left out. */
export function textsNamed(names: unknown, mapping: CompiledMapping): FieldNode[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  const patterns = list.map((name) => (String(name).split("^")[0] ?? "").split("*"));
  return [...mapping.fields]
    .filter(([path, { family }]) => {
      return (family === "text" || family === "keyword") && patterns.some((parts) => fitsPattern(path, parts));
    })
    .map(([, node]) => node);
}

/** What a query string asks of texts, as clauses of the query language, for highlights. */
export function queryStringParts(clause: string, body: unknown, mapping: CompiledMapping): readonly JSONObject[] {
  if (!isPlainObject(body)) return [];
  const { default_field: field, fields = field === undefined ? ["*"] : [field] } = body;
  const text = String(body.query ?? "");
  const builder = createBuilder(body, fields, mapping);
  if (clause === "query_string") {
    const isEscaped = flagOf(body.escape, false, "query_string.escape");
    return [new QueryStringParser(isEscaped ? withBackslashes(text) : text, builder).parse()];
  }
  return [parseSimpleQuery(text, builder, readFlags(body.flags))];
}

function createBuilder(body: JSONObject, fields: unknown, mapping: CompiledMapping): PartBuilder {
  const each = (field: string | undefined, write: (node: FieldNode) => JSONObject): JSONObject => ({
    bool: { should: textsNamed(field ?? fields, mapping).map(write) },
  });
  const several = (field: string | undefined, query: string, more: JSONObject = {}): JSONObject => ({
    multi_match: { query, fields: field === undefined ? fields : [field], ...more },
  });
  return {
    isAnd: String(body.default_operator).toLowerCase() === "and",
    hasDefault: body.fields === undefined,
    words: (field, text) => (field === "_exists_" ? {} : several(field, text)),
    phrase: (field, text) => several(field, text, { type: "phrase" }),
    fuzzy: (field, query, fuzziness = String(body.fuzziness ?? "AUTO")) =>
      each(field, ({ path }) => ({ match: { [path]: { query, fuzziness } } })),
    pattern: (field, kind, text) =>
      each(field, (node) => ({
        [kind]: { [node.path]: { value: kind === "prefix" && lowersCase(node) ? text.toLowerCase() : text } },
      })),
    range: (field, bounds) => each(field, ({ path }) => ({ range: { [path]: bounds } })),
  };
}
