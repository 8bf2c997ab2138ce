import { isThenable, type MaybePromise } from "../events/index.ts";
import type { DocumentRule } from "../filters/index.ts";
import type { KuzzleRequest } from "../kernel/index.ts";
import type { Directory } from "./rights/directory.ts";
import { User } from "./users/user.ts";
import type { Users } from "./users/users.ts";

/** Who hears of changes: what follows the rights of a user. */
export interface Receiver {
  readonly kuid: string;
  /** Undefined: everything that matches. */
  readonly rule: DocumentRule | undefined;
}

export interface DocumentAccessDeps {
  readonly users: Users;
  readonly directory: Directory;
  /** The rules of this user may be others than before; undefined: of anybody. */
  readonly onChanged: (kuid: string | undefined) => void;
}

/** Which documents and fields users may reach: what the rules of their policies say together. */
export class DocumentAccess {
  readonly #deps: DocumentAccessDeps;
  /** Calls from inside whose rights nobody checks, though they name a user. */
  readonly #privileged = new WeakSet<KuzzleRequest>();
  #hadRules = false;

  constructor(deps: DocumentAccessDeps) {
    this.#deps = deps;
  }

  /** While it runs, a request is not held to the rules of its user. The answer ends that. */
  privilege(request: KuzzleRequest): () => void {
    if (request.context.user === null || !this.#deps.directory.hasRules) return nothing;
    this.#privileged.add(request);
    return () => void this.#privileged.delete(request);
  }

  /**
   * What the user of a request may reach by its action (or another one of the controller) in a collection; undefined: everything, as always for calls from inside without a user.
   * At once for users as requests carry them. Errors: `security.user.not_found`, `security.profile.not_found` (404).
   */
  ruleOf(
    request: KuzzleRequest,
    index: string,
    collection: string,
    action = request.input.action ?? "",
  ): MaybePromise<DocumentRule | undefined> {
    const { directory } = this.#deps;
    const { user } = request.context;
    if (user === null || !directory.hasRules || this.#privileged.has(request)) return undefined;
    const controller = request.input.controller ?? "";
    // No function is made for those who come as users: most requests do, and most users have no rules.
    if (user instanceof User) return User.ruleOf(user, directory, controller, action, index, collection);
    return this.#load(user._id).then((known) => User.ruleOf(known, directory, controller, action, index, collection));
  }

  /** Who would hear of a collection by a subscription of this request; undefined: somebody whose rights are not checked. */
  receiverOf(request: KuzzleRequest, index: string, collection: string): MaybePromise<Receiver | undefined> {
    const { user } = request.context;
    if (user === null || this.#privileged.has(request)) return undefined;
    const of = (known: User): Receiver => ({ kuid: known._id, rule: this.#subscriptionRule(known, index, collection) });
    if (user instanceof User) return of(user);
    return this.#load(user._id).then(of);
  }

  /** The rule of a user's subscriptions to a collection as it is now, or "refused" when the user may not subscribe to it any more. */
  receivingRule(kuid: string, index: string, collection: string): MaybePromise<DocumentRule | "refused" | undefined> {
    const of = (user: User | undefined): DocumentRule | "refused" | undefined => {
      if (user === undefined) return "refused";
      const { directory } = this.#deps;
      const unknown = user.profileIds.some((id) => !directory.profiles.has(id));
      if (unknown || !User.rightsOf(user, directory).allow("realtime", "subscribe", index, collection, undefined))
        return "refused";
      return this.#subscriptionRule(user, index, collection);
    };
    const user = this.#deps.users.find(kuid);
    return isThenable(user) ? user.then(of) : of(user);
  }

  #subscriptionRule(user: User, index: string, collection: string): DocumentRule | undefined {
    return User.ruleOf(user, this.#deps.directory, "realtime", "subscribe", index, collection);
  }

  #load(kuid: string | null): Promise<User> {
    const { users } = this.#deps;
    return kuid === null ? Promise.resolve(users.anonymous) : users.get(kuid);
  }

  /** A user, a role or a profile has changed. Nobody is told as long as no policy says anything of documents. */
  changed(kuid?: string): void {
    const { hasRules } = this.#deps.directory;
    if (hasRules || this.#hadRules) this.#deps.onChanged(kuid);
    // A single user's change says nothing of those who had rules before.
    if (kuid === undefined) this.#hadRules = hasRules;
  }
}

const nothing = (): void => {};
