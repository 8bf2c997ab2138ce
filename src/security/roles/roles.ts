import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { Changes } from "../changes.ts";
import type { Directory } from "../rights/directory.ts";
import type { JsonCollection, JsonPage } from "../storage/json-collection.ts";
import type { Search, Searches } from "../storage/search.ts";
import { type Author, stampCreated, stampReplaced } from "../storage/stamp.ts";
import { checkRole, type RoleCheck, unknownRights } from "./check-role.ts";
import { type Role, roleFrom } from "./role.ts";

/** Ids of roles and profiles that cannot be deleted. */
export const protectedIds: ReadonlySet<string> = new Set(["admin", "default", "anonymous"]);

export interface RoleWrite {
  readonly id: string;
  readonly content: JSONObject;
  readonly author: Author;
  /** Unknown controllers and actions of plugins are accepted. */
  readonly force: boolean;
  readonly refresh: boolean;
}

export interface RolesDeps {
  readonly collection: JsonCollection;
  readonly directory: Directory;
  readonly changes: Changes;
  readonly searches: Searches;
  readonly check: Omit<RoleCheck, "force">;
}

/** Roles: stored, checked, and known to the {@link Directory}. A change counts from the next request on. */
export class Roles {
  readonly #deps: RolesDeps;

  constructor(deps: RolesDeps) {
    this.#deps = deps;
  }

  /** `security.role.not_found` (404). */
  get(id: string): Role {
    const role = this.#deps.directory.roles.get(id);
    if (role === undefined) throw kerror("security.role.not_found", id);
    return role;
  }

  /** Errors: those of {@link checkRole}; `services.storage.document_already_exists` (400). */
  async create(write: RoleWrite): Promise<Role> {
    const content = stampCreated(this.#checked(write), write.author);
    await this.#deps.collection.create(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Errors: those of {@link checkRole}. */
  async createOrReplace(write: RoleWrite): Promise<Role> {
    const content = stampCreated(this.#checked(write), write.author);
    await this.#deps.collection.put(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Replaces a role that exists; not a merge. Errors: those of {@link checkRole}, `services.storage.not_found` (404). */
  async replace(write: RoleWrite): Promise<Role> {
    const checked = this.#checked(write);
    const { collection } = this.#deps;
    const before = await collection.find(write.id);
    const content = stampReplaced(checked, before ?? {}, write.author);
    await collection.replace(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Errors: `security.role.not_found` (404), `cannot_delete` (400), `in_use` (412). */
  async delete(id: string, refresh: boolean): Promise<void> {
    if (protectedIds.has(id)) throw kerror("security.role.cannot_delete");
    this.get(id);
    for (const profile of this.#deps.directory.profiles.values()) {
      if (profile.policies.some((policy) => policy.roleId === id)) throw kerror("security.role.in_use", id);
    }
    await this.#deps.collection.delete(id, refresh);
    this.#deps.directory.setRole(id, undefined);
    this.#deps.changes.publish({ kind: "role", id });
  }

  search(search: Search): Promise<JsonPage> {
    return this.#deps.searches.search(this.#deps.collection, search);
  }

  /** Roles with an entry for one of these controllers, or for `*`; all roles when none is given. */
  async searchByControllers(controllers: readonly string[], search: Search): Promise<JsonPage> {
    if (controllers.length === 0) return this.search(search);
    const { searches, collection } = this.#deps;
    const size = search.size;
    const all = await searches.search(collection, { ...search, from: 0, size: undefined });
    const names = new Set([...controllers, "*"]);
    const matches = all.hits.filter(({ body }) => Object.keys(body.controllers ?? {}).some((name) => names.has(name)));
    const end = size === undefined ? matches.length : search.from + size;
    return { total: matches.length, hits: matches.slice(search.from, end) };
  }

  /** Once every controller is registered: warns of stored roles that name what does not exist. */
  warnOfUnknownRights(): void {
    const { directory, check } = this.#deps;
    directory.forgetRights(); // what was compiled earlier did not know all names of all controllers
    for (const { id, entries } of directory.roles.values()) {
      const controllers: JSONObject = {};
      for (const [name, actions] of entries) controllers[name] = { actions: Object.fromEntries(actions) };
      for (const { error } of unknownRights(id, controllers, check)) {
        check.log.warn("security.role_names_unknown_right", { role: id, message: error.message });
      }
    }
  }

  #checked({ id, content, force }: RoleWrite): JSONObject {
    return checkRole(id, content, { ...this.#deps.check, force });
  }

  #written(id: string, content: JSONObject): Role {
    const role = roleFrom(id, content);
    this.#deps.directory.setRole(id, role);
    this.#deps.changes.publish({ kind: "role", id });
    return role;
  }
}
