import { isPlainObject } from "./json.ts";
import type { Recorder } from "./recorder.ts";
import type { KuzzleRequest } from "./request/request.ts";

/** A route as it is declared: `{ verb: "GET", path: "/:index/_list", controller: "collection", action: "list" }`. */
export interface RecordedRoute {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
}

interface Pattern {
  readonly name: string;
  readonly verb: string;
  readonly segments: readonly string[];
}

/**
 * Records answered requests: the action, and the route it was asked by over HTTP, when it succeeded; the errors when it failed.
 * `routes` is asked for once, at the first answer: by then all plugins have theirs.
 */
export function answerRecorder(
  recorder: Recorder,
  routes: () => readonly RecordedRoute[],
): (request: KuzzleRequest) => void {
  let patterns: ReadonlyMap<string, readonly Pattern[]> | undefined;
  return (request) => {
    const { controller, action } = request.input;
    if (request.error !== null) recordErrors(recorder, request.error);
    else if (controller !== null && action !== null) {
      patterns ??= patternsOf(routes());
      recorder.action(controller, action, routeOf(request, patterns.get(`${controller}:${action}`)));
    }
  };
}

/** The error's id, and those of the errors that it sums up. */
function recordErrors(recorder: Recorder, error: object): void {
  if ("id" in error && typeof error.id === "string") recorder.error(error.id);
  if (!("errors" in error) || !Array.isArray(error.errors)) return;
  for (const inner of error.errors) if (isPlainObject(inner) || inner instanceof Error) recordErrors(recorder, inner);
}

function patternsOf(routes: readonly RecordedRoute[]): Map<string, Pattern[]> {
  const patterns = new Map<string, Pattern[]>();
  for (const { verb, path, controller, action } of routes) {
    const key = `${controller}:${action}`;
    const pattern = { name: `${verb} ${path}`, verb, segments: segmentsOf(path) };
    patterns.set(key, [...(patterns.get(key) ?? []), pattern]);
  }
  return patterns;
}

function routeOf({ context }: KuzzleRequest, patterns: readonly Pattern[] = []): string | undefined {
  const { verb, path } = context.connection.misc;
  if (typeof verb !== "string" || typeof path !== "string") return undefined;
  const segments = segmentsOf(path);
  const matches = patterns.filter((pattern) => pattern.verb === verb && isMatch(pattern.segments, segments));
  // Of two routes of one action, the one with more of its segments spelt out.
  const spelt = (pattern: Pattern): number => pattern.segments.filter((segment) => !segment.startsWith(":")).length;
  return matches.sort((a, b) => spelt(b) - spelt(a))[0]?.name;
}

const segmentsOf = (path: string): string[] => (path.split("?")[0] ?? "").split("/").filter((part) => part !== "");

function isMatch(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((segment, i) => segment.startsWith(":") || segment === segments[i])
  );
}
