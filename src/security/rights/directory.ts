import { kerror } from "../../kernel/index.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Role } from "../roles/role.ts";
import { CompiledRights } from "./compiled-rights.ts";

/** Sets of profiles whose compiled rights are kept. A guess: an installation has few profiles, and users share them. */
const maxCompiled = 10_000;

/**
 * Every role and profile, in memory, so that a check never waits. Whoever changes one in the store changes it here too; the rights
 * compiled from them are forgotten at once.
 */
export class Directory {
  readonly #roles = new Map<string, Role>();
  readonly #profiles = new Map<string, Profile>();
  /** Profiles whose policies say something of documents. */
  readonly #ruled = new Set<string>();
  readonly #compiled = new Map<string, CompiledRights>();
  readonly #roleOf = (id: string): Role | undefined => this.#roles.get(id);
  readonly #synonymsOf: (controller: string) => readonly string[];
  /** Changes with every change of a role or profile. */
  generation = 0;

  /** `synonymsOf`: all names of a controller; asked when rights are compiled. */
  constructor(synonymsOf: (controller: string) => readonly string[]) {
    this.#synonymsOf = synonymsOf;
  }

  /** Called after every change of a role or profile. Set by whoever puts the room together. */
  onChanged: () => void = () => {};

  get roles(): ReadonlyMap<string, Role> {
    return this.#roles;
  }

  get profiles(): ReadonlyMap<string, Profile> {
    return this.#profiles;
  }

  /** False while no policy says anything of documents. */
  get hasRules(): boolean {
    return this.#ruled.size > 0;
  }

  get roleOf(): (id: string) => Role | undefined {
    return this.#roleOf;
  }

  setRole(id: string, role: Role | undefined): void {
    if (role === undefined) this.#roles.delete(id);
    else this.#roles.set(id, role);
    this.#forget();
  }

  setProfile(id: string, profile: Profile | undefined): void {
    this.#putProfile(id, profile);
    this.#forget();
  }

  #putProfile(id: string, profile: Profile | undefined): void {
    if (profile === undefined) this.#profiles.delete(id);
    else this.#profiles.set(id, profile);
    if (profile?.policies.some(({ rule }) => rule !== undefined) === true) this.#ruled.add(id);
    else this.#ruled.delete(id);
  }

  /** These and no others, as one change. */
  replaceAll(roles: readonly Role[], profiles: readonly Profile[]): void {
    this.#roles.clear();
    this.#profiles.clear();
    this.#ruled.clear();
    for (const role of roles) this.#roles.set(role.id, role);
    for (const profile of profiles) this.#putProfile(profile.id, profile);
    this.#forget();
  }

  /** For names of controllers that have come since rights were compiled. */
  forgetRights(): void {
    this.#forget();
  }

  #forget(): void {
    this.generation++;
    this.#compiled.clear();
    this.onChanged();
  }

  /** `security.profile.not_found` (404) for the first that does not exist. */
  profilesOf(profileIds: readonly string[]): readonly Profile[] {
    return profileIds.map((id) => {
      const profile = this.#profiles.get(id);
      if (profile === undefined) throw kerror("security.profile.not_found", id);
      return profile;
    });
  }

  /** Error: `security.profile.not_found` (404). */
  rightsOf(profileIds: readonly string[]): CompiledRights {
    const key = JSON.stringify(profileIds);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const rights = new CompiledRights(this.profilesOf(profileIds), this.#roleOf, this.#synonymsOf);
    if (this.#compiled.size >= maxCompiled) this.#compiled.clear();
    this.#compiled.set(key, rights);
    return rights;
  }
}
