import { isPlainObject, type JSONObject, kerror, valuesAt } from "../kernel/index.ts";
import type { CollectionRef } from "../stores/documents/index.ts";

/** The content of a document, as much of it as the asker may read; undefined when there is none. */
export type ReadContent = (target: CollectionRef, id: string) => Promise<JSONObject | undefined>;

interface Lookup extends CollectionRef {
  readonly id: string;
  readonly path: string;
}

/** Each is a read before the search begins. */
const maxLookups = 50;
/** As deep as bodies may be. */
const maxDepth = 200;
const members: ReadonlySet<string> = new Set(["index", "collection", "id", "path", "routing"]);

/**
 * A search body, or a query, in which `{ terms: { city: { index: "lib", collection: "lists", id: "mine", path: "cities" } } }` has become
 * `{ terms: { city: ["Paris", "Rome"] } }`: the values at the path in that document, through arrays. None where there is no such document, or nothing
 * at the path. The same object when nothing is looked up, and never a changed one.
 * `index` may also be the name of the physical index, `&lib.lists`; `routing` means nothing here.
 * Errors: `services.storage.unexpected_bad_request` for lookups that are not complete or too many, and what `read` throws.
 */
export async function resolveLookups(body: JSONObject, read: ReadContent): Promise<JSONObject> {
  if (!hasLookup(body, 0)) return body;
  const found = new Map<string, Promise<readonly unknown[]>>();
  return (await resolve(body, 0, ({ path, ...place }) => {
    const key = JSON.stringify([place.index, place.collection, place.id, path]);
    const known = found.get(key);
    if (known !== undefined) return known;
    if (found.size >= maxLookups) throw refused(`One search may look up terms in ${maxLookups} places at most.`);
    const values = read(place, place.id).then((content) =>
      valuesAt(content, path).filter((value) => value !== null && value !== undefined),
    );
    found.set(key, values);
    return values;
  })) as JSONObject; // an object becomes an object
}

function hasLookup(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((item) => hasLookup(item, depth + 1));
  // No list of pairs: every search body is looked through.
  for (const key in value) {
    const member: unknown = (value as JSONObject)[key];
    if (key === "terms" && isPlainObject(member) && Object.values(member).some(isLookup)) return true;
    if (hasLookup(member, depth + 1)) return true;
  }
  return false;
}

/** No aggregation of the name "terms" has these members. */
const isLookup = (value: unknown): value is JSONObject =>
  isPlainObject(value) && value.id !== undefined && value.path !== undefined;

async function resolve(
  value: unknown,
  depth: number,
  valuesOf: (lookup: Lookup) => Promise<readonly unknown[]>,
): Promise<unknown> {
  if (typeof value !== "object" || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolve(item, depth + 1, valuesOf));
    return items;
  }
  const resolved: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const isClause = key === "terms" && isPlainObject(member);
    resolved.push([key, isClause ? await clause(member, depth, valuesOf) : await resolve(member, depth + 1, valuesOf)]);
  }
  return Object.fromEntries(resolved);
}

async function clause(
  body: JSONObject,
  depth: number,
  valuesOf: (lookup: Lookup) => Promise<readonly unknown[]>,
): Promise<JSONObject> {
  const resolved: [string, unknown][] = [];
  for (const [field, value] of Object.entries(body)) {
    const looked = isLookup(value) ? await valuesOf(parse(value, field)) : await resolve(value, depth + 2, valuesOf);
    resolved.push([field, looked]);
  }
  return Object.fromEntries(resolved);
}

function parse(lookup: JSONObject, field: string): Lookup {
  const foreign = Object.keys(lookup).find((member) => !members.has(member));
  if (foreign !== undefined) throw refused(`[terms.${field}] knows no "${foreign}".`);
  const { index, collection, id, path } = lookup;
  if (typeof index !== "string" || (typeof id !== "string" && typeof id !== "number") || typeof path !== "string")
    throw refused(`[terms.${field}] needs "index", "collection", "id" and "path" as texts.`);
  if (typeof collection === "string") return { index, collection, id: String(id), path };
  const physical = collection === undefined ? /^@?&([^.]+)\.([^.]+)$/.exec(index) : null;
  if (physical === null) throw refused(`[terms.${field}] needs "collection" beside "index".`);
  return { index: String(physical[1]), collection: String(physical[2]), id: String(id), path };
}

const refused = (reason: string): Error => kerror("services.storage.unexpected_bad_request", reason);
