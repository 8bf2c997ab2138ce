import type { MaybePromise } from "../../events/index.ts";
import { type JSONObject, KuzzleError, kerror } from "../../kernel/index.ts";
import type { Changes } from "../changes.ts";
import type { ProfileHolders } from "../profiles/profiles.ts";
import { RecentCache } from "../recent-cache.ts";
import type { Directory } from "../rights/directory.ts";
import type { JsonCollection, JsonPage } from "../storage/json-collection.ts";
import type { Search, Searches } from "../storage/search.ts";
import { type Author, ownFields, stampCreated, stampReplaced, stampUpdated } from "../storage/stamp.ts";
import { anonymousKuid, makeAnonymous, User } from "./user.ts";

/** Users kept in memory: a guess that a node serves at most this many at a time. */
const maxCached = 10_000;

export interface UserWrite {
  readonly id: string;
  /** The user's fields, `profileIds` among them. */
  readonly content: JSONObject;
  readonly author: Author;
  readonly refresh: boolean;
  readonly retryOnConflict?: number;
  /** Where the fields stand in the request, for errors: `body.` or `body.content.` */
  readonly place?: string;
}

export interface UsersDeps {
  readonly collection: JsonCollection;
  readonly directory: Directory;
  readonly changes: Changes;
  readonly searches: Searches;
  /** A user may be another one than before; undefined: any. */
  readonly onChanged: (kuid: string | undefined) => void;
}

/** Users: stored, and cached until they change. Credentials are not here: they belong to strategies. */
export class Users implements ProfileHolders {
  readonly #deps: UsersDeps;
  readonly #cache = new RecentCache<string, User>(maxCached);
  readonly anonymous: User;
  /** Changes whenever a user does: what was read before is not cached after. */
  #writes = 0;
  #administratorSeen = false;

  constructor(deps: UsersDeps) {
    this.#deps = deps;
    this.anonymous = makeAnonymous(deps.directory);
  }

  /** `-1` and `anonymous` designate the anonymous user. At once when cached. */
  find(kuid: string): MaybePromise<User | undefined> {
    if (kuid === anonymousKuid || kuid === "anonymous") return this.anonymous;
    return this.#cache.get(kuid) ?? this.#load(kuid);
  }

