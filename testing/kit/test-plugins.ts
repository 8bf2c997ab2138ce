import type { Backend } from "../../src/app/index.ts";
import { isPlainObject, type JSONObject } from "../../src/kernel/index.ts";

/**
 * A plugin in any form: what `definePlugin` answered; an instance or the class of a plugin for Kuzzle 2, also with a `name` and a `manifest` as
 * `app.plugin.use` takes them; or the folder of a package of any generation.
 */
export type TestPlugin =
  | object
  | (new () => object)
  | { readonly plugin: object | (new () => object); readonly name?: string; readonly manifest?: JSONObject }
  | { readonly path: string };

/** Folders of packages among the plugins. */
export const packagePaths = (plugins: readonly TestPlugin[]): string[] =>
  plugins.flatMap((plugin) => (isPackage(plugin) ? [plugin.path] : []));

/** Gives a backend the plugins that are no packages, in their order. Errors: those of `app.plugin.use`. */
export function usePlugins(backend: Backend, plugins: readonly TestPlugin[]): void {
  for (const one of plugins) {
    if (isPackage(one)) continue;
    const { plugin, ...options } = isWrapped(one) ? one : { plugin: one };
    backend.plugin.use(typeof plugin === "function" ? new (plugin as new () => object)() : plugin, options);
  }
}

// A plugin may have a member `path` too; it has an `init` then.
const isPackage = (plugin: TestPlugin): plugin is { readonly path: string } =>
  isPlainObject(plugin) && "path" in plugin && typeof plugin.path === "string" && !("init" in plugin);

const isWrapped = (plugin: TestPlugin): plugin is Extract<TestPlugin, { readonly plugin: object }> =>
  isPlainObject(plugin) && "plugin" in plugin && !("init" in plugin);
