import { type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { OlderRoute } from "../v2/routes.ts";

/**
 * The first generation has its routes below `/api/<version>`. Both segments are parameters, so that an index named "api" stays within reach: in
 * the routes of this server a literal segment hides all parameters beside it.
 */
const apiPrefix = "/:formerApi/:formerVersion";

/**
 * `/_plugin/<plugin><url>`, with and without the older prefix. A url without a slash at its start was appended as it is: it is served there, and
 * where its author meant it.
 * Source: contract/plugins/v1.md section 5; contract/plugins/v0.md section 7.
 */
export function formerPaths(plugin: string, url: string): string[] {
  const plain = url === "" || url.startsWith("/") ? [url] : [url, `/${url}`];
  return plain.flatMap((path) => [`/_plugin/${plugin}${path}`, `${apiPrefix}/_plugin/${plugin}${path}`]);
}

/** Takes the older prefix out of the arguments. Error: `network.http.url_not_found` when it is another. */
export function leavePrefix(request: KuzzleRequest): void {
  const { args } = request.input;
  if (!request.isHttp || args.formerApi === undefined) return;
  const { formerApi, formerVersion } = args;
  delete args.formerApi;
  delete args.formerVersion;
  if (formerApi === "api" && typeof formerVersion === "string" && /^\d+\.\d+$/.test(formerVersion)) return;
  throw kerror("network.http.url_not_found", `/${String(formerApi)}/${String(formerVersion)}`);
}

/** Parameters at the end of a route that may be left out, by `<controller>:<action>`. */
export type OptionalParameters = ReadonlyMap<string, string>;

/**
 * Adds `/hello/` for each `/hello/:name` that the plugin has no route of its own for: the parameter is empty there.
 * Source: contract/plugins/v1.md section 5.
 */
export function withOptionalParameters(routes: readonly OlderRoute[]): {
  routes: OlderRoute[];
  optional: OptionalParameters;
} {
  const taken = new Set(routes.flatMap((route) => route.routes.map(({ verb, path }) => shapeOf(verb, path))));
  const optional = new Map<string, string>();
  const complete = routes.map((route) => {
    const added = route.routes.flatMap((one) => {
      const [, before, name] = /^(.*)\/:(\w+)$/.exec(one.path) ?? [];
      if (before === undefined || name === undefined || taken.has(shapeOf(one.verb, before))) return [];
      taken.add(shapeOf(one.verb, before));
      optional.set(`${route.controller}:${route.action}`, name);
      return [{ ...one, path: before }];
    });
    return { ...route, routes: [...route.routes, ...added] };
  });
  return { routes: complete, optional };
}

const shapeOf = (verb: string, path: string): string =>
  `${verb} ${path
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => (segment.startsWith(":") ? ":" : segment))
    .join("/")}`;
