import { type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import { ParseError } from "../errors.ts";
import type { PassportAccess } from "../v0/passport.ts";
import { createUsersAccess } from "../v0/users.ts";
import { executeRequest, strategiesOf } from "../v2/accessors.ts";
import { PluginContext } from "../v2/context.ts";
import type { PluginErrors } from "../v2/plugin-errors.ts";
import { Dsl } from "./dsl.ts";
import { emulate } from "./former-actions.ts";
import { version } from "./plain-context.ts";
import { readFormerStrategy } from "./strategies.ts";

/**
 * What a plugin of this generation gets in `init`: what any of its releases had, in one. Extensible, since some plugins write on it.
 * Source: contract/plugins/v1.md section 7.
 */
export function createContext(source: PluginSource, scope: PluginScope, passport: PassportAccess): JSONObject {
  const context = new PluginContext(source, scope);
  const { accessors, constructors } = context;
  return {
    ...context,
    config: { ...scope.hostConfig, version },
    errors: { ...context.errors, ParseError },
    errorsManager: withThrowing(context.errorsManager),
    constructors: { ...constructors, Dsl, Koncorde: Dsl },
    // Kept as a prototype: the SDK is made when it is first asked for.
    accessors: Object.assign(Object.create(accessors) as JSONObject, {
      execute: (request: KuzzleRequest, callback?: ExecuteCallback) => execute(scope, request, callback),
      passport,
      users: createUsersAccess(scope),
      strategies: strategiesOf(source, scope, (_, name, written) => readFormerStrategy(source, name, written, scope)),
      storage: storageOf(scope),
      trigger: (event: unknown, payload?: unknown) => trigger(scope, event, payload),
    }),
  };
}

type ExecuteCallback = (error: Error | null, request: KuzzleRequest) => void;

/** The callback gets the request with its error, too. */
function execute(
  scope: PluginScope,
  request: KuzzleRequest,
  callback: ExecuteCallback | undefined,
): Promise<KuzzleRequest> | undefined {
  const run = (): Promise<KuzzleRequest> => emulate(scope, request) ?? executeRequest(scope, request);
  if (callback === undefined) return run();
  if (typeof callback !== "function") return Promise.reject(kerror("plugin.context.invalid_callback", typeof callback));
  run().then(
    (answer) => callback(null, answer),
    (error: Error) => callback(error, request),
  );
  return undefined;
}

/** Fires a hook of the plugin's own; answers nothing. */
function trigger({ deps, call, log }: PluginScope, event: unknown, payload: unknown): void {
  if (typeof event !== "string" || event === "" || event.includes(":")) {
    log.error("plugin.event_refused", {
      plugin: call.plugin,
      event,
      because: "the name must be a text without colons",
    });
    return;
  }
  deps.events.hook(`plugin-${call.plugin}:${event}`, payload);
}

function storageOf({ storage }: PluginScope): JSONObject {
  const exists = async (): Promise<boolean> =>
    (await storage.store.describe()).some(({ index }) => index === storage.index);
  return {
    /** True when the storage did not exist before. */
    bootstrap: async (collections: JSONObject) => {
      const before = await exists();
      await storage.bootstrap(collections);
      return !before;
    },
    createCollection: async (name: string, mappings: unknown) => {
      await storage.createCollection(name, mappings);
      return { acknowledged: true };
    },
  };
}

function withThrowing(errors: PluginErrors): JSONObject {
  return {
    ...errors,
    throw: (name: string, ...placeholders: unknown[]) => {
      throw errors.get(name, ...placeholders);
    },
    throwFrom: (source: unknown, name: string, ...placeholders: unknown[]) => {
      throw errors.getFrom(source, name, ...placeholders);
    },
  };
}
