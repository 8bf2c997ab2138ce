import type { HookFailure, MaybePromise } from "../../../events/index.ts";
import type { PluginHook } from "../../definition.ts";
import { callFor, callPlugin, requestAmong } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import type { Target } from "./targets.ts";

/**
 * A hook of the second generation: gets the arguments, then the name of the event as it was registered.
 * Source: contract/plugins/v2.md section 4.
 */
export function hookOf(event: string, target: Target, { call }: PluginScope): PluginHook {
  if (event === "hook:onError" && target.length >= 3) {
    // The documents promise three arguments, the original gives one object: the number of parameters says which the author read.
    return {
      event,
      run: (args) => {
        const { pluginName, event: failed, error } = args[0] as HookFailure;
        return callPlugin(call, target, pluginName, failed, error) as MaybePromise<unknown>;
      },
    };
  }
  return {
    event,
    run: (args) => callFor(call, requestAmong(args), false, target, ...args, event) as MaybePromise<unknown>,
  };
}
