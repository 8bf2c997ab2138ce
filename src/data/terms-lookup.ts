import { isPlainObject, type JSONObject, kerror, valuesAt } from "../kernel/index.ts";
import type { CollectionRef } from "../stores/documents/index.ts";

/** A document, as much of its content as the asker may read; undefined when there is none. */
export type ReadDocument = (
  target: CollectionRef,
  id: string,
) => Promise<{ readonly content: JSONObject; readonly version: number } | undefined>;

interface Place extends CollectionRef {
  readonly id: string;
}

/** Each is a read before the search begins. */
const maxLookups = 50;
/** As deep as bodies may be. */
const maxDepth = 200;
const members: ReadonlySet<string> = new Set(["index", "collection", "id", "path", "routing"]);
/** What says of a `percolate` clause where its document is. */
const placeMembers: readonly string[] = ["index", "collection", "id", "routing", "preference", "version"];

/**
 * A search body, or a query, in which `{ terms: { city: { index: "lib", collection: "lists", id: "mine", path: "cities" } } }` has become
 * `{ terms: { city: ["Paris", "Rome"] } }`: the values at the path in that document, through arrays. None where there is no such document, or nothing
 * at the path. `{ percolate: { field: "query", index: "lib", collection: "news", id: "mine" } }` becomes one with that document. The same object when
 * nothing is looked up, and never a changed one.
 * `index` may also be the name of the physical index, `&lib.lists`; `routing` and `preference` mean nothing here.
 * Errors: `services.storage.unexpected_bad_request` for lookups that are not complete or too many, `not_found` (404) for a document to percolate that
 * is not there, and what `read` throws.
 */
export async function resolveLookups(body: JSONObject, read: ReadDocument): Promise<JSONObject> {
  if (!hasLookup(body, 0)) return body;
  const found = new Map<string, ReturnType<ReadDocument>>();
  return (await resolve(body, 0, (place, path) => {
    const key = JSON.stringify([place.index, place.collection, place.id, path]);
    const known = found.get(key);
    if (known !== undefined) return known;
    if (found.size >= maxLookups) throw refused(`One search may look up terms in ${maxLookups} places at most.`);
    const document = read({ index: place.index, collection: place.collection }, place.id);
    found.set(key, document);
    return document;
  })) as JSONObject; // an object becomes an object
}

/** Of the values at a path, or of a whole document. */
type Find = (place: Place, path?: string) => ReturnType<ReadDocument>;

function hasLookup(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((item) => hasLookup(item, depth + 1));
  // No list of pairs: every search body is looked through.
  for (const key in value) {
    const member: unknown = (value as JSONObject)[key];
    if (key === "terms" && isPlainObject(member) && Object.values(member).some(isLookup)) return true;
    if (isPercolation(key, member)) {
      if (member.id !== undefined) return true;
    } else if (hasLookup(member, depth + 1)) return true;
  }
  return false;
}

/** A clause; its documents are no part of the search. No aggregation has the name of a field right below its own. */
const isPercolation = (key: string, value: unknown): value is JSONObject =>
  key === "percolate" && isPlainObject(value) && typeof value.field === "string";

/** No aggregation of the name "terms" has these members. */
const isLookup = (value: unknown): value is JSONObject =>
  isPlainObject(value) && value.id !== undefined && value.path !== undefined;

async function resolve(value: unknown, depth: number, find: Find): Promise<unknown> {
  if (typeof value !== "object" || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolve(item, depth + 1, find));
    return items;
  }
  const resolved: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (key === "terms" && isPlainObject(member)) resolved.push([key, await termsClause(member, depth, find)]);
    else if (isPercolation(key, member)) resolved.push([key, await percolateClause(member, find)]);
    else resolved.push([key, await resolve(member, depth + 1, find)]);
  }
  return Object.fromEntries(resolved);
}

async function termsClause(body: JSONObject, depth: number, find: Find): Promise<JSONObject> {
  const resolved: [string, unknown][] = [];
  for (const [field, value] of Object.entries(body)) {
    const looked = isLookup(value) ? await terms(value, `terms.${field}`, find) : await resolve(value, depth + 2, find);
    resolved.push([field, looked]);
  }
  return Object.fromEntries(resolved);
}

async function terms(lookup: JSONObject, clause: string, find: Find): Promise<readonly unknown[]> {
  const foreign = Object.keys(lookup).find((member) => !members.has(member));
  if (foreign !== undefined) throw refused(`[${clause}] knows no "${foreign}".`);
  const { path } = lookup;
  if (typeof path !== "string") throw refused(`[${clause}] needs "index", "collection", "id" and "path" as texts.`);
  const document = await find(parsePlace(lookup, clause, '", "path'), path);
  return valuesAt(document?.content, path).filter((value) => value !== null && value !== undefined);
}

/** The clause with the document that it names in the place of the name. */
async function percolateClause(body: JSONObject, find: Find): Promise<JSONObject> {
  if (body.id === undefined) return body;
  if (body.document !== undefined || body.documents !== undefined)
    throw refused('[percolate] takes one of "document", "documents" and "id".');
  const place = parsePlace(body, "percolate");
  const document = await find(place);
  const { index, collection, id } = place;
  if (document === undefined) throw kerror("services.storage.not_found", id, index, collection);
  const { version = document.version } = body;
  if (Number(version) !== document.version)
    throw refused(`[percolate] document "${id}" has the version ${document.version}, not ${String(version)}.`);
  const rest = Object.entries(body).filter(([name]) => !placeMembers.includes(name));
  return { ...Object.fromEntries(rest), document: document.content };
}

function parsePlace({ index, collection, id }: JSONObject, clause: string, more = ""): Place {
  if (typeof index !== "string" || (typeof id !== "string" && typeof id !== "number"))
    throw refused(`[${clause}] needs "index", "collection", "id${more}" as texts.`);
  if (typeof collection === "string") return { index, collection, id: String(id) };
  const physical = collection === undefined ? /^@?&([^.]+)\.([^.]+)$/.exec(index) : null;
  if (physical === null) throw refused(`[${clause}] needs "collection" beside "index".`);
  return { index: String(physical[1]), collection: String(physical[2]), id: String(id) };
}

const refused = (reason: string): Error => kerror("services.storage.unexpected_bad_request", reason);
