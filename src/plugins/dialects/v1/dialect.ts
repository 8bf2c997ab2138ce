import { isThenable } from "../../../events/index.ts";
import { type JSONObject, kerror } from "../../../kernel/index.ts";
import type { PluginContributions, PluginDefinition } from "../../definition.ts";
import { variantOfStrategies } from "../../discovery/instance-signs.ts";
import { callPlugin } from "../../realm/current-call.ts";
import { commonFacts, type Dialect, type PluginScope, type PluginSource } from "../dialect.ts";
import { createPassportAccess } from "../v0/passport.ts";
import { checkPrivilege } from "../v2/dialect.ts";
import { readAuthenticators } from "../v2/strategies.ts";
import { methodOf } from "../v2/targets.ts";
import { createContext } from "./context.ts";
import { readControllers } from "./controllers.ts";
import { createExecute } from "./execute.ts";
import { readHooks, readPipes } from "./listeners.ts";
import { readStrategies } from "./strategies.ts";
import { ignoresInit, isLenient } from "./variants.ts";

/**
 * Plugins written for Kuzzle 1, from 1.0.0-RC8 to 1.12: `init(config, context)`, requests as they are.
 * Source: contract/plugins/v1.md.
 */
export const formerDialect: Dialect = {
  generation: "v1",
  define(source, scope): PluginDefinition {
    const { name, variant, instance } = source;
    checkPrivilege(source);
    const init = methodOf(instance, "init");
    if (init === undefined) throw kerror("plugin.assert.init_not_found", name);
    const passport = createPassportAccess(scope);
    let isInitialised = false;
    // What the strategies show after init may still say which release a plugin is of.
    const variantNow = (): string | undefined => variantOf(source);
    const own = { passport, execute: createExecute(scope, variantNow), isInitialised: () => isInitialised };
    return {
      ...commonFacts(source, scope),
      variant,
      isOptional: isLenient(variant),
      init: async () => {
        const context = createContext(source, scope, own);
        const answer = callPlugin(scope.call, init, source.config, context);
        if (!ignoresInit(variant)) {
          if ((await answer) === false) throw kerror("plugin.runtime.failed_init", name, "its init answered false.");
        } else if (isThenable(answer)) {
          answer.then(undefined, (err: unknown) => scope.log.error("plugin.late_init_failed", { plugin: name, err }));
        }
      },
      contributions: () => {
        isInitialised = true;
        const contributions = formerDialect.read(source, scope);
        const scopes = (instance as JSONObject).scope;
        return { ...contributions, strategies: [...contributions.strategies, ...passport.take(scopes)] };
      },
    };
  },
  read(source, scope) {
    return read(source, scope);
  },
};

/** What the operator or the files say outweighs what the instance shows after its init; a guess does not. */
function variantOf({ instance, variant, isGuess }: PluginSource): string | undefined {
  const shown = variantOfStrategies(instance as JSONObject);
  return isGuess === true ? (shown ?? variant) : (variant ?? shown);
}

function read(source: PluginSource, scope: PluginScope): PluginContributions {
  const instance = source.instance as JSONObject;
  const variant = variantOf(source);
  const refined = variant === undefined ? source : { ...source, variant };
  const controllers = readControllers(instance, scope, variant);
  readAuthenticators(instance, source.name);
  return {
    controllers,
    strategies: readStrategies(refined, scope),
    hooks: readHooks(instance, scope, variant),
    pipes: readPipes(instance, scope, variant),
    imports: undefined,
  };
}
