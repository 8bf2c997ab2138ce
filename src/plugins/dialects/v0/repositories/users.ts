import { isPlainObject, type JSONObject, kerror } from "../../../../kernel/index.ts";
import type { PluginScope } from "../../dialect.ts";
import { loadUser, runAction } from "../users.ts";
import { type Access, repositoryOf, type Stored } from "./repository.ts";

/** Users with every stored field, secrets included. `anonymous` and -1 are the anonymous user. */
export function userRepository(scope: PluginScope): JSONObject {
  const run = (action: string, more: JSONObject): Promise<unknown> =>
    runAction(scope, { controller: "security", action, ...more });
  const access: Access = {
    load: (id) => loadUser(scope, id),
    remove: (id) => run("deleteUser", { _id: id }),
    async search({ filter, from, size }) {
      const body = isPlainObject(filter) ? { query: filter.query ?? filter } : {};
      const page = (await run("searchUsers", {
        body: Object.keys(body.query ?? {}).length > 0 ? body : {},
        from,
        size,
      })) as {
        hits: readonly { readonly _id: string }[];
        total: number;
      };
      const hits = await Promise.all(page.hits.map(({ _id }) => loadUser(scope, _id)));
      return { hits, data: hits, total: page.total };
    },
    async persist({ _id, profile, ...content }: Stored, method) {
      if (_id === undefined || _id === null || Number(_id) === -1) throw kerror("plugin.context.invalid_user");
      const complete = { profileIds: profile === undefined ? ["default"] : [profile].flat(), ...content };
      const known = method === undefined || method === "createOrReplace" ? await loadUser(scope, _id) : undefined;
      const isNew = method === "create" || known === null;
      if (isNew) return run("createUser", { _id, body: { content: complete, credentials: {} } });
      return method === "update"
        ? run("updateUser", { _id, body: content })
        : run("replaceUser", { _id, body: complete });
    },
  };
  return { ...repositoryOf(access), anonymous: () => loadUser(scope, -1) };
}
