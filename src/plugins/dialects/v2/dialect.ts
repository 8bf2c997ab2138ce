import type { JSONObject } from "../../../kernel/index.ts";
import { kerror } from "../../../kernel/index.ts";
import type { PluginContributions, PluginDefinition } from "../../definition.ts";
import { callPlugin } from "../../realm/current-call.ts";
import { commonFacts, type Dialect, type PluginScope, type PluginSource } from "../dialect.ts";
import { PluginContext } from "./context.ts";
import { readControllers } from "./controllers.ts";
import { readImports } from "./imports.ts";
import { readHooks, readPipes } from "./listeners.ts";
import { readAuthenticators, readStrategies } from "./strategies.ts";
import { methodOf } from "./targets.ts";

/** Plugins of the second generation: `init(config, context)`, then the members are read. Source: contract/plugins/v2.md. */
export const secondDialect: Dialect = {
  generation: "v2",
  define(source, scope): PluginDefinition {
    const { name, instance } = source;
    checkPrivilege(source);
    const init = methodOf(instance, "init");
    if (init === undefined) throw kerror("plugin.assert.init_not_found", name);
    // Made before any plugin starts: what is wrong with a manifest is not a failure of its init.
    const context = new PluginContext(source, scope);
    return {
      ...commonFacts(source, scope),
      init: async () => {
        await callPlugin(scope.call, init, source.config, context);
      },
      contributions: () => secondDialect.read(source, scope),
    };
  },
  read({ instance }, scope) {
    return read(instance as JSONObject, scope);
  },
};

/** The manifest asks for it, the configuration grants it: one side only is an error. */
export function checkPrivilege({ name, manifest, config }: PluginSource): void {
  const granted = config.privileged === true;
  if (granted && !manifest.privileged) throw kerror("plugin.assert.privileged_not_supported", name);
  if (!granted && manifest.privileged) throw kerror("plugin.assert.privileged_not_set", name, name);
}

function read(instance: JSONObject, scope: PluginScope): PluginContributions {
  const controllers = readControllers(instance, scope);
  readAuthenticators(instance, scope.call.plugin);
  return {
    controllers,
    strategies: readStrategies(instance, scope),
    hooks: readHooks(instance, scope),
    pipes: readPipes(instance, scope),
    imports: readImports(instance),
  };
}
