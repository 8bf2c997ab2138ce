import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";

const maxDepth = 20;

/**
 * The words that rules of intervals look at, as clauses of the query language, for highlights: wherever they stand, and those of filters too
 * unless they exclude. Words of another field (`use_field`) are not marked, as in the reference engine.
 */
export function intervalParts(path: string, rule: unknown, depth = 0): readonly JSONObject[] {
  if (!isPlainObject(rule) || depth > maxDepth) return [];
  return Object.entries(rule).flatMap(([kind, options]) => {
    if (!isPlainObject(options) || options.use_field !== undefined) return [];
    const inner = Array.isArray(options.intervals) ? options.intervals : [];
    return [
      ...wordsOf(kind, options, path),
      ...inner.flatMap((one) => intervalParts(path, one, depth + 1)),
      ...filterParts(path, options.filter, depth),
    ];
  });
}

function filterParts(path: string, filter: unknown, depth: number): readonly JSONObject[] {
  if (!isPlainObject(filter)) return [];
  return Object.entries(filter)
    .filter(([relation]) => !relation.startsWith("not_"))
    .flatMap(([, rule]) => intervalParts(path, rule, depth + 1));
}

function wordsOf(kind: string, options: JSONObject, path: string): readonly JSONObject[] {
  const { query, prefix, pattern, term, analyzer, fuzziness, prefix_length, transpositions } = options;
  switch (kind) {
    case "match":
      return [{ match: { [path]: { query, analyzer } } }];
    case "prefix":
      return [{ prefix: { [path]: { value: prefix } } }];
    case "wildcard":
      return [{ wildcard: { [path]: { value: pattern } } }];
    case "fuzzy":
      return [{ fuzzy: { [path]: { value: term, fuzziness, prefix_length, transpositions } } }];
    default:
      return [];
  }
}
