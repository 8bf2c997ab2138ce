import { type JSONObject, KuzzleRequest, type RequestUser } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";

/** `accessors.users` of the releases around 1.0. Source: contract/plugins/v0.md section 4. */
export interface UsersAccess {
  /** Null when there is none; "anonymous" and -1 are the anonymous user. */
  load(id: unknown): Promise<RequestUser | null>;
  create(name: string, profile?: unknown, info?: JSONObject): Promise<JSONObject>;
}

export function createUsersAccess(scope: PluginScope): UsersAccess {
  return {
    load: (id) => loadUser(scope, id),
    async create(name, profile, info = {}) {
      const profileIds = Array.isArray(profile) ? (profile as unknown[]) : [profile ?? "default"];
      await runAction(scope, {
        controller: "security",
        action: "createUser",
        _id: name,
        body: { content: { ...info, profileIds }, credentials: {} },
      });
      return Object.assign(info, { _id: name, profileIds });
    },
  };
}

export async function loadUser({ deps }: PluginScope, id: unknown): Promise<RequestUser | null> {
  const kuid = id === "anonymous" || id === -1 ? "-1" : String(id);
  return (await deps.findUser(kuid)) ?? null;
}

/** An action in the plugin's own name: no rights, no events. Rejects with its error. */
export async function runAction({ deps }: PluginScope, data: JSONObject): Promise<unknown> {
  const answer = await deps.execute(new KuzzleRequest(data), { checkRights: false });
  if (answer.error !== null) throw answer.error;
  return answer.result;
}
