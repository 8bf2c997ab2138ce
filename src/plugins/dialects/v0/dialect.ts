import { isThenable } from "../../../events/index.ts";
import { type JSONObject, kerror, kerrorFrom } from "../../../kernel/index.ts";
import type { PluginContributions, PluginDefinition } from "../../definition.ts";
import { variantOfInit } from "../../discovery/instance-signs.ts";
import { callPlugin } from "../../realm/current-call.ts";
import { commonFacts, type Dialect, type PluginScope, type PluginSource } from "../dialect.ts";
import { PipeAnswer } from "../pipe-answer.ts";
import { methodOf, type Target } from "../v2/targets.ts";
import { createContext } from "./context.ts";
import { readControllers } from "./controllers.ts";
import { initArguments } from "./init-arguments.ts";
import { readHooks, readPipes } from "./listeners.ts";
import { createPassportAccess, type PassportAccess } from "./passport.ts";
import { isObject } from "./request-object.ts";

const nothing: PluginContributions = { pipes: [], hooks: [], controllers: [], strategies: [], imports: undefined };

/**
 * Plugins written for Kuzzle 0.3 to 1.0.0-RC7: constructors, callbacks, requests and answers as objects of their own.
 * Source: contract/plugins/v0.md.
 */
export const firstDialect: Dialect = {
  generation: "v0",
  define(source, scope): PluginDefinition {
    const { name, instance, config } = source;
    const variant = source.variant ?? variantOfInit(instance as JSONObject);
    const init = methodOf(instance, "init");
    if (init === undefined) throw kerror("plugin.assert.init_not_found", name);
    const passport = createPassportAccess(scope);
    const context = createContext(source, scope, passport);
    const isOfWorkers = config.loadedBy === "worker";
    scope.first.prepare();
    return {
      ...commonFacts(source, scope),
      variant,
      init: async () => {
        if (isOfWorkers) {
          scope.deps.log.info("plugin.not_initialised", { plugin: name, because: 'its "loadedBy" says "worker"' });
          return;
        }
        const answer: unknown = callPlugin(scope.call, init, ...initArguments(variant, config, context));
        // What init answers never counted; a promise that fails must not end the process.
        if (isThenable(answer)) {
          answer.then(undefined, (err: unknown) => scope.log.error("plugin.late_init_failed", { plugin: name, err }));
        }
        await askForScopes(instance as JSONObject, scope);
        await scope.first.open();
      },
      contributions: () => {
        if (isOfWorkers) return nothing;
        // Now that all plugins are initialised.
        askForStrategies(instance as JSONObject, scope, passport);
        const strategies = passport.take((instance as JSONObject).scope);
        return { ...readWith(source, scope, variant, context), strategies };
      },
    };
  },
  read(source, scope) {
    const passport = createPassportAccess(scope);
    return readWith(source, scope, source.variant, createContext(source, scope, passport));
  },
};

function readWith(
  { instance }: PluginSource,
  scope: PluginScope,
  variant: string | undefined,
  context: JSONObject,
): PluginContributions {
  const plugin = instance as JSONObject;
  return {
    hooks: readHooks(plugin, scope, variant),
    pipes: readPipes(plugin, scope, variant),
    // Only the first dialect gave a factory its context; the others are called without an argument.
    controllers: readControllers(plugin, scope, variant === "a" ? [context] : []),
    strategies: [],
    imports: undefined,
  };
}

/** Up to RC3 strategies came by the hook `auth:loadStrategies`. */
function askForStrategies(instance: JSONObject, scope: PluginScope, passport: PassportAccess): void {
  for (const load of targetsOf(instance, "hooks", "auth:loadStrategies")) {
    callPlugin(scope.call, load, passport, "auth:loadStrategies");
  }
}

/** Up to RC3 the scopes of strategies came by the pipe `passport:loadScope`. */
async function askForScopes(instance: JSONObject, scope: PluginScope): Promise<void> {
  for (const load of targetsOf(instance, "pipes", "passport:loadScope")) {
    const options = { event: "passport:loadScope", plugin: scope.call.plugin, like: undefined, log: scope.log };
    const pending = new PipeAnswer({ ...options, promiseMayBeEmpty: true });
    const returned = callPlugin(scope.call, load, { scope: {} }, (error?: unknown, answer?: unknown) =>
      pending.calledBack(error, answer),
    );
    try {
      const answer = await pending.afterReturn(returned, scope.limits.pipeWarnMs);
      if (isObject(answer)) instance.scope = { ...(instance.scope as JSONObject | undefined), ...answer };
    } catch (error) {
      throw kerrorFrom(
        error,
        "plugin.runtime.failed_init",
        scope.call.plugin,
        "its pipe on passport:loadScope failed.",
      );
    }
  }
}

function targetsOf(instance: JSONObject, member: "hooks" | "pipes", event: string): Target[] {
  const table = instance[member];
  const written = isObject(table) ? table[event] : undefined;
  const names = Array.isArray(written) ? (written as unknown[]) : [written];
  return names.flatMap((name) => (typeof name === "string" ? (methodOf(instance, name) ?? []) : []));
}
