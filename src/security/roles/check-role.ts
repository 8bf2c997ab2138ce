import { didYouMean, isPlainObject, type JSONObject, kerror, type Logger } from "../../kernel/index.ts";
import { canonicalController, type RoleContent, roleAllows, roleFrom } from "./role.ts";

/** What the roles may name: the controllers of the server and of its plugins. Complete once all are registered. */
export interface KnownActions {
  /** Undefined for a controller that does not exist. `native` false: brought by a plugin or the application. */
  find(controller: string): { readonly native: boolean; readonly actions: ReadonlySet<string> } | undefined;
  /** All names of the controller that has this one; rights on one are rights on all. */
  synonyms(controller: string): readonly string[];
  /** Every controller's name, for hints. */
  names(): Iterable<string>;
}

export interface RoleCheck {
  readonly known: KnownActions;
  readonly log: Logger;
  /** Unknown controllers and actions of plugins are warned of instead of refused. */
  readonly force: boolean;
  /** Errors name the nearest name that exists. */
  readonly hints: boolean;
}

/**
 * Checks what a client wants to store as a role, and answers it.
 *
 * Errors: `api.assert.missing_argument`, `invalid_type`, `empty_argument`; `security.role.login_required`, `unknown_action`,
 * `unknown_controller`, all 400, in this order. Source: contract/security.md section 2.
 */
export function checkRole(id: string, content: JSONObject, check: RoleCheck): RoleContent {
  const controllers = checkShape(id, content);
  if (id === "anonymous" && !roleAllows(roleFrom(id, content), "auth", "login")) {
    throw kerror("security.role.login_required");
  }
  for (const problem of unknownRights(id, controllers, check)) {
    if (problem.native || !check.force) throw problem.error;
    check.log.warn("security.role_names_unknown_right", { role: id, message: problem.error.message });
  }
  return content as RoleContent;
}

function checkShape(id: string, { controllers }: JSONObject): JSONObject {
  const name = `${id}.controllers`;
  if (controllers === null) throw kerror("api.assert.missing_argument", name);
  const entries = plainAndFull(name, controllers ?? {});
  for (const [controller, entry] of Object.entries(entries)) {
    if (!isPlainObject(entry)) throw kerror("api.assert.invalid_type", controller, "object");
    if (Object.keys(entry).length === 0) throw kerror("api.assert.empty_argument", controller);
    if (!Object.hasOwn(entry, "actions") || entry.actions === undefined || entry.actions === null) {
      throw kerror("api.assert.missing_argument", `${controller}.actions`);
    }
    const actions = plainAndFull(`${controller}.actions`, entry.actions);
    for (const [action, value] of Object.entries(actions)) {
      if (typeof value !== "boolean")
        throw kerror("api.assert.invalid_type", `${controller}.actions.${action}`, "boolean");
    }
  }
  return entries;
}

function plainAndFull(name: string, value: unknown): JSONObject {
  if (!isPlainObject(value)) throw kerror("api.assert.invalid_type", name, "object");
  if (Object.keys(value).length === 0) throw kerror("api.assert.empty_argument", name);
  return value;
}

/** A right that names nothing; `native`: one that `force` does not excuse. */
export interface UnknownRight {
  readonly native: boolean;
  readonly error: Error;
}

/** The server's own controllers first, then those of plugins. */
export function unknownRights(
  id: string,
  controllers: JSONObject,
  { known, hints }: Pick<RoleCheck, "known" | "hints">,
): readonly UnknownRight[] {
  const nearest = (name: string, candidates: Iterable<string>): string => (hints ? didYouMean(name, candidates) : "");
  const native: UnknownRight[] = [];
  const foreign: UnknownRight[] = [];
  for (const [controller, entry] of Object.entries(controllers)) {
    const { actions } = entry as { actions: JSONObject };
    const names = Object.keys(actions);
    if (controller === "*") {
      const other = names.find((name) => name !== "*");
      const hint = hints ? ' Only "*" can be given for all controllers.' : "";
      if (other !== undefined) {
        native.push({ native: true, error: kerror("security.role.unknown_action", id, other, controller, hint) });
      }
      continue;
    }
    const found = known.find(canonicalController(controller)) ?? known.find(controller);
    if (found === undefined) {
      const hint = nearest(controller, known.names());
      foreign.push({ native: false, error: kerror("security.role.unknown_controller", id, controller, hint) });
      continue;
    }
    const unknown = names.find((name) => name !== "*" && !found.actions.has(name));
    if (unknown === undefined) continue;
    const error = kerror("security.role.unknown_action", id, unknown, controller, nearest(unknown, found.actions));
    (found.native ? native : foreign).push({ native: found.native, error });
  }
  return [...native, ...foreign];
}
