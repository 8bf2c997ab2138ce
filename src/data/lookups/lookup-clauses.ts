import { isPlainObject, type JSONObject, kerror, valuesAt } from "../../kernel/index.ts";
import { type LookupPlace, parsePlace, refused } from "./lookup-place.ts";

/** A document, as much of its content as the asker may read. */
export interface FoundDocument {
  readonly content: JSONObject;
  readonly version: number;
}

/** Undefined when there is none. */
export type DocumentOf = (place: LookupPlace) => Promise<FoundDocument | undefined>;

/** One kind of clause that may refer to other documents. */
export interface LookupClause {
  /** Whether a member of the clause, by its name, refers to one. */
  isLookup(value: unknown, name: string): boolean;
  /** What takes its place. */
  resolve(value: unknown, name: string, documentOf: DocumentOf): Promise<unknown>;
}

const terms: LookupClause = {
  // No aggregation of the name "terms" has these members.
  isLookup: (value) => isPlainObject(value) && value.id !== undefined && value.path !== undefined,
  async resolve(value, field, documentOf) {
    const lookup = value as JSONObject; // as isLookup has found
    const at = `terms.${field}`;
    const place = parsePlace(lookup, at, ["path"]);
    if (typeof lookup.path !== "string") throw refused(`[${at}] needs "path" as a text.`);
    return valuesAt((await documentOf(place))?.content, lookup.path).filter(
      (found) => found !== null && found !== undefined,
    );
  },
};

const geoShape: LookupClause = {
  isLookup: (value) => isPlainObject(value) && isPlainObject(value.indexed_shape) && value.shape === undefined,
  async resolve(value, field, documentOf) {
    const { indexed_shape: lookup, ...rest } = value as JSONObject; // as isLookup has found
    const at = `geo_shape.${field}.indexed_shape`;
    const { path = "shape" } = lookup as JSONObject;
    const place = parsePlace(lookup as JSONObject, at, ["path"]);
    if (typeof path !== "string") throw refused(`[${at}.path] must be a text.`);
    const document = await documentOf(place);
    if (document === undefined) throw refused(`[${at}] finds no document "${place.id}".`);
    const [shape, ...others] = valuesAt(document.content, path, true);
    if (shape === undefined || shape === null) throw refused(`[${at}] finds nothing at "${path}" of "${place.id}".`);
    if (others.length > 0) throw refused(`[${at}] finds several shapes at "${path}" of "${place.id}".`);
    return { ...rest, shape };
  },
};

const isForeign = (item: unknown): item is JSONObject => isPlainObject(item) && item._index !== undefined;

/** A document of another collection is compared as one that is given; its id is left out of what is found, as in the reference engine. */
const moreLikeThis: LookupClause = {
  isLookup: (value, name) =>
    (name === "like" || name === "unlike") && (Array.isArray(value) ? value.some(isForeign) : isForeign(value)),
  resolve(value, name, documentOf) {
    const read = async (item: unknown): Promise<unknown> => {
      if (!isForeign(item)) return item;
      const place = parsePlace(item, `more_like_this.${name}`, ["_routing"], "_");
      return { _id: place.id, doc: (await documentOf(place))?.content ?? {} };
    };
    return Array.isArray(value) ? Promise.all(value.map(read)) : read(value);
  },
};

export const lookupClauses: ReadonlyMap<string, LookupClause> = new Map([
  ["terms", terms],
  ["geo_shape", geoShape],
  ["more_like_this", moreLikeThis],
]);

/** A clause, whose documents are no part of the search. No aggregation has the name of a field right below its own. */
export const isPercolation = (name: string, value: unknown): value is JSONObject =>
  name === "percolate" && isPlainObject(value) && typeof value.field === "string";

/** The clause with the document that it names in the place of the name. */
export async function percolateOf(body: JSONObject, documentOf: DocumentOf): Promise<JSONObject> {
  if (body.id === undefined) return body;
  const { index, collection, id, routing, preference, version, ...rest } = body;
  if (rest.document !== undefined || rest.documents !== undefined)
    throw refused('[percolate] takes one of "document", "documents" and "id".');
  const place = parsePlace({ index, collection, id }, "percolate", []);
  const document = await documentOf(place);
  if (document === undefined) throw kerror("services.storage.not_found", place.id, place.index, place.collection);
  if (version !== undefined && Number(version) !== document.version)
    throw refused(
      `[percolate] document "${place.id}" has the version ${document.version}, not ${JSON.stringify(version)}.`,
    );
  return { ...rest, document: document.content };
}
