import type { PluginContributions, PluginDefinition } from "./definition.ts";

/** One plugin as `server:info` lists it. */
export interface PluginInfo {
  readonly version: string | undefined;
  readonly controllers: readonly string[];
  readonly hooks: readonly string[];
  readonly manifest: { readonly kuzzleVersion: string | undefined; readonly name: string; readonly path: string };
  readonly pipes: readonly string[];
  readonly routes: readonly {
    readonly verb: string;
    readonly path: string;
    readonly controller: string;
    readonly action: string;
  }[];
  readonly strategies: readonly string[];
  readonly imports: readonly string[];
}

/** Controllers are listed as `<plugin>/<controller>`. */
export function pluginInfo(definition: PluginDefinition, contributions: PluginContributions): PluginInfo {
  const { name, version, manifest } = definition;
  const { controllers, hooks, pipes, strategies, imports } = contributions;
  return {
    version,
    controllers: controllers.map((it) => (it.name.startsWith(`${name}/`) ? it.name : `${name}/${it.name}`)),
    hooks: names(hooks),
    manifest: { kuzzleVersion: manifest.kuzzleVersion, name: manifest.name, path: manifest.path },
    pipes: names(pipes),
    routes: controllers.flatMap((controller) =>
      Object.entries(controller.actions).flatMap(([action, { http }]) =>
        http.map(({ verb, path }) => ({ verb: verb.toLowerCase(), path, controller: controller.name, action })),
      ),
    ),
    strategies: strategies.map((it) => it.name),
    imports: Object.keys(imports ?? {}),
  };
}

const names = (listeners: readonly { readonly event: string }[]): string[] => [
  ...new Set(listeners.map(({ event }) => event)),
];
