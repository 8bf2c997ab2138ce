import type { Generation, PluginDefinition } from "../definition.ts";
import { generationOfInstance } from "../discovery/instance-signs.ts";
import { definedDialect } from "./defined.ts";
import type { Dialect, PluginScope, PluginSource } from "./dialect.ts";
import { secondDialect } from "./v2/dialect.ts";

/**
 * The dialects of this server: a generation that is added here is found, loaded and run like the others. The code of the older ones is loaded by the
 * first plugin that needs it: a server without any starts faster.
 */
const dialects = {
  v0: async () => (await import("./v0/dialect.ts")).firstDialect,
  v1: async () => (await import("./v1/dialect.ts")).formerDialect,
  v2: async () => secondDialect,
  tenon: async () => definedDialect,
} as const satisfies Readonly<Record<Generation, () => Promise<Dialect>>>;

/**
 * Gives a plugin the common form. A generation that was only guessed may still change when `init` has shown what the plugin brings.
 * Source: contract/plugins/generations.md section 3, step D.
 */
export async function define(source: PluginSource, scope: PluginScope): Promise<PluginDefinition> {
  const definition = (await dialects[source.generation]()).define(source, scope);
  if (source.isGuess !== true) return definition;
  const [v0, v1, v2, tenon] = await Promise.all([dialects.v0(), dialects.v1(), dialects.v2(), dialects.tenon()]);
  const all = { v0, v1, v2, tenon };
  return {
    ...definition,
    contributions: () => {
      const shown = generationOfInstance(source.instance);
      if (shown === undefined || shown.generation === source.generation) return definition.contributions();
      const { generation, because } = shown;
      scope.deps.log.info("plugin.read_as", {
        plugin: source.name,
        dialect: generation,
        because: `after init, ${because}`,
      });
      return all[generation].read(source, scope);
    },
  };
}
