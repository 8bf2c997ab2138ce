import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { LocalStrategyContext } from "./context.ts";
import type { LocalCredentials } from "./credentials-store.ts";

/**
 * Passwords as versions 1 to 3 kept them: in the field `password` of the user, whose kuid was the user name; without salt, under the
 * `secret` of the configuration. Without that secret none of them can be checked, and none is looked for.
 */
export class FirstReleases {
  readonly #context: LocalStrategyContext;
  readonly #isConfigured: boolean;

  constructor(context: LocalStrategyContext, isConfigured: boolean) {
    this.#context = context;
    this.#isConfigured = isConfigured;
  }

  async find(username: string): Promise<LocalCredentials | undefined> {
    // An empty name, and those of the anonymous user, are nobody's.
    if (!this.#isConfigured || username === "" || username === "-1" || username === "anonymous") return undefined;
    const { password } = await this.#fieldsOf(username);
    if (typeof password !== "string" || password === "") return undefined;
    return {
      username,
      kuid: username,
      userPassword: password,
      updater: username,
      updatedAt: Date.now(),
      passwordHistory: [],
    };
  }

  /** Takes the password out of the user. */
  async forget(kuid: string): Promise<void> {
    const body = { password: null };
    await this.#context.accessors.sdk.query({ controller: "security", action: "updateUser", _id: kuid, body });
  }

  async #fieldsOf(kuid: string): Promise<JSONObject> {
    try {
      const { result } = await this.#context.accessors.sdk.query({
        controller: "security",
        action: "getUser",
        _id: kuid,
      });
      return isPlainObject(result) && isPlainObject(result._source) ? result._source : {};
    } catch (error) {
      // The SDK may answer errors of its own class: what counts is the status.
      if ((error as { status?: unknown }).status === 404) return {};
      throw error;
    }
  }
}
