import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import type { Action, MaybePromise } from "../../events/index.ts";
import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { DefinedPluginContext, NativePlugin } from "../authoring/define-plugin.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { PluginContributions, PluginDefinition } from "../definition.ts";
import { callPlugin, type PluginCall } from "../realm/current-call.ts";
import { EmbeddedSDK } from "../sdk/embedded-sdk.ts";
import { PluginStorage } from "../storage/plugin-storage.ts";
import { Repository } from "../storage/repository.ts";
import type { Dialect, PluginScope, PluginSource } from "./dialect.ts";

/** Plugins made by `definePlugin`. */
export const definedDialect: Dialect = {
  generation: "tenon",
  define(source, scope): PluginDefinition {
    const native = nativePluginOf(source.instance);
    if (native === undefined)
      throw kerror("plugin.assert.cannot_load", source.name, "it was not made by definePlugin.");
    const context = createContext(source, scope, native.config);
    const limits = { ...scope.limits, pipeDeadlineMs: native.pipeDeadlineMs };
    const { name, version, generation, because, origin, manifest, instance } = source;
    return {
      name,
      version: native.version ?? version,
      generation,
      because,
      origin,
      manifest,
      instance,
      limits,
      init: async () => {
        if (native.init !== undefined) await callPlugin(scope.call, native.init, context);
      },
      contributions: () => read(native, context, { ...scope, limits }),
      ...(native.close === undefined ? {} : { close: native.close }),
    };
  },
};

function createContext(
  source: PluginSource,
  { deps, log, sdk }: PluginScope,
  schema: TSchema | undefined,
): DefinedPluginContext {
  const { name } = source;
  const storage = new PluginStorage({
    store: deps.store,
    locks: deps.locks,
    plugin: name,
    commonMappings: deps.commonMappings,
  });
  return {
    config: schema === undefined ? source.config : checkedConfig(name, source.config, schema),
    log,
    sdk: new EmbeddedSDK(sdk),
    storage,
    repository: (collection, Model) => new Repository(storage, collection, Model),
    trigger: async (event, payload) => deps.events.pipe(`plugin-${name}:${event}`, payload),
  };
}

/** Error: `plugin.assert.cannot_load`, naming the option. */
function checkedConfig(name: string, config: JSONObject, schema: TSchema): unknown {
  const completed = Value.Default(schema, config);
  const [first] = Value.Errors(schema, completed);
  if (first === undefined) return completed;
  const at = first.instancePath.replaceAll("/", ".");
  throw kerror("plugin.assert.cannot_load", name, `the configuration plugins.${name}${at} ${first.message}.`);
}

function read(native: NativePlugin, context: DefinedPluginContext, { call, limits }: PluginScope): PluginContributions {
  return {
    pipes: Object.entries(native.pipes).map(([event, handler]) => ({
      event,
      warnMs: limits.pipeWarnMs,
      deadlineMs: limits.pipeDeadlineMs,
      run: (args) => callPlugin(call, handler, ...args, context) as MaybePromise<unknown>,
    })),
    hooks: Object.entries(native.hooks).map(([event, handler]) => ({
      event,
      run: (args) => callPlugin(call, handler, ...args, context) as MaybePromise<unknown>,
    })),
    controllers: Object.entries(native.controllers).map(([name, actions]) => ({
      name,
      aliases: [`${call.plugin}/${name}`],
      plugin: call.plugin,
      actions: Object.fromEntries(Object.entries(actions).map(([action, it]) => [action, calledAs(call, it)])),
    })),
    strategies: [],
    imports: native.imports,
  };
}

function calledAs(call: PluginCall, action: Action): Action {
  return { ...action, invoke: (request) => callPlugin(call, action.invoke, request) };
}
