import { isPlainObject, type JSONObject, KuzzleError } from "../../../../../kernel/index.ts";
import { parseClientJson } from "../../../client-json.ts";
import type { CompiledMapping } from "../../../mapping/compile-mapping.ts";
import { settingOf } from "../../../mapping/setting-of.ts";
import { Budget } from "../budget.ts";
import { compileQuery } from "../query/compile-query.ts";
import { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { TermStatistics } from "../query/scoring/term-statistics.ts";
import { ProbeSegment } from "./probe-segment.ts";
import { clauseOf, innerQueries } from "./query-tree.ts";

/** Clauses about one field, which must be mapped: a misspelt one would never match, and nobody would hear of it. */
const aboutOneField: ReadonlySet<string> = new Set([
  ...["term", "terms", "terms_set", "range", "prefix", "wildcard", "regexp", "fuzzy", "intervals", "span_term"],
  ...["match", "match_phrase", "match_phrase_prefix", "match_bool_prefix"],
]);
/** Clauses that ask for more than the document: other documents, or the best among many. */
const refused: ReadonlySet<string> = new Set(["percolate", "knn"]);

const probes = new WeakMap<CompiledMapping, ProbeSegment>();

/**
 * Why a query cannot be stored for a field of type `percolator`; undefined when it can. It is compiled as a search would do it, and its fields
 * must be mapped, those of patterns and of `exists` excepted.
 */
export function findQueryFault(text: string, mapping: CompiledMapping): string | undefined {
  const probe = probes.get(mapping) ?? new ProbeSegment(mapping);
  probes.set(mapping, probe);
  const snapshot = probe.snapshot();
  const statistics = new TermStatistics([snapshot]);
  const scope = { mapping, snapshot, statistics, firstDoc: 0, now: Date.now(), budget: new Budget() };
  try {
    const query = parseClientJson(text);
    const work = new QueryContext({ ...scope, compiler: compileQuery }).compile(query);
    while (work.next().done !== true);
    assertStorable(query, mapping);
  } catch (err) {
    if (!(err instanceof KuzzleError)) throw err;
    return err.message;
  }
  return undefined;
}

/** The query compiles: it is of the right form, and not too deep. */
function assertStorable(query: unknown, mapping: CompiledMapping): void {
  const clause = clauseOf(query);
  if (clause === undefined) return;
  const { name, body } = clause;
  if (refused.has(name)) throw malformed(`the clause "${name}" cannot stand in a stored query.`);
  if (name === "more_like_this") refuseStoredLikes(body);
  if (aboutOneField.has(name) && isPlainObject(body)) {
    const path = Object.keys(body).find((key) => key !== "boost" && key !== "_name") ?? "";
    if (!isMapped(path, mapping))
      throw malformed(`[${name}] there is no field "${path}" in the mapping${hintOf(mapping)}.`);
  }
  for (const inner of innerQueries(name, body) ?? []) assertStorable(inner, mapping);
}

/** What the reference engine has for this. */
function hintOf({ settings }: CompiledMapping): string {
  const name = "percolator.map_unmapped_fields_as_text";
  return String(settingOf(settings, name)) === "true" ? ` (the setting "${name}" is not supported)` : "";
}

/** Documents to be alike are looked up in the collection, and a stored query sees only what it is asked about. */
function refuseStoredLikes(body: unknown): void {
  const { like, unlike } = body as JSONObject;
  if ([like, unlike].flat().some((one) => isPlainObject(one) && one.doc === undefined))
    throw malformed("[more_like_this] takes texts and given documents in a stored query, no stored ones.");
}

const isMapped = (path: string, { fields, flattened }: CompiledMapping): boolean =>
  path.startsWith("_") || fields.has(path) || flattened.some((field) => path.startsWith(`${field.path}.`));
