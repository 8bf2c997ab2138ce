import type { JSONObject } from "../../../kernel/index.ts";
import type { DefinedPluginContext } from "../../authoring/define-plugin.ts";
import { nativePluginOf } from "../../authoring/native-plugin.ts";
import { namesOf, type StartInWorker } from "./start-in-worker.ts";

/** Handlers get the arguments of the event, then the context: `{ config, log }`. */
export const startDefined: StartInWorker = async (exported, { name, config }, log) => {
  const native = nativePluginOf(exported);
  if (native === undefined) throw new Error(`The package of "${name}" does not export what definePlugin has made.`);
  // Less than handlers in the server get: docs/plugins/workers.md says so.
  const context = { config, log } as DefinedPluginContext;
  await native.init?.(context);
  const hooks = Object.entries(native.hooks).map(
    ([event, handler]) =>
      [event, [(args: unknown): unknown => handler(...(args as readonly unknown[]), context)]] as const,
  );
  return {
    hooks: new Map(hooks),
    ignored: namesOf(native as unknown as JSONObject, ["pipes", "controllers", "strategies", "protocols", "imports"]),
    awaitsHooks: true,
    ...(native.close === undefined ? {} : { close: native.close }),
  };
};
