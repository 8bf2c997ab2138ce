import { isPlainObject, type JSONObject, KuzzleError } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { loadUser, runAction } from "./users.ts";

type Stored = JSONObject & { _id?: unknown };

/**
 * `repositories()`: users, profiles and roles as plugins of the first generation read and write them. What they did with the cache is the server's
 * own business now: those members do the same without one.
 * Source: contract/plugins/v0.md section 4.
 */
export function createRepositories(scope: PluginScope): JSONObject {
  return {
    user: userRepository(scope),
    profile: repository(scope, "Profile", { loadProfile: "load", searchProfiles: "search", deleteProfile: "delete" }),
    role: repository(scope, "Role", { loadRole: "load", searchRole: "search", deleteRole: "delete" }),
    token: {
      verifyToken: (token: string) => runAction(scope, { controller: "auth", action: "checkToken", body: { token } }),
    },
  };
}

function userRepository(scope: PluginScope): JSONObject {
  const load = (id: unknown): Promise<unknown> => loadUser(scope, id);
  const { persist, ...others } = repository(scope, "User", {}) as { persist: (user: Stored) => Promise<Stored> };
  return {
    ...others,
    load,
    loadOneFromDatabase: load,
    loadFromCache: load,
    loadMultiFromDatabase: async (ids: readonly unknown[]) =>
      (await Promise.all(ids.map(load))).filter((user) => user !== null),
    anonymous: () => load("anonymous"),
    persist,
    persistToDatabase: persist,
    hydrate: async (user: object, data: unknown) => Object.assign(user, isPlainObject(data) ? data : {}),
    ObjectConstructor: Object,
  };
}

function repository(
  scope: PluginScope,
  kind: "User" | "Profile" | "Role",
  aliases: Readonly<Record<string, string>>,
): JSONObject {
  const run = (action: string, more: JSONObject): Promise<unknown> =>
    runAction(scope, { controller: "security", action, ...more });
  const load = async (id: unknown): Promise<unknown> => {
    try {
      return flat(await run(`get${kind}`, { _id: id }));
    } catch (error) {
      if (error instanceof KuzzleError && error.status === 404) return null;
      throw error;
    }
  };
  const remove = (id: unknown): Promise<unknown> => run(`delete${kind}`, { _id: isPlainObject(id) ? id._id : id });
  const persist = async (stored: Stored): Promise<Stored> => {
    const { _id, ...content } = stored;
    if (kind !== "User") await run(`createOrReplace${kind}`, { _id, body: content });
    else await run("upsertUser", { _id, body: { content, default: {} } });
    return stored;
  };
  const members: JSONObject = {
    load,
    loadOneFromDatabase: load,
    loadMultiFromDatabase: async (ids: readonly unknown[]) =>
      (await Promise.all(ids.map(load))).filter((one) => one !== null),
    search: async (filter: unknown, from?: number, size?: number) => {
      const body = isPlainObject(filter) && kind === "User" ? { query: filter.query ?? filter } : filter;
      const { hits, total } = (await run(`search${kind}s`, {
        body: body ?? {},
        from: from ?? 0,
        size: size ?? 100,
      })) as {
        hits: unknown[];
        total: number;
      };
      return { hits: hits.map(flat), data: hits.map(flat), total };
    },
    persist,
    persistToDatabase: persist,
    persistToCache: async (stored: Stored) => stored,
    delete: remove,
    deleteFromDatabase: remove,
    deleteFromCache: async () => undefined,
    refreshCacheTTL: async () => undefined,
    expireFromCache: async () => undefined,
    serializeToDatabase: (stored: object) => ({ ...stored }),
    serializeToCache: (stored: object) => ({ ...stored }),
  };
  for (const [alias, member] of Object.entries(aliases)) members[alias] = members[member];
  return members;
}

const flat = (found: unknown): unknown => {
  if (!isPlainObject(found)) return found;
  const { _id, _source } = found;
  return isPlainObject(_source) ? { ..._source, _id } : found;
};
