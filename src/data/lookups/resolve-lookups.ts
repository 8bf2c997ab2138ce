import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { CollectionRef } from "../../stores/documents/index.ts";
import {
  type DocumentOf,
  type FoundDocument,
  isPercolation,
  type LookupClause,
  lookupClauses,
  percolateOf,
} from "./lookup-clauses.ts";
import { refused } from "./lookup-place.ts";

/** Undefined when there is no such document. */
export type ReadDocument = (target: CollectionRef, id: string) => Promise<FoundDocument | undefined>;

/** Each is a read before the search begins. */
const maxLookups = 50;
/** As deep as bodies may be. */
const maxDepth = 200;

/**
 * A search body, or a query, in which what clauses refer to in other documents stands in their place:
 * - `{ terms: { city: { index: "lib", collection: "lists", id: "mine", path: "cities" } } }` becomes `{ terms: { city: ["Paris", "Rome"] } }`: the values at
 *   the path, through arrays. None where there is no such document, or nothing at the path.
 * - `{ geo_shape: { area: { indexed_shape: { index, collection, id, path: "shape" } } } }` becomes `{ geo_shape: { area: { shape } } }`.
 * - `{ more_like_this: { like: { _index, _collection, _id } } }` becomes `{ more_like_this: { like: { _id, doc } } }`.
 * - `{ percolate: { field: "query", index, collection, id } }` becomes `{ percolate: { field: "query", document } }`.
 *
 * The same object when nothing is looked up, and never a changed one. `index` may also be the name of the physical index, `&lib.lists`; `routing` and
 * `preference` mean nothing here.
 * Errors: `services.storage.unexpected_bad_request` for lookups that are not complete or too many, or that find no shape,
 * `not_found` (404) for a document to percolate that is not there, and what `read` throws.
 */
export async function resolveLookups(body: JSONObject, read: ReadDocument): Promise<JSONObject> {
  if (!hasLookup(body, 0)) return body;
  const found = new Map<string, ReturnType<ReadDocument>>();
  return (await resolve(body, 0, ({ id, ...place }) => {
    const key = JSON.stringify([place.index, place.collection, id]);
    const known = found.get(key);
    if (known !== undefined) return known;
    if (found.size >= maxLookups) throw refused(`One search may look up ${maxLookups} documents at most.`);
    const document = read(place, id);
    found.set(key, document);
    return document;
  })) as JSONObject; // an object becomes an object
}

function hasLookup(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((item) => hasLookup(item, depth + 1));
  // No list of pairs: every search body is looked through.
  for (const key in value) {
    const member: unknown = (value as JSONObject)[key];
    if (isPercolation(key, member)) {
      if (member.id !== undefined) return true;
      continue;
    }
    const clause = isPlainObject(member) ? lookupClauses.get(key) : undefined;
    if (clause !== undefined)
      for (const name in member as JSONObject) if (clause.isLookup((member as JSONObject)[name], name)) return true;
    if (hasLookup(member, depth + 1)) return true;
  }
  return false;
}

async function resolve(value: unknown, depth: number, documentOf: DocumentOf): Promise<unknown> {
  if (typeof value !== "object" || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolve(item, depth + 1, documentOf));
    return items;
  }
  const resolved: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value))
    resolved.push([key, await resolveMember(key, member, depth, documentOf)]);
  return Object.fromEntries(resolved); // an assignment would take a member named __proto__ for the prototype
}

function resolveMember(key: string, member: unknown, depth: number, documentOf: DocumentOf): Promise<unknown> {
  if (isPercolation(key, member)) return percolateOf(member, documentOf);
  const clause = lookupClauses.get(key);
  if (clause !== undefined && isPlainObject(member)) return resolveClause(clause, member, depth, documentOf);
  return resolve(member, depth + 1, documentOf);
}

async function resolveClause(
  clause: LookupClause,
  body: JSONObject,
  depth: number,
  documentOf: DocumentOf,
): Promise<JSONObject> {
  const resolved: [string, unknown][] = [];
  for (const [name, value] of Object.entries(body)) {
    const isLookup = clause.isLookup(value, name);
    resolved.push([
      name,
      isLookup ? await clause.resolve(value, name, documentOf) : await resolve(value, depth + 2, documentOf),
    ]);
  }
  return Object.fromEntries(resolved);
}
