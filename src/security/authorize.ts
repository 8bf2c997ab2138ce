import type { MaybePromise } from "../events/index.ts";
import { isPlainObject, type KuzzleRequest, kerror } from "../kernel/index.ts";
import { asksForCookie } from "./identify.ts";
import type { SecurityOptions } from "./options.ts";
import type { CompiledRights } from "./rights/compiled-rights.ts";
import type { Directory } from "./rights/directory.ts";
import { isUnholdable } from "./rights/unholdable.ts";
import { anonymousKuid, User } from "./users/user.ts";
import type { Users } from "./users/users.ts";

export interface AuthorizerDeps {
  readonly users: Users;
  readonly directory: Directory;
  readonly options: SecurityOptions;
}

/** Refuses what a user may not do. Source: contract/security.md section 4. */
export class Authorizer {
  readonly #deps: AuthorizerDeps;

  constructor(deps: AuthorizerDeps) {
    this.#deps = deps;
  }

  /** `isOpen` false: nobody administers the server yet, and the request comes from another machine. */
  check(request: KuzzleRequest, isOpen: boolean): MaybePromise<void> {
    const { controller, action } = request.input;
    if (!isOpen) {
      const hint = `${action} (there is no administrator yet, so only this machine is served: create one with security:createFirstAdmin)`;
      throw kerror("security.rights.unauthorized", controller, hint, anonymousKuid);
    }
    const { user } = request.context;
    if (user instanceof User) return this.#checkUser(request, user);
    // Calls from inside on behalf of somebody carry a kuid.
    if (user !== null && user._id !== null) return this.#load(request, user._id);
    return this.#checkUser(request, this.#deps.users.anonymous);
  }

  async #load(request: KuzzleRequest, kuid: string): Promise<void> {
    this.#checkUser(request, await this.#deps.users.get(kuid));
  }

  #checkUser(request: KuzzleRequest, user: User): void {
    const { options, users, directory } = this.#deps;
    const { controller, action, args } = request.input;
    const rights = User.rightsOf(user, directory);
    const isAllowed =
      controller !== null &&
      action !== null &&
      (rights.allow(controller, action, args.index, args.collection, args.targets) || this.#isCookieLogout(request));
    if (!isAllowed) {
      const id = user === users.anonymous ? "security.rights.unauthorized" : "security.rights.forbidden";
      throw kerror(id, controller, action, user._id);
    }
    if (rights.hasRules) this.#holdToRules(request, user, rights);
    if (controller === "security" && action === "createRestrictedUser" && directory.hasRules) {
      const given = isPlainObject(request.input.body) ? request.input.body.content : undefined;
      this.#keepUserFields(request, user, directory.rightsOf(options.restrictedProfileIds), given);
    }
    if (!options.failsafeMode || user.profileIds.includes("admin")) return;
    if (controller !== "auth" || action !== "login") throw kerror("security.rights.failsafe_mode_admin_only");
  }

  /** Refuses what reaches past the rules about documents, or would change the values that they depend on. */
  #holdToRules(request: KuzzleRequest, user: User, rights: CompiledRights): void {
    const { controller, action, args, body } = request.input;
    if (controller === null || action === null) return;
    if (isUnholdable(controller, action) && rights.ruleFor(controller, action, args.index, args.collection)) {
      const hint = "the policies that allow it say which documents or fields it may reach, which it cannot be held to";
      throw kerror("security.rights.forbidden", controller, `${action} (${hint})`, user._id);
    }
    if (controller === "auth" && action === "updateSelf") this.#keepUserFields(request, user, rights, body);
  }

  /** Users do not choose the values by which rules know what is theirs. */
  #keepUserFields({ input }: KuzzleRequest, user: User, { userFields }: CompiledRights, content: unknown): void {
    if (!isPlainObject(content)) return;
    const field = Object.keys(content).find((name) => userFields.has(name.split(".", 1)[0] ?? name));
    if (field === undefined) return;
    const hint = `the rules of a policy depend on the user's "${field}": have it set with security:updateUser`;
    throw kerror("security.rights.forbidden", input.controller, `${input.action} (${hint})`, user._id);
  }

  /** Whoever wants to be rid of a cookie is let through, so that a dead session can be left. */
  #isCookieLogout(request: KuzzleRequest): boolean {
    const { controller, action } = request.input;
    return (
      controller === "auth" && action === "logout" && this.#deps.options.cookieAuthentication && asksForCookie(request)
    );
  }
}
