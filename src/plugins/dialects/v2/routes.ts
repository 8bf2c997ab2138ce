import type { HttpVerb, Route } from "../../../events/index.ts";
import { didYouMean, isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import { Inflector } from "../../kuzzle/inflector.ts";
import { wrongWithOperation } from "./open-api.ts";

const verbs: readonly HttpVerb[] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

function verbOf(plugin: string, written: unknown): HttpVerb {
  if (typeof written !== "string" || written === "") {
    throw kerror("plugin.controller.invalid_route_property", plugin, "verb", "it must be a non-empty string.");
  }
  const verb = verbs.find((known) => known === written.toUpperCase());
  if (verb === undefined) {
    throw kerror("plugin.controller.unsupported_verb", plugin, written, didYouMean(written, verbs));
  }
  return verb;
}

function checkMembers(plugin: string, route: JSONObject, known: readonly string[]): void {
  for (const member of Object.keys(route)) {
    if (!known.includes(member)) {
      throw kerror("plugin.controller.unexpected_route_property", plugin, member, didYouMean(member, known));
    }
  }
}

function textOf(plugin: string, route: JSONObject, member: string, { mayBeEmpty = false } = {}): string {
  const value = route[member];
  if (typeof value !== "string" || (value === "" && !mayBeEmpty)) {
    throw kerror("plugin.controller.invalid_route_property", plugin, member, "it must be a non-empty string.");
  }
  return value;
}

/** Error: `plugin.controller.invalid_openapi_schema`. */
function openApiOf(
  plugin: string,
  controller: string,
  action: string,
  { openapi }: JSONObject,
): Pick<Route, "openapi"> {
  if (openapi === undefined) return {};
  const wrong = wrongWithOperation(openapi);
  if (wrong !== undefined) {
    throw kerror("plugin.controller.invalid_openapi_schema", plugin, controller, action, wrong);
  }
  return { openapi };
}

/** `http: [{ verb, path, openapi? }]` of an action; without it the default route of its names. An empty list means no route. */
export function readHttp(plugin: string, controller: string, action: string, http: unknown): Route[] {
  if (http === undefined) {
    return [{ verb: "GET", path: `/_/${Inflector.kebabCase(controller)}/${Inflector.kebabCase(action)}` }];
  }
  if (!Array.isArray(http)) {
    throw kerror(
      "plugin.assert.invalid_controller_definition",
      controller,
      `"http" of "${action}" must be an array of routes.`,
    );
  }
  return http.map((route: unknown) => {
    if (!isPlainObject(route))
      throw kerror("plugin.controller.invalid_route_property", plugin, "http", "a route must be an object.");
    checkMembers(plugin, route, ["verb", "path", "url", "openapi"]);
    const path = textOf(plugin, route, route.path === undefined && "url" in route ? "url" : "path");
    const openapi = openApiOf(plugin, controller, action, route);
    return { verb: verbOf(plugin, route.verb), path: path.startsWith("/") ? path : `/_/${path}`, ...openapi };
  });
}

/** One entry of the older `routes` list, under both of its paths. */
export interface OlderRoute {
  readonly controller: string;
  readonly action: string;
  readonly routes: readonly Route[];
}

/** Where a route of a plugin is served. */
export type RoutePaths = (plugin: string, path: string) => string[];

/**
 * `routes: [{ verb, url | path, controller, action }]`. Each is served under `/_plugin/<plugin>` and under `/_`, unless `paths` says otherwise.
 * Errors: `plugin.controller.unexpected_route_property`, `invalid_route_property`, `unsupported_verb`.
 */
export function readOlderRoutes(plugin: string, written: unknown, paths: RoutePaths = pathsOf): OlderRoute[] {
  if (written === undefined || written === null) return [];
  if (!Array.isArray(written)) {
    throw kerror("plugin.controller.invalid_route_property", plugin, "routes", "it must be an array.");
  }
  return written.map((route: unknown) => {
    if (!isPlainObject(route))
      throw kerror("plugin.controller.invalid_route_property", plugin, "routes", "a route must be an object.");
    checkMembers(plugin, route, ["verb", "url", "path", "controller", "action", "openapi"]);
    const verb = verbOf(plugin, route.verb);
    const path = textOf(plugin, route, "url" in route ? "url" : "path", { mayBeEmpty: true });
    const controller = textOf(plugin, route, "controller");
    const action = textOf(plugin, route, "action");
    const openapi = openApiOf(plugin, controller, action, route);
    return { controller, action, routes: paths(plugin, path).map((full) => ({ verb, path: full, ...openapi })) };
  });
}

function pathsOf(plugin: string, path: string): string[] {
  if (path === "") return [`/_plugin/${plugin}`, `/_/${plugin}`];
  if (path.startsWith("/")) return [`/_plugin/${plugin}${path}`, `/_${path}`];
  return [`/_plugin/${plugin}/${path}`, `/_/${plugin}/${path}`];
}
