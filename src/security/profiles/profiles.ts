import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { Changes } from "../changes.ts";
import type { Directory } from "../rights/directory.ts";
import { protectedIds } from "../roles/roles.ts";
import type { JsonCollection, JsonPage } from "../storage/json-collection.ts";
import type { Search, Searches } from "../storage/search.ts";
import { type Author, ownFields, stampCreated, stampReplaced } from "../storage/stamp.ts";
import { checkProfile, type PublicCollections } from "./check-profile.ts";
import { type Profile, profileFrom } from "./profile.ts";

export interface ProfileWrite {
  readonly id: string;
  readonly content: JSONObject;
  readonly author: Author;
  /** Indexes and collections of restrictions must exist. */
  readonly strict: boolean;
  readonly refresh: boolean;
}

/** Who has a profile: asked before one is deleted. */
export interface ProfileHolders {
  isAssigned(profileId: string): Promise<boolean>;
  /** Takes the profile away from all its users; who has none left gets `anonymous`. */
  unassign(profileId: string, author: Author): Promise<void>;
}

export interface ProfilesDeps {
  readonly collection: JsonCollection;
  readonly directory: Directory;
  readonly changes: Changes;
  readonly searches: Searches;
  readonly publicCollections: PublicCollections;
  readonly holders: ProfileHolders;
}

/** Profiles: stored, checked, and known to the {@link Directory}. A change counts from the next request on. */
export class Profiles {
  readonly #deps: ProfilesDeps;

  constructor(deps: ProfilesDeps) {
    this.#deps = deps;
  }

  /** `security.profile.not_found` (404). */
  get(id: string): Profile {
    const profile = this.#deps.directory.profiles.get(id);
    if (profile === undefined) throw kerror("security.profile.not_found", id);
    return profile;
  }

  /** Errors: those of {@link checkProfile}; `services.storage.document_already_exists` (400). */
  async create(write: ProfileWrite): Promise<Profile> {
    const content = stampCreated(this.#checked(write), write.author);
    await this.#deps.collection.create(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Errors: those of {@link checkProfile}. */
  async createOrReplace(write: ProfileWrite): Promise<Profile> {
    const content = stampCreated(this.#checked(write), write.author);
    await this.#deps.collection.put(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Root members given replace the stored ones. Errors: `security.profile.not_found` (404), those of {@link checkProfile}. */
  async update(write: ProfileWrite): Promise<Profile> {
    const before = this.get(write.id).content;
    const merged = { ...ownFields(before), ...ownFields(write.content) };
    const content = stampReplaced(this.#checked({ ...write, content: merged }), before, write.author);
    await this.#deps.collection.put(write.id, content, write.refresh);
    return this.#written(write.id, content);
  }

  /** Errors: `security.profile.not_found` (404), `cannot_delete` (400), `in_use` (412) unless `unassign`. */
  async delete(id: string, options: { unassign: boolean; refresh: boolean; author: Author }): Promise<void> {
    const { collection, directory, changes, holders } = this.#deps;
    if (protectedIds.has(id)) throw kerror("security.profile.cannot_delete");
    this.get(id);
    if (options.unassign) await holders.unassign(id, options.author);
    else if (await holders.isAssigned(id)) throw kerror("security.profile.in_use", id);
    await collection.delete(id, options.refresh);
    directory.setProfile(id, undefined);
    changes.publish({ kind: "profile", id });
  }

  search(search: Search): Promise<JsonPage> {
    return this.#deps.searches.search(this.#deps.collection, search);
  }

  scroll(scrollId: string, scroll: string | undefined, signal?: AbortSignal): Promise<JsonPage> {
    return this.#deps.collection.scroll(scrollId, this.#deps.searches.scrollTtlMs(scroll), signal);
  }

  #checked({ id, content, strict }: ProfileWrite): JSONObject {
    const { directory, publicCollections: collections } = this.#deps;
    return checkProfile(id, content, { hasRole: (role) => directory.roles.has(role), collections, strict });
  }

  #written(id: string, content: JSONObject): Profile {
    const profile = profileFrom(id, content);
    this.#deps.directory.setProfile(id, profile);
    this.#deps.changes.publish({ kind: "profile", id });
    return profile;
  }
}
