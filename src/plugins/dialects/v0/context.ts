import { type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import type { PassportAccess } from "./passport.ts";
import { createPlainContext } from "./plain-context.ts";
import { createRepositories } from "./repositories/repositories.ts";
import { createRouter } from "./router.ts";
import { createUsersAccess } from "./users.ts";

/**
 * What a plugin of this generation gets in `init`: the flat members of the first releases and the structured ones of the last, in one. Extensible,
 * and of this plugin alone: some write on it.
 * Source: contract/plugins/v0.md section 4.
 */
export function createContext({ config }: PluginSource, scope: PluginScope, passport: PassportAccess): JSONObject {
  const router = createRouter(scope);
  const repositories = createRepositories(scope);
  const isPrivileged = config.privileged === true;
  const plain = createPlainContext(scope.hostConfig);
  return {
    ...plain,
    ...(isPrivileged ? { constructors: { ...(plain.constructors as JSONObject), services: brokers } } : {}),
    repositories: () => repositories,
    // The commands of the command line, which no plugin could add to: there are none to be found here.
    remoteActions: () => ({}),
    getRouter: () => router,
    accessors: {
      passport,
      router,
      users: createUsersAccess(scope),
      ...(isPrivileged ? { kuzzle: scope.facade } : {}),
    },
  };
}

/** The bus between a server and its proxies, for privileged plugins: this server is its own proxy. */
const brokers = Object.freeze({
  WsBrokerClient: noBroker("WsBrokerClient"),
  WsBrokerServer: noBroker("WsBrokerServer"),
});

function noBroker(name: string): new () => never {
  return class {
    constructor() {
      const why = "it listens to clients itself, and there is no proxy to speak with.";
      throw kerror("plugin.runtime.unexpected_error", `${name} is not part of this server: ${why}`);
    }
  } as new () => never;
}
