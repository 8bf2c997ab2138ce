import { isPlainObject, type JSONObject, KuzzleError, kerror } from "../../../../kernel/index.ts";
import type { PluginToken } from "../../../deps.ts";
import type { PluginScope } from "../../dialect.ts";
import { loadUser } from "../users.ts";
import { type Access, repositoryOf } from "./repository.ts";

/** Tokens: `{ _id: jwt, user, userId, expiresAt, ttl }`. */
export function tokenRepository(scope: PluginScope): JSONObject {
  const { tokens } = scope.deps;
  const shown = async ({ jwt, userId, expiresAt, ttl }: PluginToken): Promise<JSONObject> => ({
    _id: jwt,
    jwt,
    userId,
    expiresAt,
    ttl,
    user: await loadUser(scope, userId),
  });
  const verifyToken = async (jwt: unknown): Promise<JSONObject> => {
    if (typeof jwt !== "string" || jwt === "") throw kerror("security.token.invalid");
    return shown(await tokens.verify(jwt));
  };
  const expire = async (token: unknown): Promise<void> => {
    const jwt = isPlainObject(token) ? (token.jwt ?? token._id) : token;
    await tokens.revoke(String(jwt));
  };
  const refuse = async (): Promise<never> => {
    const why = `[${scope.call.plugin}] Tokens are made by generateToken, and are not searched.`;
    throw kerror("plugin.runtime.unexpected_error", why);
  };
  const access: Access = {
    async load(jwt) {
      try {
        return await verifyToken(jwt);
      } catch (error) {
        if (error instanceof KuzzleError && error.status === 401) return null;
        throw error;
      }
    },
    search: refuse,
    persist: refuse,
    remove: expire,
  };
  return {
    ...repositoryOf(access),
    deleteFromCache: expire,
    expireFromCache: expire,
    verifyToken,
    expire,
    async generateToken(user: unknown, _context?: unknown, options?: JSONObject) {
      const { _id } = (isPlainObject(user) ? user : {}) as { _id?: unknown };
      if (typeof _id !== "string" || _id === "-1") throw kerror("plugin.context.invalid_user");
      return shown(await tokens.create(_id, options?.expiresIn));
    },
    anonymous: async () => ({ _id: undefined, userId: -1, user: await loadUser(scope, -1) }),
  };
}
