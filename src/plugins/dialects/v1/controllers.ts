import type { ControllerDefinition } from "../../../events/index.ts";
import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { type ActionRunner, readOlder } from "../v2/controllers.ts";
import { tableOf } from "../v2/listeners.ts";
import { type OlderRoute, readOlderRoutes } from "../v2/routes.ts";
import { runAction } from "../v2/run-action.ts";
import { withHeaders } from "./header-arguments.ts";
import { formerPaths, leavePrefix, type OptionalParameters, withOptionalParameters } from "./routes.ts";
import { isLenient, mergesInputs } from "./variants.ts";

/**
 * `controllers` as tables of actions, each the name of a method or a function, and the `routes` to them.
 * Errors: `plugin.controller.*`. Source: contract/plugins/v1.md section 5.
 */
export function readControllers(
  instance: JSONObject,
  scope: PluginScope,
  variant: string | undefined,
): ControllerDefinition[] {
  const { plugin } = scope.call;
  const { routes, optional } = withOptionalParameters(readRoutes(instance, scope, variant));
  const run = runnerOf(scope, optional, mergesInputs(variant));
  const controllers = readOlder(instance, tableOf(instance, "controllers") ?? {}, scope, routes, run);
  // The later releases wrote the names of packages in lower case, the earlier ones as they are: clients know either.
  const lowerCase = plugin.toLowerCase();
  if (lowerCase === plugin) return controllers;
  return controllers.map((one) => ({ ...one, aliases: [`${lowerCase}${one.name.slice(plugin.length)}`] }));
}

function readRoutes(instance: JSONObject, { call, log }: PluginScope, variant: string | undefined): OlderRoute[] {
  const { plugin } = call;
  const { routes } = instance;
  if (!isLenient(variant) || !Array.isArray(routes)) return readOlderRoutes(plugin, routes, pathsOf);
  const ignored = (route: unknown, because: unknown): OlderRoute[] => {
    log.warn("plugin.route_ignored", { plugin, route, because });
    return [];
  };
  return routes.flatMap((route: unknown) => {
    try {
      const [read] = readOlderRoutes(plugin, [route], pathsOf);
      return read !== undefined && leadsToAction(instance, read) ? read : ignored(route, "there is no such action");
    } catch (err) {
      return ignored(route, err instanceof Error ? err.message : err);
    }
  });
}

function leadsToAction(instance: JSONObject, { controller, action }: OlderRoute): boolean {
  const actions = tableOf(instance, "controllers")?.[controller];
  return isPlainObject(actions) && Object.hasOwn(actions, action);
}

const pathsOf = (plugin: string, url: string): string[] =>
  [...new Set([plugin, plugin.toLowerCase()])].flatMap((name) => formerPaths(name, url));

function runnerOf({ call }: PluginScope, optional: OptionalParameters, headersAreArguments: boolean): ActionRunner {
  return async (controller, action, handler, request) => {
    leavePrefix(request);
    const { args } = request.input;
    const name = request.isHttp ? optional.get(`${controller.slice(call.plugin.length + 1)}:${action}`) : undefined;
    if (name !== undefined) args[name] ??= "";
    const run = (): Promise<unknown> => runAction(call, controller, action, handler, request);
    return headersAreArguments ? withHeaders(request, run) : run();
  };
}
