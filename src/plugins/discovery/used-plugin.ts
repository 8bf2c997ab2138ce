import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import { Inflector } from "../kuzzle/inflector.ts";

export interface UseOptions {
  readonly name?: string;
  readonly manifest?: JSONObject;
  readonly deprecationWarning?: boolean;
}

/** A plugin that was given in code, with its name checked. */
export interface UsedPlugin {
  readonly name: string;
  readonly instance: object;
  readonly manifest: JSONObject | undefined;
}

const validName = /^[a-z\-\d]+$/;

/**
 * Checks what `app.plugin.use` was given. The name is the option, that of `definePlugin`, or the class name in kebab-case without `-plugin`.
 * Errors: `plugin.assert.no_name_provided`, `invalid_plugin_name`, `init_not_found`.
 */
export function usePlugin(instance: unknown, { name, manifest }: UseOptions = {}): UsedPlugin {
  if (typeof instance !== "object" || instance === null) throw kerror("plugin.assert.not_a_constructor", name ?? "?");
  const native = nativePluginOf(instance);
  const ownName = name ?? native?.name ?? classNameOf(instance);
  if (ownName === undefined) throw kerror("plugin.assert.no_name_provided");
  if (!validName.test(ownName)) throw kerror("plugin.assert.invalid_plugin_name", ownName);
  if (native === undefined && typeof (instance as { init?: unknown }).init !== "function") {
    throw kerror("plugin.assert.init_not_found", ownName);
  }
  return { name: ownName, instance, manifest };
}

function classNameOf(instance: object): string | undefined {
  if (isPlainObject(instance)) return undefined;
  const { name } = instance.constructor;
  return name === "" ? undefined : Inflector.kebabCase(name).replace(/-plugin$/, "");
}
