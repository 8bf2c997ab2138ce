import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";

/** What plugins read and write: `{ _id, …fields }`. */
export type Stored = JSONObject & { _id?: unknown };

/** How one kind of objects is reached. */
export interface Access {
  /** Null when there is none. */
  readonly load: (id: unknown) => Promise<unknown>;
  readonly search: (search: SearchOptions) => Promise<unknown>;
  readonly persist: (stored: Stored, method: string | undefined) => Promise<unknown>;
  readonly remove: (id: unknown) => Promise<unknown>;
}

export interface SearchOptions {
  readonly filter: unknown;
  readonly from: number;
  readonly size: number;
}

/**
 * The members that all repositories have. What plugins did with the cache is the server's own business now: those members do the same without one.
 * Source: contract/plugins/v0.md section 4.
 */
export function repositoryOf({ load, search, persist, remove }: Access): JSONObject {
  const loadAll = async (ids: readonly unknown[]): Promise<unknown[]> =>
    (await Promise.all(ids.map(load))).filter((one) => one !== null);
  const removeOne = (one: unknown): Promise<unknown> => remove(idOf(one));
  const persistOne = async (stored: Stored, options?: JSONObject): Promise<Stored> => {
    await persist(stored, textOf(isPlainObject(options?.database) ? options.database.method : options?.method));
    return stored;
  };
  return {
    load,
    loadOneFromDatabase: load,
    loadFromCache: load,
    loadMultiFromDatabase: (ids: readonly unknown[]) => loadAll(ids.map(idOf)),
    search: (filter: unknown, from?: number, size?: number) => search(searchOptions(filter, from, size)),
    persist: persistOne,
    persistToDatabase: persistOne,
    persistToCache: async (stored: Stored) => stored,
    delete: removeOne,
    deleteFromDatabase: removeOne,
    deleteFromCache: async () => undefined,
    refreshCacheTTL: async () => undefined,
    expireFromCache: async () => undefined,
    hydrate: async (stored: object, data: unknown) => Object.assign(stored, isPlainObject(data) ? data : {}),
    serializeToDatabase: (stored: object) => ({ ...stored }),
    serializeToCache: (stored: object) => ({ ...stored }),
    ObjectConstructor: Object,
  };
}

/** Of an object, or the id itself. */
export const idOf = (one: unknown): unknown => (isPlainObject(one) ? one._id : one);

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** `(filter, from, size)`; some were called with the request object that holds them. */
function searchOptions(filter: unknown, from: unknown, size: unknown): SearchOptions {
  const data = isPlainObject(filter) || isRequestLike(filter) ? (filter as JSONObject).data : undefined;
  if (!isPlainObject(data)) return { filter, from: numberOf(from, 0), size: numberOf(size, 100) };
  const { from: first, size: most, ...others } = isPlainObject(data.body) ? data.body : {};
  return { filter: others, from: numberOf(data.from ?? first, 0), size: numberOf(data.size ?? most, 100) };
}

const isRequestLike = (value: unknown): boolean => typeof value === "object" && value !== null && "data" in value;

const numberOf = (value: unknown, fallback: number): number => (typeof value === "number" ? value : fallback);
