import type { ControllerDefinition } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, type KuzzleRequest } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { type ActionRunner, readOlder } from "../v2/controllers.ts";
import { tableOf } from "../v2/listeners.ts";
import { type OlderRoute, readOlderRoutes } from "../v2/routes.ts";
import { runAction } from "../v2/run-action.ts";
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
  const { routes, optional } = withOptionalParameters(readRoutes(instance, scope, variant));
  const run = runnerOf(scope, optional, mergesInputs(variant));
  return readOlder(instance, tableOf(instance, "controllers") ?? {}, scope, routes, run);
}

function readRoutes({ routes }: JSONObject, { call, log }: PluginScope, variant: string | undefined): OlderRoute[] {
  const { plugin } = call;
  if (!isLenient(variant) || !Array.isArray(routes)) return readOlderRoutes(plugin, routes, formerPaths);
  return routes.flatMap((route: unknown) => {
    try {
      return readOlderRoutes(plugin, [route], formerPaths);
    } catch (err) {
      log.warn("plugin.route_ignored", { plugin, err });
      return [];
    }
  });
}

function runnerOf({ call }: PluginScope, optional: OptionalParameters, headersAreArguments: boolean): ActionRunner {
  return async (controller, action, handler, request) => {
    leavePrefix(request);
    const { args } = request.input;
    const name = request.isHttp ? optional.get(`${controller.slice(call.plugin.length + 1)}:${action}`) : undefined;
    if (name !== undefined) args[name] ??= "";
    if (!headersAreArguments) return runAction(call, controller, action, handler, request);
    const lent = lendHeaders(request);
    try {
      return await runAction(call, controller, action, handler, request);
    } finally {
      for (const header of lent) delete args[header];
    }
  };
}

/** The headers become arguments for this call only: others would take them for what the client asked. */
function lendHeaders(request: KuzzleRequest): string[] {
  const { headers } = request.context.connection.misc;
  if (!request.isHttp || !isPlainObject(headers)) return [];
  const { args } = request.input;
  const lent = Object.keys(headers).filter((header) => header !== "authorization" && !Object.hasOwn(args, header));
  for (const header of lent) args[header] = headers[header];
  return lent;
}
