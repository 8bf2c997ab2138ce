import { type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginScope, PluginSource } from "../dialect.ts";
import { ParseError } from "../errors.ts";
import type { PassportAccess } from "../v0/passport.ts";
import { createUsersAccess, findUser } from "../v0/users.ts";
import { strategiesOf } from "../v2/accessors.ts";
import { PluginContext } from "../v2/context.ts";
import type { PluginErrors } from "../v2/plugin-errors.ts";
import { Dsl } from "./dsl.ts";
import type { Execute } from "./execute.ts";
import { version } from "./plain-context.ts";
import { formerRepository } from "./repository.ts";
import { readFormerStrategy } from "./strategies.ts";

/** What the dialect keeps for one plugin beside its context. */
export interface OwnAccess {
  readonly passport: PassportAccess;
  readonly execute: Execute;
  readonly isInitialised: () => boolean;
}

/**
 * What a plugin of this generation gets in `init`: what any of its releases had, in one. Extensible, since some plugins write on it.
 * Source: contract/plugins/v1.md section 7.
 */
export function createContext(source: PluginSource, scope: PluginScope, own: OwnAccess): JSONObject {
  const context = new PluginContext(source, scope);
  const { accessors, constructors } = context;
  return {
    ...context,
    config: { ...scope.hostConfig, version },
    errors: { ...context.errors, ParseError },
    errorsManager: withThrowing(context.errorsManager),
    constructors: {
      ...constructors,
      Dsl,
      Koncorde: Dsl,
      Repository: formerRepository(scope.storage, source.name),
    },
    // Kept as a prototype: the SDK is made when it is first asked for.
    accessors: Object.assign(Object.create(accessors) as JSONObject, {
      execute: own.execute,
      passport: own.passport,
      users: createUsersAccess(scope, findUser),
      strategies: strategiesAccess(source, scope, own),
      storage: storageOf(scope),
      trigger: (event: unknown, payload?: unknown) => trigger(scope, event, payload),
    }),
  };
}

/** Until `init` is done, a strategy that is added is one more of those that are read then. */
function strategiesAccess(source: PluginSource, scope: PluginScope, { isInitialised }: OwnAccess): JSONObject {
  const running = strategiesOf(source, scope, (_, name, written) => readFormerStrategy(source, name, written, scope));
  const instance = source.instance as JSONObject;
  return {
    add: async (name: string, written: JSONObject) => {
      if (isInitialised()) return running.add(name, written);
      readFormerStrategy(source, name, written, scope); // whatever is wrong with it is said here
      instance.strategies = { ...(instance.strategies as JSONObject | undefined), [name]: written };
    },
    remove: async (name: string) => {
      if (isInitialised()) return running.remove(name);
      const { [name]: removed, ...others } = { ...(instance.strategies as JSONObject | undefined) };
      if (removed === undefined) throw kerror("plugin.strategy.strategy_not_found", source.name, name);
      instance.strategies = others;
    },
  };
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
