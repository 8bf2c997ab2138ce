import type { ActionRoute } from "../../api/index.ts";
import { kerror } from "../../kernel/index.ts";

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
 * Errors: `network.http.duplicate_url` from the constructor; `network.http.unexpected_error` (400) for broken percent-encoding.
 */
export class Router {
  readonly #verbs = new Map<string, VerbTable>();

  constructor(routes: readonly ActionRoute[]) {
    for (const route of routes) this.#add(route);
  }

  #add(route: ActionRoute): void {
    let table = this.#verbs.get(route.verb);
    if (table === undefined) {
      table = { root: new Level(), fixed: new Map() };
      this.#verbs.set(route.verb, table);
    }
    if (route.isSingle === true) {
      table.fixed.set(route.path, { route, names: none, values: none });
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
    if (level.leaf !== undefined) throw kerror("network.http.duplicate_url", `${route.verb} ${route.path}`);
    level.leaf = { route, names };
    if (names.length === 0) table.fixed.set(route.path, { route, names: none, values: none });
  }

  find(verb: string, path: string): RouteMatch | undefined {
    const table = this.#verbs.get(verb);
    return table === undefined ? undefined : (table.fixed.get(path) ?? walk(table.root, path));
  }
}

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
