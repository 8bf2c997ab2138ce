import type { Action, MaybePromise } from "../../events/index.ts";
import { kerror } from "../../kernel/index.ts";
import type { DefinedPluginContext, NativePlugin } from "../authoring/define-plugin.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { PluginContributions, PluginDefinition } from "../definition.ts";
import { callPlugin, type PluginCall } from "../realm/current-call.ts";
import { createEmbeddedSdk } from "../sdk/create-sdk.ts";
import type { EmbeddedSDK } from "../sdk/embedded-sdk.ts";
import { Repository } from "../storage/repository.ts";
import { clonedArguments } from "../workers/payload-text.ts";
import { commonFacts, type Dialect, type PluginScope, type PluginSource } from "./dialect.ts";

/** Plugins made by `definePlugin`. */
export const definedDialect: Dialect = {
  generation: "tenon",
  define(source, scope): PluginDefinition {
    const native = nativeOf(source);
    const context = createContext(source, scope);
    const limits = { ...scope.limits, pipeDeadlineMs: native.pipeDeadlineMs };
    return {
      ...commonFacts(source, scope),
      version: native.version ?? source.version,
      limits,
      init: async () => {
        context.config = await checkedConfig(source, native);
        if (native.init !== undefined) await callPlugin(scope.call, native.init, context);
      },
      contributions: () => read(native, context, { ...scope, limits }),
      ...(native.close === undefined ? {} : { close: native.close }),
    };
  },
  read(source, scope) {
    return read(nativeOf(source), createContext(source, scope), scope);
  },
};

function nativeOf({ name, instance }: PluginSource): NativePlugin {
  const native = nativePluginOf(instance);
  if (native === undefined) throw kerror("plugin.assert.cannot_load", name, "it was not made by definePlugin.");
  return native;
}

type WritableContext = { -readonly [Member in keyof DefinedPluginContext]: DefinedPluginContext[Member] };

/** Its configuration is checked, and replaced, by `init`. */
function createContext(source: PluginSource, { deps, log, storage, sdk: sdkDeps }: PluginScope): WritableContext {
  const { name } = source;
  let sdk: EmbeddedSDK | undefined;
  return {
    config: source.config,
    log,
    get sdk() {
      sdk ??= createEmbeddedSdk(sdkDeps);
      return sdk;
    },
    storage,
    repository: (collection, Model) => new Repository(storage, collection, Model),
    trigger: async (event, payload) => deps.events.pipe(`plugin-${name}:${event}`, payload),
  };
}

/**
 * The plugin's configuration with the defaults of its schema; `threads` is the host's where it can be a worker.
 * Error: `plugin.assert.cannot_load`, naming the option.
 */
export async function checkedConfig(
  { name, config: { threads, ...others } }: PluginSource,
  { config: schema, worker }: NativePlugin,
): Promise<unknown> {
  const config = worker === undefined && threads !== undefined ? { ...others, threads } : others;
  if (schema === undefined) return config;
  const { Value } = await import("typebox/value"); // 150 ms: only for plugins that have a schema
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
      // A plugin that is written for a process of its own gets the same here.
      run: (args) =>
        callPlugin(
          call,
          handler,
          ...(native.worker === undefined ? args : clonedArguments(args)),
          context,
        ) as MaybePromise<unknown>,
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

/** The pipeline wants promises of plugins, so that one of an older form that returns nothing is told apart. */
function calledAs(call: PluginCall, action: Action): Action {
  return { ...action, invoke: async (request) => callPlugin(call, action.invoke, request) };
}
