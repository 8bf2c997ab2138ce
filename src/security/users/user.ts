import { type DocumentRule, type RuleTemplate, readPath } from "../../filters/index.ts";
import type { JSONObject, KuzzleRequest, RequestUser } from "../../kernel/index.ts";
import type { CompiledRights } from "../rights/compiled-rights.ts";
import type { Directory } from "../rights/directory.ts";
import { listRights, type Right } from "../rights/list-rights.ts";

/** The kuid of whoever did not log in. */
export const anonymousKuid = "-1";

const reserved = new Set(["_id", "profileIds", "__proto__", "constructor"]);

/**
 * A user as requests carry it: `{ _id, profileIds, ...custom fields }`. Shared by all requests of that user until the user changes, so
 * `_id` and `profileIds` cannot be written.
 */
export class User implements RequestUser {
  declare readonly _id: string;
  declare readonly profileIds: readonly string[];
  [field: string]: unknown;
  readonly #content: JSONObject;
  #rights: CompiledRights | undefined;
  #generation = -1;
  /** What rules are for this user. */
  #rules: WeakMap<RuleTemplate, DocumentRule> | undefined;

  readonly #directory: Directory;

  constructor(id: string, content: JSONObject, directory: Directory) {
    this.#content = content;
    this.#directory = directory;
    const { profileIds } = content;
    const ids = Array.isArray(profileIds)
      ? profileIds.filter((value): value is string => typeof value === "string")
      : [];
    Object.defineProperty(this, "_id", { value: id, enumerable: true });
    Object.defineProperty(this, "profileIds", { value: Object.freeze(ids), enumerable: true });
    for (const [field, value] of Object.entries(content)) if (!reserved.has(field)) this[field] = value;
  }

  /** What is stored, `_kuzzle_info` included. Static, because a custom field may have any name. */
  static contentOf(user: User): JSONObject {
    return user.#content;
  }

  /** Error: `security.profile.not_found` (404). */
  static rightsOf(user: User, directory: Directory): CompiledRights {
    if (user.#rights === undefined || user.#generation !== directory.generation) {
      user.#rights = directory.rightsOf(user.profileIds);
      user.#generation = directory.generation;
    }
    return user.#rights;
  }

  /**
   * What the user may see and change of the documents there; undefined: all that the right gives. Allocates nothing for users without rules.
   * Error: `security.profile.not_found` (404).
   */
  static ruleOf(
    user: User,
    directory: Directory,
    controller: string,
    action: string,
    index: unknown,
    collection: unknown,
  ): DocumentRule | undefined {
    const rights = User.rightsOf(user, directory);
    if (!rights.hasRules) return undefined;
    const template = rights.ruleFor(controller, action, index, collection);
    return template && user.#bound(template);
  }

  #bound(template: RuleTemplate): DocumentRule {
    this.#rules ??= new WeakMap();
    const known = this.#rules.get(template);
    if (known !== undefined) return known;
    const bound = template.bind((path) => (path === "_id" ? this._id : readPath(this.#content, path)));
    this.#rules.set(template, bound);
    return bound;
  }

  // For plugins of Kuzzle 1, which ask users themselves (contract/plugins/v1.md section 9). The server does not call them: a custom field of the
  // same name takes their place.

  /** Error: `security.profile.not_found` (404). */
  async getProfiles(): Promise<readonly JSONObject[]> {
    return this.#directory.profilesOf(this.profileIds).map(({ id, content }) => ({ ...content, _id: id }));
  }

  async getRights(): Promise<readonly Right[]> {
    return listRights(this.#directory.profilesOf(this.profileIds), this.#directory.roleOf);
  }

  async isActionAllowed({ input }: KuzzleRequest): Promise<boolean> {
    const { index, collection, targets } = input.args;
    const rights = User.rightsOf(this, this.#directory);
    return rights.allow(input.controller ?? "", input.action ?? "", index, collection, targets);
  }
}

export const makeAnonymous = (directory: Directory): User =>
  new User(anonymousKuid, { profileIds: ["anonymous"], name: "Anonymous" }, directory);
