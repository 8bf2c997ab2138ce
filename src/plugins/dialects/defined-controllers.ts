import type { Action, ControllerDefinition, Route } from "../../events/index.ts";
import { isPlainObject, kerror } from "../../kernel/index.ts";
import type { DescribedControllers } from "../authoring/define-plugin.ts";
import { callPlugin, type PluginCall } from "../realm/current-call.ts";
import { readHttp } from "./v2/routes.ts";

/**
 * The controllers of a described plugin, which may come from code without types.
 * Errors: `plugin.controller.invalid_description`, `invalid_action`, and those of its routes.
 */
export function readControllers(written: DescribedControllers, call: PluginCall): ControllerDefinition[] {
  const { plugin } = call;
  return Object.entries(written).map(([name, actions]) => {
    if (!isPlainObject(actions)) throw kerror("plugin.controller.invalid_description", plugin, name, "");
    const read = Object.entries(actions).map(([action, it]) => {
      if (typeof it?.invoke !== "function") {
        throw kerror("plugin.controller.invalid_action", plugin, name, action, " Make it by action({ … }).");
      }
      const http = it.http.flatMap((route) => routeOf(plugin, name, action, route));
      return [action, { ...calledAs(call, it), http }];
    });
    return { name, aliases: [`${plugin}/${name}`], plugin, actions: Object.fromEntries(read) };
  });
}

/** As in the second generation, a path that does not begin with a slash is below `/_/`. */
function routeOf(plugin: string, controller: string, action: string, { deprecated, ...written }: Route): Route[] {
  const routes = readHttp(plugin, controller, action, [written]);
  return deprecated === undefined ? routes : routes.map((route) => ({ ...route, deprecated }));
}

/** The pipeline wants promises of plugins, so that one of an older form that returns nothing is told apart. */
function calledAs(call: PluginCall, action: Action): Action {
  return { ...action, invoke: async (request) => callPlugin(call, action.invoke, request) };
}
