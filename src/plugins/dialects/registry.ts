import type { Generation, PluginDefinition } from "../definition.ts";
import { generationOfInstance } from "../discovery/instance-signs.ts";
import { definedDialect } from "./defined.ts";
import type { Dialect, PluginScope, PluginSource } from "./dialect.ts";
import { firstDialect } from "./v0/dialect.ts";
import { formerDialect } from "./v1/dialect.ts";
import { secondDialect } from "./v2/dialect.ts";

/** The dialects of this server: a generation that is added here is found, loaded and run like the others. */
const dialects = {
  v0: firstDialect,
  v1: formerDialect,
  v2: secondDialect,
  tenon: definedDialect,
} as const satisfies Readonly<Record<Generation, Dialect>>;

/**
 * Gives a plugin the common form. A generation that was only guessed may still change when `init` has shown what the plugin brings.
 * Source: contract/plugins/generations.md section 3, step D.
 */
export function define(source: PluginSource, scope: PluginScope): PluginDefinition {
  const definition = dialects[source.generation].define(source, scope);
  if (source.isGuess !== true) return definition;
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
      return dialects[generation].read(source, scope);
    },
  };
}
