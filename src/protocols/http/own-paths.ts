/** Answered without rights, queue and events. */
export const probes = new Map([
  ["/_healthcheck", "health"],
  ["/_healthcheck/", "health"],
  ["/_ready", "ready"],
  ["/_ready/", "ready"],
] as const) as ReadonlyMap<string, "health" | "ready">;

/** A request in a body, whichever action it names. */
export const isQueryPath = (path: string): boolean => path === "/_query" || path === "/_query/";

export const isRoot = (path: string): boolean => path === "/" || path === "";

/**
 * True for what the protocol answers before it looks for a route (contract/wire.md sections 9.1 and 9.4): an action with such a route could
 * never be reached by it. `OPTIONS`, which is answered on every path, is not meant: plugins may declare it, and it changes nothing.
 */
export function isAnsweredFirst(verb: string, path: string): boolean {
  if (verb === "POST") return isQueryPath(path);
  if (verb === "HEAD" && isRoot(path)) return true;
  return (verb === "GET" || verb === "HEAD") && probes.has(path);
}
