import { isPlainObject, type JSONObject, KuzzleError } from "../../../../kernel/index.ts";
import type { PluginScope } from "../../dialect.ts";
import { runAction } from "../users.ts";
import { type Access, repositoryOf, type Stored } from "./repository.ts";

/** Profiles: `{ _id, policies, roles }`; `roles` are their ids. */
export function profileRepository(scope: PluginScope): JSONObject {
  const members = repositoryOf(accessTo(scope, "Profile", withRoles));
  return {
    ...members,
    loadProfile: members.load,
    loadProfiles: members.loadMultiFromDatabase,
    searchProfiles: members.search,
    buildProfileFromRequestObject: async (object: unknown) => fromRequestObject(object),
    validateAndSaveProfile: members.persist,
    deleteProfile: members.delete,
  };
}

/** Roles: `{ _id, controllers }`. */
export function roleRepository(scope: PluginScope): JSONObject {
  const members = repositoryOf(accessTo(scope, "Role", (role) => role));
  return {
    ...members,
    loadRole: members.load,
    loadRoles: members.loadMultiFromDatabase,
    searchRole: members.search,
    getRoleFromRequestObject: fromRequestObject,
    validateAndSaveRole: members.persist,
    deleteRole: members.delete,
  };
}

function accessTo(scope: PluginScope, kind: "Profile" | "Role", complete: (stored: JSONObject) => JSONObject): Access {
  const run = (action: string, more: JSONObject): Promise<unknown> =>
    runAction(scope, { controller: "security", action, ...more });
  const flat = (found: unknown): JSONObject => {
    const { _id, _source } = found as { _id: string; _source: JSONObject };
    return complete({ ..._source, _id });
  };
  return {
    async load(id) {
      try {
        return flat(await run(`get${kind}`, { _id: id }));
      } catch (error) {
        if (error instanceof KuzzleError && error.status === 404) return null;
        throw error;
      }
    },
    remove: (id) => run(`delete${kind}`, { _id: id }),
    async search({ filter, from, size }) {
      const page = (await run(`search${kind}s`, { body: filter ?? {}, from, size })) as {
        hits: readonly unknown[];
        total: number;
      };
      const hits = page.hits.map(flat);
      return { hits, data: hits, total: page.total };
    },
    persist({ _id, ...content }: Stored, method) {
      const { roles, ...body } = content;
      if (kind === "Profile" && body.policies === undefined && Array.isArray(roles)) {
        body.policies = roles.map((role: unknown) => ({ roleId: isPlainObject(role) ? role._id : role }));
      }
      const verb = method === "create" || method === "update" ? method : "createOrReplace";
      return run(`${verb}${kind}`, { _id, body: kind === "Profile" ? body : content });
    },
  };
}

const withRoles = (profile: JSONObject): JSONObject => {
  const { policies } = profile;
  const roles = Array.isArray(policies) ? policies.map((policy: unknown) => (policy as JSONObject).roleId) : [];
  return { ...profile, roles };
};

/** The id and the body of a request object, as one object. */
function fromRequestObject(object: unknown): JSONObject {
  const { data } = object as { data: JSONObject };
  return { ...(isPlainObject(data.body) ? data.body : {}), _id: data._id };
}
