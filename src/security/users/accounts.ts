import {
  isPlainObject,
  type JSONObject,
  KuzzleError,
  type KuzzleRequest,
  kerror,
  kerrorFrom,
  type Logger,
} from "../../kernel/index.ts";
import { callStrategy, type Strategies } from "../login/strategies.ts";
import type { ApiKeys } from "../tokens/api-keys.ts";
import type { Tokens } from "../tokens/tokens.ts";
import { generateKuid } from "./kuid.ts";
import { anonymousKuid, type User } from "./user.ts";
import type { Users, UserWrite } from "./users.ts";

export interface NewAccount extends Omit<UserWrite, "id"> {
  /** Undefined: one is made, of the kind `kuid`. */
  readonly id: string | undefined;
  /** `uuid`, or anything else for a name that people can read. */
  readonly kuid: string;
  /** By strategy. */
  readonly credentials: JSONObject;
}

export interface AccountsDeps {
  readonly users: Users;
  readonly strategies: Strategies;
  readonly tokens: Tokens;
  readonly apiKeys: ApiKeys;
  readonly log: Logger;
}

/** Users together with what hangs on them: credentials, API keys, tokens. */
export class Accounts {
  readonly #deps: AccountsDeps;

  constructor(deps: AccountsDeps) {
    this.#deps = deps;
  }

  /**
   * Creates a user and its credentials; when one strategy refuses, all is undone.
   * Errors: `security.credentials.unknown_strategy` (400), `database_inconsistency` (500), those of `Users.create`, those of the strategies.
   */
  async create(request: KuzzleRequest, account: NewAccount): Promise<User> {
    const wanted = this.#wanted(account.credentials);
    const id = account.id ?? (await this.#freeKuid(request, account.kuid, wanted));
    if (account.id !== undefined && (await this.#hasAny(request, id, wanted))) {
      throw kerror("security.credentials.database_inconsistency", id);
    }
    const user = await this.#deps.users.create({ ...account, id });
    const made: string[] = [];
    try {
      for (const [name, credentials] of wanted) {
        await this.#createCredentials(request, name, credentials, id);
        made.push(name);
      }
    } catch (error) {
      throw await this.#undo(request, id, made, error);
    }
    return user;
  }

  #wanted(credentials: JSONObject): readonly (readonly [string, JSONObject])[] {
    return Object.entries(credentials).map(([name, value]) => {
      this.#deps.strategies.get(name);
      if (!isPlainObject(value)) throw kerror("api.assert.invalid_type", `body.credentials.${name}`, "object");
      return [name, value] as const;
    });
  }

  async #freeKuid(
    request: KuzzleRequest,
    kind: string,
    wanted: readonly (readonly [string, JSONObject])[],
  ): Promise<string> {
    for (;;) {
      const id = generateKuid(kind);
      if (!(await this.#hasAny(request, id, wanted)) && (await this.#deps.users.find(id)) === undefined) return id;
    }
  }

  async #hasAny(
    request: KuzzleRequest,
    id: string,
    wanted: readonly (readonly [string, JSONObject])[],
  ): Promise<boolean> {
    for (const [name] of wanted) if (await this.#exists(request, name, id)) return true;
    return false;
  }

  async #exists(request: KuzzleRequest, name: string, id: string): Promise<boolean> {
    const { methods } = this.#deps.strategies.get(name);
    return (await callStrategy(() => methods.exists(request, id, name))) === true;
  }

  async #createCredentials(request: KuzzleRequest, name: string, credentials: JSONObject, id: string): Promise<void> {
    const { methods } = this.#deps.strategies.get(name);
    const valid = await callStrategy(() => methods.validate(request, credentials, id, name, false));
    if (valid === false) throw kerror("security.credentials.rejected", "");
    await callStrategy(() => methods.create(request, credentials, id, name));
  }

  /** Answers the error to throw. */
  async #undo(request: KuzzleRequest, id: string, made: readonly string[], cause: unknown): Promise<unknown> {
    const { strategies, users, log } = this.#deps;
    const failures: string[] = [];
    for (const name of made) {
      try {
        await strategies.get(name).methods.delete(request, id, name);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    await users.remove(id, true).catch((err: unknown) => log.error("security.user_left_behind", { kuid: id, err }));
    if (failures.length === 0) return cause;
    const first = cause instanceof Error ? cause.message : String(cause);
    return kerrorFrom(cause, "plugin.runtime.unexpected_error", [first, ...failures].join("; "));
  }

  /**
   * Deletes a user with its credentials, API keys and tokens.
   * Errors: `security.user.not_found` (404), `services.storage.not_found` (404) for the anonymous user, `security.credentials.rejected`
   * (400) when a strategy refuses: then nothing else is deleted.
   */
  async delete(request: KuzzleRequest, id: string, refresh: boolean): Promise<void> {
    const { users, tokens, apiKeys } = this.#deps;
    if (id === anonymousKuid || id === "anonymous") throw kerror("services.storage.not_found", id, "kuzzle", "users");
    await users.get(id);
    await this.#deleteCredentials(request, id);
    await apiKeys.deleteAll(id);
    await tokens.revokeAll(id);
    await users.remove(id, refresh);
    // Whoever logged in meanwhile is logged out, too.
    await tokens.revokeAll(id);
  }

  async #deleteCredentials(request: KuzzleRequest, id: string): Promise<void> {
    const { strategies } = this.#deps;
    const refusals: string[] = [];
    for (const name of strategies.names()) {
      const { methods } = strategies.get(name);
      try {
        if (await methods.exists(request, id, name)) await methods.delete(request, id, name);
      } catch (error) {
        refusals.push(error instanceof KuzzleError || error instanceof Error ? error.message : String(error));
      }
    }
    if (refusals.length > 0) throw kerror("security.credentials.rejected", ` ${refusals.join("; ")}`);
  }

  /** The strategies for which the user has credentials, in order of registration. */
  async strategiesOf(request: KuzzleRequest, id: string): Promise<readonly string[]> {
    if (id === anonymousKuid || id === "anonymous") return [];
    const found: string[] = [];
    for (const name of this.#deps.strategies.names()) if (await this.#exists(request, name, id)) found.push(name);
    return found;
  }
}
