import type { ControllerDefinition } from "../../../events/index.ts";
import { isPlainObject, type JSONObject, type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { formerPaths, leavePrefix } from "../v1/routes.ts";
import { type ActionRunner, readOlder } from "../v2/controllers.ts";
import { type OlderRoute, readOlderRoutes } from "../v2/routes.ts";
import { methodOf, type Target } from "../v2/targets.ts";
import { connectionContextOf, errorOf, requestObjectOf } from "./conversions.ts";
import { isObject } from "./request-object.ts";
import { errorOfResponse, isResponseObject } from "./response-object.ts";

/**
 * `controllers: { <name>: "<factory>" }`: a method of the plugin that answers an object, whose functions are the actions; and the `routes` to them.
 * `factoryArguments`: what the very first releases gave to the factory.
 * Error: `plugin.controller.invalid_description` for a factory that is none. Source: contract/plugins/v0.md section 7.
 */
export function readControllers(
  instance: JSONObject,
  scope: PluginScope,
  factoryArguments: readonly unknown[],
): ControllerDefinition[] {
  const { controllers } = instance;
  if (!isPlainObject(controllers)) return [];
  const tables: Record<string, Record<string, Target>> = {};
  for (const [name, factory] of Object.entries(controllers)) {
    tables[name] = actionsOf(makeController(instance, name, factory, scope, factoryArguments));
  }
  return readOlder(instance, tables, scope, knownRoutes(instance, tables, scope), runnerOf(scope));
}

function makeController(
  instance: JSONObject,
  name: string,
  factory: unknown,
  { call }: PluginScope,
  factoryArguments: readonly unknown[],
): object {
  const { plugin } = call;
  const make = typeof factory === "string" ? methodOf(instance, factory) : undefined;
  const controller = make === undefined ? undefined : callPlugin(call, make, ...factoryArguments);
  if (isObject(controller)) return controller;
  const why =
    make === undefined
      ? ` "${String(factory)}" is no method of the plugin.`
      : ` "${String(factory)}" answered no object.`;
  throw kerror("plugin.controller.invalid_description", plugin, name, why);
}

/** Own functions and those of its class. */
function actionsOf(controller: object): Record<string, Target> {
  const actions: Record<string, Target> = {};
  for (let holder: object | null = controller; holder !== null && holder !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      const action = name === "constructor" || Object.hasOwn(actions, name) ? undefined : methodOf(controller, name);
      if (action !== undefined) actions[name] = action;
    }
    holder = Object.getPrototypeOf(holder);
  }
  return actions;
}

/** `:action` in a path is what the request says that its action is, while the route says which one runs: it needs another name here. */
const actionParameter = "formerAction";

/** Nothing checked them: a route that leads nowhere is left out, and said. */
function knownRoutes(
  { routes }: JSONObject,
  tables: Readonly<Record<string, Readonly<Record<string, Target>>>>,
  { call, log }: PluginScope,
): OlderRoute[] {
  if (!Array.isArray(routes)) return [];
  return routes.flatMap((written: unknown) => {
    try {
      const { verb, url, controller, action } = (isObject(written) ? written : {}) as JSONObject;
      if (typeof controller === "string" && typeof action === "string" && tables[controller]?.[action] !== undefined) {
        const path = typeof url === "string" ? url.replace(/:action(?=\/|$)/, `:${actionParameter}`) : (url ?? "");
        return readOlderRoutes(call.plugin, [{ verb, url: path, controller, action }], formerPaths);
      }
      log.warn("plugin.route_ignored", { plugin: call.plugin, controller, action, because: "there is no such action" });
    } catch (err) {
      log.warn("plugin.route_ignored", { plugin: call.plugin, err });
    }
    return [];
  });
}

function runnerOf({ call, deps }: PluginScope): ActionRunner {
  return async (_controller, _action, handler, request) => {
    leavePrefix(request);
    try {
      const context = connectionContextOf(request, deps);
      return resultOf(request, await callPlugin(call, handler, shownToAction(request), context));
    } catch (refused) {
      throw errorOf(refused) ?? kerror("plugin.runtime.unexpected_error", "An action refused without a reason.");
    }
  };
}

/**
 * Over HTTP the parameters of the route and the query are in the body, so that both verbs of an action read one place. Of a name in several places
 * the query counts, then the body.
 */
function shownToAction(request: KuzzleRequest): JSONObject {
  const object = requestObjectOf(request);
  if (!request.isHttp) return object;
  const { _id, id, [actionParameter]: action, body, ...others } = object.data;
  if (typeof action === "string") object.action = action;
  const shownId = _id ?? id;
  if (!isPlainObject(body)) return object;
  const merged: JSONObject = { ...others, ...body };
  for (const name of queryNames(request)) if (name in others) merged[name] = others[name];
  object.data = { ...(shownId === undefined ? {} : { _id: shownId }), body: merged };
  return object;
}

function queryNames({ context }: KuzzleRequest): Iterable<string> {
  const { url } = context.connection.misc;
  const at = typeof url === "string" ? url.indexOf("?") : -1;
  return at < 0 ? [] : new URLSearchParams((url as string).slice(at)).keys();
}

/** A plain value is taken as the answer all the same. */
function resultOf(request: KuzzleRequest, answer: unknown): unknown {
  if (!isResponseObject(answer)) return answer;
  const error = errorOfResponse(answer);
  if (error !== undefined) throw error;
  if (Number.isInteger(answer.status)) request.status = answer.status;
  return answer.data.body;
}
