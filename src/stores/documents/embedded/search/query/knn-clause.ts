import type { JSONObject } from "../../../../../kernel/index.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import { parseVector } from "../../../mapping/types/dense-vector.ts";
import type { ClauseTable } from "./clause-table.ts";
import type { QueryContext } from "./context.ts";
import { HoldingDocs } from "./matchers/holding-docs.ts";
import { ListMatcher } from "./matchers/list-matcher.ts";
import type { Matcher } from "./matchers/matcher.ts";
import { nearestVectors, type VectorQuery } from "./nearest-vectors.ts";
import { boostOf, clauseBody, malformed, numberOf, onlyKnown, textOf } from "./parameters.ts";

const maxCandidates = 10_000;

export const knnClauses: ClauseTable = {
  /** The documents whose vectors are nearest to one: `{field, query_vector, k, num_candidates, filter, similarity}`. */
  *knn(body, context): Generator<void, Matcher> {
    const query = readKnn(clauseBody(body, "knn"), context);
    const key = JSON.stringify(["knn", context.space.path, query, body]);
    const found = yield* context.statistics.once(key, () => nearestVectors(query, context.everywhere()));
    return new ListMatcher(found.get(context.snapshot) ?? new HoldingDocs("sum"), query.boost);
  },
};

function readKnn(object: JSONObject, context: QueryContext): VectorQuery {
  onlyKnown(object, ["field", "query_vector", "k", "num_candidates", "filter", "similarity"], "knn");
  const field = textOf(object.field, "knn.field");
  const node = context.field(field)?.node;
  if (node?.vector === undefined) throw malformed(`[knn.field] "${field}" is not a dense_vector of the mapping.`);
  if (!node.indexed) throw malformed(`[knn.field] "${field}" has "index": false, so it cannot be searched.`);
  const k = countOf(object.k ?? object.num_candidates, 10, "knn.k");
  const candidates = countOf(object.num_candidates, Math.max(100, Math.ceil(k * 1.5)), "knn.num_candidates");
  if (object.num_candidates !== undefined && candidates < k)
    throw malformed(`[knn.num_candidates] is ${candidates}: it must not be below k, which is ${k}.`);
  return {
    field,
    options: node.vector,
    vector: vectorOf(object.query_vector, node.vector),
    k,
    candidates,
    filter: filterOf(object.filter),
    similarity: object.similarity === undefined ? undefined : numberOf(object.similarity, 0, "knn.similarity"),
    boost: boostOf(object, "knn"),
  };
}

function vectorOf(value: unknown, options: VectorQuery["options"]): Float32Array {
  try {
    return parseVector(value, options);
  } catch (error) {
    if (error instanceof InvalidValue) throw malformed(`[knn.query_vector] is not for this field: ${error.message}.`);
    throw error;
  }
}

/** One query, or several that must all match. */
function filterOf(filter: unknown): unknown {
  return Array.isArray(filter) ? (filter.length === 0 ? undefined : { bool: { filter } }) : (filter ?? undefined);
}

function countOf(value: unknown, byDefault: number, place: string): number {
  const count = numberOf(value, byDefault, place);
  if (!Number.isInteger(count) || count < 1 || count > maxCandidates)
    throw malformed(`[${place}] must be a whole number from 1 to ${maxCandidates}.`);
  return count;
}
