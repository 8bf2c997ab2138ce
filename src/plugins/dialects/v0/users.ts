import { type JSONObject, KuzzleRequest, type RequestUser } from "../../../kernel/index.ts";
import type { PluginScope } from "../dialect.ts";

/** A user as plugins know it: `{ _id: "ada", profileIds, profile, …every stored field }`. The anonymous one has -1. */
export interface FormerUser extends JSONObject {
  readonly _id: string | number | null;
  readonly profileIds: readonly string[];
  readonly profile: string | null;
}

/** `accessors.users` of the releases around 1.0. Source: contract/plugins/v0.md section 4. */
export interface UsersAccess {
  /** Null when there is none; "anonymous" and -1 are the anonymous user. */
  load(id: unknown): Promise<FormerUser | RequestUser | null>;
  create(name: string, profile?: unknown, info?: JSONObject): Promise<JSONObject>;
}

/** `load`: how the generation shows a user. */
export function createUsersAccess(
  scope: PluginScope,
  load: (scope: PluginScope, id: unknown) => Promise<FormerUser | RequestUser | null> = loadUser,
): UsersAccess {
  return {
    load: (id) => load(scope, id),
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

/** A copy whose own members plugins may write. */
export function shownUser(user: RequestUser): FormerUser {
  const { profileIds } = user;
  const _id = user._id === "-1" ? -1 : user._id;
  return { ...user, _id, profileIds: [...profileIds], profile: profileIds[0] ?? null };
}

export async function loadUser(scope: PluginScope, id: unknown): Promise<FormerUser | null> {
  const user = await findUser(scope, id);
  return user === null ? null : structuredClone(shownUser(user));
}

/** As requests carry it, with its methods. */
export async function findUser({ deps }: PluginScope, id: unknown): Promise<RequestUser | null> {
  if (id === undefined || id === null) return null;
  const kuid = id === "anonymous" || id === -1 ? "-1" : String(id);
  return (await deps.findUser(kuid)) ?? null;
}

/** An action in the plugin's own name: no rights, no events. Rejects with its error. */
export async function runAction({ deps }: PluginScope, data: JSONObject): Promise<unknown> {
  const answer = await deps.execute(new KuzzleRequest(data), { checkRights: false });
  if (answer.error !== null) throw answer.error;
  return answer.result;
}
