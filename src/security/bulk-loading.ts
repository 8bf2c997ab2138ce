import { isPlainObject, type JSONObject, kerror } from "../kernel/index.ts";
import type { Users } from "./users/users.ts";

/** Roles, profiles and users by id; users in the form of `security:createUser`'s body. All sections are optional. */
export interface Securities {
  readonly roles?: unknown;
  readonly profiles?: unknown;
  readonly users?: unknown;
}

export interface LoadOptions {
  /** `fail`, `skip` or `overwrite`. */
  readonly onExistingUsers: string;
  /** Roles may name unknown controllers and actions. */
  readonly force: boolean;
  readonly refresh: boolean;
}

/** Runs one action of the controller `security` on behalf of the caller, with its events and without its rights check. */
export type RunSecurityAction = (action: string, args: JSONObject) => Promise<unknown>;

/** A guess: enough to fill a batch of the store, and few enough for the queue of the password hashes. */
const atOnce = 16;

/** Runs one step's entries side by side, a few at once; the first failure ends it. */
async function together<T>(entries: readonly T[], work: (entry: T) => Promise<unknown>): Promise<void> {
  const iterator = entries.values();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const entry of iterator) {
      if (failed) return;
      try {
        await work(entry);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

type Section = readonly (readonly [string, JSONObject])[];

function section(name: string, value: unknown): Section {
  if (value === undefined || value === null) return [];
  if (!isPlainObject(value)) throw kerror("api.assert.invalid_argument", name, "an object of bodies by id");
  return Object.entries(value).map(([id, body]) => {
    if (!isPlainObject(body)) throw kerror("api.assert.invalid_argument", `${name}.${id}`, "an object");
    return [id, body] as const;
  });
}

/**
 * Loads roles, then profiles, then users; nothing is undone when a later step fails.
 *
 * Errors: `api.assert.invalid_argument` (400) for a section or entry that is no object, `security.user.prevent_overwrite` (400),
 * `api.assert.unexpected_argument` (400) for an unknown `onExistingUsers`, and those of the actions. Source: contract/security.md section 17.
 */
export async function loadSecurities(
  users: Users,
  content: Securities,
  options: LoadOptions,
  run: RunSecurityAction,
): Promise<void> {
  const roles = section("roles", content.roles);
  const profiles = section("profiles", content.profiles);
  const wanted = section("users", content.users);
  const refresh = options.refresh ? "wait_for" : "false";
  const { force } = options;
  await together(roles, ([id, body]) =>
    run("createOrReplaceRole", { _id: id, body, refresh, ...(force && { force }) }),
  );
  await together(profiles, ([id, body]) => run("createOrReplaceProfile", { _id: id, body, refresh }));
  const missing = await withoutExisting(users, wanted, options.onExistingUsers, run);
  await together(missing, ([id, body]) => run("createUser", { _id: id, body, refresh }));
}

async function withoutExisting(
  users: Users,
  wanted: Section,
  onExisting: string,
  run: RunSecurityAction,
): Promise<Section> {
  const existing = new Set((await users.mGet(wanted.map(([id]) => id))).map((user) => user._id));
  if (existing.size === 0) return wanted;
  switch (onExisting) {
    case "fail":
      throw kerror("security.user.prevent_overwrite");
    case "skip":
      return wanted.filter(([id]) => !existing.has(id));
    case "overwrite":
      for (const ids of chunks([...existing], 100)) await run("mDeleteUsers", { body: { ids }, refresh: "wait_for" });
      return wanted;
    default:
      throw kerror("api.assert.unexpected_argument", onExisting, "fail, skip, overwrite");
  }
}

function* chunks(ids: readonly string[], size: number): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
}
