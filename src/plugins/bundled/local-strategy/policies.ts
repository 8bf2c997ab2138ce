import { isPlainObject, type KuzzleError } from "../../../kernel/index.ts";
import type { PasswordPolicy } from "./config.ts";
import type { LocalStrategyContext } from "./context.ts";
import type { LocalCredentials } from "./credentials-store.ts";
import type { OlderHash } from "./hashing/older-hash.ts";

/** What policies ask about a user. */
interface Membership {
  readonly kuid: string;
  readonly profiles: readonly string[];
  readonly roles: readonly string[];
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

/** Password policies: which ones a user is under, and whether a password is good enough. */
export class Policies {
  readonly #policies: readonly PasswordPolicy[];
  readonly #context: LocalStrategyContext;

  constructor(policies: readonly PasswordPolicy[], context: LocalStrategyContext) {
    this.#policies = policies;
    this.#context = context;
  }

  /** How many past passwords are worth keeping. */
  get historyLength(): number {
    return Math.max(0, ...this.#policies.map((policy) => policy.forbidReusedPasswordCount));
  }

  /**
   * Errors: `login_in_password`, `weak_password`, `reused_password` (400). `matches` tells whether the password is the one behind a
   * stored hash.
   */
  async check(
    { kuid, username, password }: { kuid: string; username: string; password: string },
    known: LocalCredentials | undefined,
    matches: (hash: OlderHash) => Promise<boolean>,
  ): Promise<void> {
    const { kerror } = this.#context;
    const { policies } = await this.#of(kuid);
    const hasName = username !== "" && password.toLowerCase().includes(username.toLowerCase());
    for (const policy of policies) {
      if (policy.forbidLoginInPassword && hasName) throw kerror.get("login_in_password");
      if (policy.passwordRegex?.test(password) === false) throw kerror.get("weak_password");
    }
    const count = Math.max(0, ...policies.map((policy) => policy.forbidReusedPasswordCount));
    if (known === undefined || count === 0) return;
    for (const past of [known, ...known.passwordHistory].slice(0, count)) {
      if (await matches(past)) throw kerror.get("reused_password");
    }
  }

  /** Why a right password does not let its user in, if so. */
  async refusalOf(
    credentials: LocalCredentials,
    now: number,
  ): Promise<"expired_password" | "must_change_password" | undefined> {
    const { policies, membership } = await this.#of(credentials.kuid);
    for (const { expiresAfterMs } of policies) {
      if (expiresAfterMs !== undefined && credentials.updatedAt + expiresAfterMs < now) return "expired_password";
    }
    const { updater, kuid } = credentials;
    // Somebody who registered without being logged in has set it himself.
    const setByAnother = updater !== null && updater !== "-1" && updater !== kuid;
    const mustChange = policies.some((policy) => policy.mustChangePasswordIfSetByAdmin);
    return setByAnother && mustChange && !membership.roles.includes("admin") ? "must_change_password" : undefined;
  }

  async #of(kuid: string): Promise<{ policies: readonly PasswordPolicy[]; membership: Membership }> {
    if (this.#policies.length === 0) return { policies: [], membership: { kuid, profiles: [], roles: [] } };
    const membership = await this.#membership(kuid);
    const policies = this.#policies.filter(({ appliesTo }) => {
      if (appliesTo === "*" || appliesTo.users.includes(kuid)) return true;
      return (
        membership.profiles.some((id) => appliesTo.profiles.includes(id)) ||
        membership.roles.some((id) => appliesTo.roles.includes(id))
      );
    });
    return { policies, membership };
  }

  /** Nobody's profiles and roles are none: credentials can be checked before there is a user. */
  async #membership(kuid: string): Promise<Membership> {
    const { sdk } = this.#context.accessors;
    try {
      const { result: user } = await sdk.query({ controller: "security", action: "getUser", _id: kuid });
      const source = isPlainObject(user) && isPlainObject(user._source) ? user._source : {};
      const profiles = texts(source.profileIds);
      const { result } = await sdk.query({ controller: "security", action: "mGetProfiles", body: { ids: profiles } });
      const hits = isPlainObject(result) && Array.isArray(result.hits) ? result.hits : [];
      return { kuid, profiles, roles: hits.flatMap(rolesOf) };
    } catch (error) {
      // The SDK may answer errors of its own class: what counts is the status.
      const { status } = error as Partial<KuzzleError>;
      if (status === 404) return { kuid, profiles: [], roles: [] };
      throw error;
    }
  }
}

function rolesOf(profile: unknown): string[] {
  const source = isPlainObject(profile) && isPlainObject(profile._source) ? profile._source : {};
  const policies = Array.isArray(source.policies) ? source.policies : [];
  return texts(policies.map((policy: unknown) => (isPlainObject(policy) ? policy.roleId : undefined)));
}
