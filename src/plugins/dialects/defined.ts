import { isThenable, type MaybePromise } from "../../events/index.ts";
import { kerror } from "../../kernel/index.ts";
import type { DefinedPluginContext, NativePlugin } from "../authoring/define-plugin.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { PluginContributions, PluginDefinition, PluginPipe } from "../definition.ts";
import { callPipe, callPlugin, type PluginCall } from "../realm/current-call.ts";
import { createEmbeddedSdk } from "../sdk/create-sdk.ts";
import type { EmbeddedSDK } from "../sdk/embedded-sdk.ts";
import { Repository } from "../storage/repository.ts";
import { clonedArguments } from "../workers/payload-text.ts";
import { readControllers } from "./defined-controllers.ts";
import { readProtocols } from "./defined-protocols.ts";
import { readStrategies } from "./defined-strategies.ts";
import { commonFacts, type Dialect, type PluginScope, type PluginSource } from "./dialect.ts";
import { unusedAnswers, wrongAnswer } from "./pipe-answer.ts";

/** Plugins made by `definePlugin`. */
export const definedDialect: Dialect = {
  generation: "tenon",
  define(source, scope): PluginDefinition {
    const native = nativeOf(source);
    const context = createContext(source, scope);
    const limits = { ...scope.limits, pipeDeadlineMs: native.pipeDeadlineMs };
    const { onFailure, health } = native;
    return {
      ...commonFacts(source, scope),
      version: native.version ?? source.version,
      limits,
      onFailure,
      ...(health === undefined ? {} : { health: () => callPlugin(scope.call, health, context) }),
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
function createContext(
  source: PluginSource,
  { deps, log, secrets, storage, sdk: sdkDeps }: PluginScope,
): WritableContext {
  const { name } = source;
  let sdk: EmbeddedSDK | undefined;
  return {
    config: source.config,
    log,
    get sdk() {
      sdk ??= createEmbeddedSdk(sdkDeps);
      return sdk;
    },
    secrets,
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

function read(native: NativePlugin, context: DefinedPluginContext, scope: PluginScope): PluginContributions {
  const { call, limits } = scope;
  const { controllers } = native;
  const tables = typeof controllers === "function" ? callPlugin(call, controllers, context) : controllers;
  return {
    pipes: Object.entries(native.pipes).map(([event, handler]) => ({
      event,
      warnMs: limits.pipeWarnMs,
      deadlineMs: limits.pipeDeadlineMs,
      run: checked(call, event, (args) => callPipe(call, handler, ...args, context) as MaybePromise<unknown>),
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
    controllers: readControllers(tables, call),
    strategies: readStrategies(native.strategies, context, call),
    protocols: readProtocols(native.protocols, context, scope),
    imports: native.imports,
  };
}

/** The answer must be of the kind of the payload, where that has one: else the next pipe, or the action, would stumble over it. */
function checked({ plugin }: PluginCall, event: string, run: PluginPipe["run"]): PluginPipe["run"] {
  if (unusedAnswers.has(event)) return run;
  const check = (answer: unknown, payload: unknown): unknown => {
    const wrong = wrongAnswer(plugin, event, payload, answer);
    if (wrong !== undefined) throw kerror("plugin.runtime.unexpected_error", wrong);
    return answer;
  };
  return (args) => {
    const answer = run(args);
    return isThenable(answer) ? answer.then((late) => check(late, args[0])) : check(answer, args[0]);
  };
}
