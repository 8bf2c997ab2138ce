/** What a server and its other plugins have, for comparison with what a plugin brings. */
export interface KnownApi {
  /** Actions by controller. */
  readonly controllers: ReadonlyMap<string, readonly string[]>;
  /** Names of controllers that are the server's own: no plugin may add to them. */
  readonly reserved: ReadonlySet<string>;
  /** Who serves a route, by its pattern: `GET /:/:/_search`. */
  readonly routes: ReadonlyMap<string, string>;
}

/** Routes that differ in the names of their parameters only are one to the server, and empty segments do not count. */
export function routePattern(route: string): string {
  const [verb = "", path = ""] = route.split(" ", 2);
  const segments = path.split("/").filter((segment) => segment !== "");
  return `${verb} /${segments.map((segment) => (segment.startsWith(":") ? ":" : segment)).join("/")}`;
}
