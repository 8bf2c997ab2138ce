import type { ActionRoute } from "../../api/index.ts";
import { kerror } from "../../kernel/index.ts";
import { isAnsweredFirst } from "./own-paths.ts";

export interface RouteMatch {
  readonly route: ActionRoute;
  /** Names and values of the route's parameters, side by side. */
  readonly names: readonly string[];
  readonly values: readonly string[];
}

interface Leaf {
  readonly route: ActionRoute;
  readonly names: readonly string[];
}

class Level {
  readonly literals = new Map<string, Level>();
  parameter: Level | undefined;
  leaf: Leaf | undefined;
}

interface VerbTable {
  readonly root: Level;
  /** Routes without parameters by their path as it is usually written: found without cutting it up. */
  readonly fixed: Map<string, RouteMatch>;
}

const none: readonly string[] = [];

/**
 * Finds the action of a verb and path: a tree of segments, where an exact one wins over a parameter and there is no way back
 * (contract/wire.md section 9.1). Empty segments do not count; case does.
 *
 * Errors: `network.http.duplicate_url` from the constructor, for what is there twice or never reached; `network.http.unexpected_error` (400) for broken percent-encoding.
 */
export class Router {
  /** Routes of the server that may be taken (`isSingle`), and those that have taken them. */
  readonly taken: readonly { readonly taken: ActionRoute; readonly by: ActionRoute }[];
  readonly #verbs = new Map<string, VerbTable>();

  constructor(routes: readonly ActionRoute[]) {
    for (const route of routes) this.#add(route);
    this.taken = routes.flatMap((route) => {
      const by = route.isSingle === true ? this.find(route.verb, route.path)?.route : route;
      return by === undefined || by === route ? [] : [{ taken: route, by }];
    });
  }

  #add(route: ActionRoute): void {
    if (isAnsweredFirst(route.verb, `/${segmentsOf(route.path).join("/")}`))
      throw duplicate(route, "the server itself");
    let table = this.#verbs.get(route.verb);
    if (table === undefined) {
      table = { root: new Level(), fixed: new Map() };
      this.#verbs.set(route.verb, table);
    }
    if (route.isSingle === true) {
      if (!table.fixed.has(route.path)) table.fixed.set(route.path, { route, names: none, values: none });
      return;
    }
    const names: string[] = [];
    let level = table.root;
    for (const segment of segmentsOf(route.path)) {
      if (segment.startsWith(":")) {
        names.push(segment.slice(1));
        level.parameter ??= new Level();
        level = level.parameter;
      } else {
        level = literal(level, segment);
      }
    }
    if (level.leaf !== undefined) throw duplicate(route, nameOf(level.leaf.route));
    level.leaf = { route, names };
    if (names.length === 0) table.fixed.set(route.path, { route, names: none, values: none });
  }

  find(verb: string, path: string): RouteMatch | undefined {
    const table = this.#verbs.get(verb);
    return table === undefined ? undefined : (table.fixed.get(path) ?? walk(table.root, path));
  }
}

const nameOf = ({ controller, action }: ActionRoute): string => `${controller}:${action}`;

const duplicate = (route: ActionRoute, other: string): Error =>
  kerror("network.http.duplicate_url", `${route.verb} ${route.path}, of ${nameOf(route)} and of ${other}`);

function literal(level: Level, segment: string): Level {
  let next = level.literals.get(segment);
  if (next === undefined) {
    next = new Level();
    level.literals.set(segment, next);
  }
  return next;
}

function walk(root: Level, path: string): RouteMatch | undefined {
  let level = root;
  const values: string[] = [];
  for (const raw of segmentsOf(path)) {
    const segment = raw.includes("%") ? decode(raw) : raw;
    const exact = level.literals.get(segment);
    if (exact !== undefined) {
      level = exact;
    } else if (level.parameter !== undefined) {
      values.push(segment);
      level = level.parameter;
    } else {
      return undefined;
    }
  }
  const { leaf } = level;
  return leaf === undefined ? undefined : { route: leaf.route, names: leaf.names, values };
}

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw kerror("network.http.unexpected_error", `"${segment}" in the path is not valid percent-encoding`);
  }
}
