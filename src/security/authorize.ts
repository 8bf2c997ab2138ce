import type { MaybePromise } from "../events/index.ts";
import { type KuzzleRequest, kerror } from "../kernel/index.ts";
import { asksForCookie } from "./identify.ts";
import type { SecurityOptions } from "./options.ts";
import type { Directory } from "./rights/directory.ts";
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
    if (!options.failsafeMode || user.profileIds.includes("admin")) return;
    if (controller !== "auth" || action !== "login") throw kerror("security.rights.failsafe_mode_admin_only");
  }

  /** Whoever wants to be rid of a cookie is let through, so that a dead session can be left. */
  #isCookieLogout(request: KuzzleRequest): boolean {
    const { controller, action } = request.input;
    return (
      controller === "auth" && action === "logout" && this.#deps.options.cookieAuthentication && asksForCookie(request)
    );
  }
}
