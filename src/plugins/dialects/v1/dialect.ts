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
import { readHooks, readPipes } from "./listeners.ts";
import { readStrategies } from "./strategies.ts";
import { isLenient } from "./variants.ts";

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
    return {
      ...commonFacts(source, scope),
      variant,
      isOptional: isLenient(variant),
      init: async () => {
        const context = createContext(source, scope, passport);
        const answer = await callPlugin(scope.call, init, source.config, context);
        // The first releases ignored the answer, and their plugins answer anything.
        if (answer === false && variant !== "a") {
          throw kerror("plugin.runtime.failed_init", name, "its init answered false.");
        }
      },
      contributions: () => {
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

function read(source: PluginSource, scope: PluginScope): PluginContributions {
  const instance = source.instance as JSONObject;
  const shown = variantOfStrategies(instance);
  // What the operator or the files say outweighs what the instance shows after its init; a guess does not.
  const variant = source.isGuess === true ? (shown ?? source.variant) : (source.variant ?? shown);
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
