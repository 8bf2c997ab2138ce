import type { Action, ControllerDefinition, Route } from "../../../events/index.ts";
import { didYouMean, isPlainObject, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";
import { tableOf } from "./listeners.ts";
import { type OlderRoute, readHttp, readOlderRoutes } from "./routes.ts";
import { runAction } from "./run-action.ts";
import { resolveTarget, suggestMethod, type Target } from "./targets.ts";

/**
 * The controllers of a plugin: `api`, or the older `controllers` with `routes`.
 * Errors: `plugin.assert.duplicated_api_definition`, `plugin.assert.invalid_controller_definition`, `plugin.controller.*`.
 * Source: contract/plugins/v2.md section 5.
 */
export function readControllers(instance: JSONObject, scope: PluginScope): ControllerDefinition[] {
  const api = tableOf(instance, "api");
  const controllers = tableOf(instance, "controllers");
  if (api !== undefined && controllers !== undefined) {
    throw kerror("plugin.assert.duplicated_api_definition", scope.call.plugin);
  }
  if (api !== undefined) return Object.entries(api).map(([name, written]) => readApi(instance, name, written, scope));
  return readOlder(instance, controllers ?? {}, scope, readOlderRoutes(scope.call.plugin, instance.routes));
}

/** How an action of a plugin is run; the default is {@link runAction}. */
export type ActionRunner = (controller: string, action: string, handler: Target, request: KuzzleRequest) => unknown;

function actionOf(
  scope: PluginScope,
  controller: string,
  name: string,
  handler: Target,
  http: readonly Route[],
  run: ActionRunner = (...args) => runAction(scope.call, ...args),
): Action {
  const { call } = scope;
  return {
    summary: `Action "${name}" of plugin "${call.plugin}".`,
    http,
    args: {},
    result: undefined,
    errors: [],
    documents: {},
    invoke: (request) => run(controller, name, handler, request),
  };
}

function readApi(instance: JSONObject, name: string, written: unknown, scope: PluginScope): ControllerDefinition {
  const { plugin } = scope.call;
  const invalid = (why: string): Error =>
    kerror("plugin.assert.invalid_controller_definition", name, `${why} Its plugin is "${plugin}".`);
  if (!isPlainObject(written) || !isPlainObject(written.actions)) throw invalid('it needs an object "actions".');
  const actions: Record<string, Action> = {};
  for (const [action, definition] of Object.entries(written.actions)) {
    if (!isPlainObject(definition)) throw invalid(`action "${action}" must be an object with a "handler".`);
    const unknown = Object.keys(definition).find((key) => key !== "handler" && key !== "http");
    if (unknown !== undefined && !allowsMoreMembers(scope)) {
      const hint = didYouMean(unknown, ["handler", "http"]);
      throw invalid(`action "${action}" has an unknown member "${unknown}".${hint}`);
    }
    const handler = resolveTarget(instance, definition.handler, { names: false, bindMethods: true });
    if (handler === undefined) throw invalid(`the "handler" of action "${action}" must be a function.`);
    actions[action] = actionOf(scope, name, action, handler, readHttp(plugin, name, action, definition.http));
  }
  return { name, aliases: [`${plugin}/${name}`], plugin, actions };
}

function allowsMoreMembers({ deps }: PluginScope): boolean {
  const { controllers } = deps.config;
  const definition = isPlainObject(controllers) ? controllers.definition : undefined;
  return isPlainObject(definition) && definition.allowAdditionalActionProperties === true;
}

/** `controllers` with the `routes` that lead to them. Errors: `plugin.controller.*`. */
export function readOlder(
  instance: JSONObject,
  written: JSONObject,
  scope: PluginScope,
  olderRoutes: readonly OlderRoute[],
  run?: ActionRunner,
): ControllerDefinition[] {
  const { plugin } = scope.call;
  const handlers = new Map<string, Map<string, Target>>();
  for (const [name, table] of Object.entries(written))
    handlers.set(name, readOlderActions(instance, name, table, plugin));
  const routes = new Map<string, Route[]>();
  for (const route of olderRoutes) {
    const actions = handlers.get(route.controller);
    if (actions === undefined) {
      const hint = didYouMean(route.controller, [...handlers.keys()]);
      throw kerror("plugin.controller.undefined_controller", plugin, route.controller, hint);
    }
    if (!actions.has(route.action)) {
      const hint = didYouMean(route.action, [...actions.keys()]);
      throw kerror("plugin.controller.undefined_action", plugin, route.controller, route.action, hint);
    }
    const key = `${route.controller}:${route.action}`;
    routes.set(key, [...(routes.get(key) ?? []), ...route.routes]);
  }
  return [...handlers].map(([name, actions]) => {
    const full = `${plugin}/${name}`;
    const defined: Record<string, Action> = {};
    for (const [action, handler] of actions) {
      defined[action] = actionOf(scope, full, action, handler, routes.get(`${name}:${action}`) ?? [], run);
    }
    return { name: full, plugin, actions: defined };
  });
}

function readOlderActions(instance: JSONObject, name: string, table: unknown, plugin: string): Map<string, Target> {
  if (!isPlainObject(table)) throw kerror("plugin.controller.invalid_description", plugin, name, "");
  const actions = new Map<string, Target>();
  for (const [action, written] of Object.entries(table)) {
    const handler = resolveTarget(instance, written, { names: true, bindMethods: false });
    if (handler === undefined) {
      throw kerror("plugin.controller.invalid_action", plugin, name, action, suggestMethod(instance, written));
    }
    actions.set(action, handler);
  }
  return actions;
}