  async #load(kuid: string): Promise<User | undefined> {
    const before = this.#writes;
    const content = await this.#deps.collection.find(kuid);
    if (content === undefined) return undefined;
    const user = new User(kuid, content, this.#deps.directory);
    if (before === this.#writes) this.#cache.set(kuid, user);
    return user;
  }

  /** `security.user.not_found` (404). */
  async get(kuid: string): Promise<User> {
    const user = await this.find(kuid);
    if (user === undefined) throw kerror("security.user.not_found", kuid);
    return user;
  }

  /** Those that exist, in the order asked; the anonymous user is not among them. */
  async mGet(kuids: readonly string[]): Promise<readonly User[]> {
    const found = await this.#deps.collection.mFind(kuids);
    return found
      .filter((document) => document !== undefined)
      .map(({ id, body }) => new User(id, body, this.#deps.directory));
  }

  /** Errors: `security.user.already_exists` (412), those of {@link #checked}. */
  async create({ id, content, author, refresh, place }: UserWrite): Promise<User> {
    const fields = this.#checked(id, content, place);
    const stored = stampCreated(fields, author);
    try {
      await this.#deps.collection.create(id, stored, refresh);
    } catch (error) {
      if (error instanceof KuzzleError && error.id === "services.storage.document_already_exists") {
        throw kerror("security.user.already_exists", id);
      }
      throw error;
    }
    return this.#written(id, stored);
  }

  /** Merges, nested objects too. Errors: `security.user.not_found` (404), those of {@link #checked}. */
  async update({ id, content, author, refresh, place, retryOnConflict = 10 }: UserWrite): Promise<User> {
    this.#refuseAnonymous(id);
    const { profileIds, ...others } = ownFields(content);
    const fields = profileIds === undefined || profileIds === null ? others : { ...others, profileIds };
    if (Object.hasOwn(fields, "profileIds")) this.#checkProfileIds(id, profileIds, place);
    try {
      const partial = stampUpdated(fields, author);
      return this.#written(id, await this.#deps.collection.update(id, partial, refresh, retryOnConflict));
    } catch (error) {
      throw notFound(error, id);
    }
  }

  /** Errors: `security.user.not_found` (404), those of {@link #checked}. */
  async replace({ id, content, author, refresh, place }: UserWrite): Promise<User> {
    this.#refuseAnonymous(id);
    const before = await this.#deps.collection.find(id);
    if (before === undefined) throw kerror("security.user.not_found", id);
    const stored = stampReplaced(this.#checked(id, content, place), before, author);
    try {
      await this.#deps.collection.replace(id, stored, refresh);
    } catch (error) {
      throw notFound(error, id);
    }
    return this.#written(id, stored);
  }

  /** Only the user itself: credentials, keys and tokens go first, see `deleteUser`. */
  async remove(id: string, refresh: boolean): Promise<void> {
    await this.#deps.collection.delete(id, refresh);
    this.forget(id);
    this.#deps.changes.publish({ kind: "user", id });
  }

  search(search: Search): Promise<JsonPage> {
    return this.#deps.searches.search(this.#deps.collection, search);
  }

  scroll(scrollId: string, scroll: string | undefined, signal?: AbortSignal): Promise<JsonPage> {
    return this.#deps.collection.scroll(scrollId, this.#deps.searches.scrollTtlMs(scroll), signal);
  }

  async isAssigned(profileId: string): Promise<boolean> {
    return (await this.#deps.collection.count({ term: { profileIds: profileId } })) > 0;
  }

  async unassign(profileId: string, author: Author): Promise<void> {
    for await (const { id, body } of this.#deps.collection.walk({ term: { profileIds: profileId } })) {
      const left = (Array.isArray(body.profileIds) ? body.profileIds : []).filter((other) => other !== profileId);
      const profileIds = left.length === 0 ? ["anonymous"] : left;
      const stored = await this.#deps.collection.update(id, stampUpdated({ profileIds }, author), true, 10);
      this.#written(id, stored);
    }
  }

  /** Whether some user has the profile `admin`. */
  async adminExists(): Promise<boolean> {
    this.#administratorSeen = await this.isAssigned("admin");
    return this.#administratorSeen;
  }

  /** What {@link adminExists} found last, and what was written since; false may be out of date on other nodes. */
  get administratorSeen(): boolean {
    return this.#administratorSeen;
  }

  /** After a change in the store: what is cached of the user, or of all, is not used any more. */
  forget(kuid?: string): void {
    this.#writes++;
    if (kuid === undefined) this.#cache.clear();
    else this.#cache.delete(kuid);
    // Whoever is gone may have been the last administrator.
    this.#administratorSeen = false;
    this.#deps.onChanged(kuid);
  }

  #written(id: string, stored: JSONObject): User {
    const user = new User(id, stored, this.#deps.directory);
    this.#writes++;
    this.#cache.set(id, user);
    if (user.profileIds.includes("admin")) this.#administratorSeen = true;
    this.#deps.changes.publish({ kind: "user", id });
    this.#deps.onChanged(id);
    return user;
  }

  /** Errors: `api.assert.missing_argument`, `invalid_type` (400), `security.user.no_profile` (500), `security.profile.not_found` (404). */
  #checked(id: string, content: JSONObject, place: string | undefined): JSONObject {
    this.#refuseAnonymous(id);
    const fields = ownFields(content);
    this.#checkProfileIds(id, fields.profileIds, place);
    return fields;
  }

  #refuseAnonymous(id: string): void {
    if (id === anonymousKuid || id === "anonymous")
      throw kerror("api.assert.invalid_argument", "_id", "the id of a stored user");
  }

  #checkProfileIds(id: string, profileIds: unknown, place = "body."): void {
    if (profileIds === undefined || profileIds === null)
      throw kerror("api.assert.missing_argument", `${place}profileIds`);
    if (!Array.isArray(profileIds) || !profileIds.every((profileId) => typeof profileId === "string")) {
      throw kerror("api.assert.invalid_type", `${place}profileIds`, "array of strings");
    }
    if (profileIds.length === 0) throw kerror("security.user.no_profile", id);
    this.#deps.directory.profilesOf(profileIds);
  }
}

function notFound(error: unknown, id: string): unknown {
  const missing = error instanceof KuzzleError && error.id === "services.storage.not_found";
  return missing ? kerror("security.user.not_found", id) : error;
}
