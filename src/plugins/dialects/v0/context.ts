import type { JSONObject } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import type { PassportAccess } from "./passport.ts";
import { createPlainContext } from "./plain-context.ts";
import { createRepositories } from "./repositories.ts";
import { createRouter } from "./router.ts";
import { createUsersAccess } from "./users.ts";

/**
 * What a plugin of this generation gets in `init`: the flat members of the first releases and the structured ones of the last, in one. Extensible,
 * and of this plugin alone: some write on it.
 * Source: contract/plugins/v0.md section 4.
 */
export function createContext(
  { config, instance }: PluginSource,
  scope: PluginScope,
  passport: PassportAccess,
): JSONObject {
  const router = createRouter(instance as JSONObject, scope);
  const repositories = createRepositories(scope);
  return {
    ...createPlainContext(scope.hostConfig),
    repositories: () => repositories,
    getRouter: () => router,
    accessors: {
      passport,
      router,
      users: createUsersAccess(scope),
      ...(config.privileged === true ? { kuzzle: scope.facade } : {}),
    },
  };
}
