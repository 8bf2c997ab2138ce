import parseMs from "ms";
import { isPlainObject, type JSONObject } from "../../../kernel/index.ts";
import type { OlderHashOptions } from "./hashing/older-hash.ts";

/** Whom a policy is for: everybody, or users, profiles and roles by their ids. */
export type PolicyTarget =
  | "*"
  | { readonly users: readonly string[]; readonly profiles: readonly string[]; readonly roles: readonly string[] };

export interface PasswordPolicy {
  readonly appliesTo: PolicyTarget;
  readonly expiresAfterMs: number | undefined;
  readonly forbidLoginInPassword: boolean;
  /** Passwords, the present one included, that cannot be taken again. */
  readonly forbidReusedPasswordCount: number;
  readonly mustChangePasswordIfSetByAdmin: boolean;
  readonly passwordRegex: RegExp | undefined;
}

export interface LocalConfig {
  /** The present password is asked for when users change or delete their own. */
  readonly requirePassword: boolean;
  /** -1: no end. */
  readonly resetPasswordExpiresInMs: number;
  readonly policies: readonly PasswordPolicy[];
  /** For passwords that older releases have kept. New ones are argon2id. */
  readonly older: OlderHashOptions;
}

const twoHoursMs = 7_200_000;
const digests = ["hex", "base64", "base64url", "latin1"] as const;

/**
 * Reads the section of the configuration; throws a plain error that names the member at fault, which stops the start.
 * Source: contract/config.md.
 */
export function readConfig(section: JSONObject): LocalConfig {
  const { digest = "hex", secret, algorithm = "sha512", passwordPolicies = [], resetPasswordExpiresIn = -1 } = section;
  const known = digests.find((name) => name === digest);
  if (known === undefined) throw invalid("digest", digests.join(", "));
  if (typeof algorithm !== "string") throw invalid("algorithm", "the name of a hash function");
  if (!Array.isArray(passwordPolicies)) throw invalid("passwordPolicies", "a list of policies");
  return {
    requirePassword: section.requirePassword === true,
    resetPasswordExpiresInMs: resetPasswordExpiresIn
      ? durationMs("resetPasswordExpiresIn", resetPasswordExpiresIn)
      : twoHoursMs,
    policies: passwordPolicies.map((policy: unknown, i) => readPolicy(policy, `passwordPolicies[${i}]`)),
    older: { digest: known, secret: typeof secret === "string" ? secret : undefined, algorithm },
  };
}

const invalid = (name: string, expected: string): Error =>
  new Error(`plugins.kuzzle-plugin-auth-passport-local.${name} is not valid: expected ${expected}.`);

function durationMs(name: string, duration: unknown): number {
  const parsed: unknown = typeof duration === "string" ? parseMs(duration as parseMs.StringValue) : duration;
  if (typeof parsed !== "number" || !Number.isFinite(parsed))
    throw invalid(name, "milliseconds, or a duration as in 30d");
  return parsed;
}

function readPolicy(policy: unknown, name: string): PasswordPolicy {
  if (!isPlainObject(policy)) throw invalid(name, "an object");
  const { expiresAfter, forbidReusedPasswordCount = 0, passwordRegex } = policy;
  if (typeof forbidReusedPasswordCount !== "number" || !Number.isInteger(forbidReusedPasswordCount)) {
    throw invalid(`${name}.forbidReusedPasswordCount`, "an integer");
  }
  return {
    appliesTo: readTarget(policy.appliesTo, `${name}.appliesTo`),
    expiresAfterMs: expiresAfter === undefined ? undefined : durationMs(`${name}.expiresAfter`, expiresAfter),
    forbidLoginInPassword: policy.forbidLoginInPassword === true,
    forbidReusedPasswordCount,
    mustChangePasswordIfSetByAdmin: policy.mustChangePasswordIfSetByAdmin === true,
    passwordRegex: passwordRegex === undefined ? undefined : readRegex(passwordRegex, `${name}.passwordRegex`),
  };
}

function readTarget(target: unknown, name: string): PolicyTarget {
  if (target === "*") return "*";
  const expected = '"*", or an object with lists of users, profiles or roles';
  if (!isPlainObject(target)) throw invalid(name, expected);
  const list = (member: string): string[] => {
    const ids = target[member] ?? [];
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
      throw invalid(`${name}.${member}`, "a list of ids");
    return ids;
  };
  const lists = { users: list("users"), profiles: list("profiles"), roles: list("roles") };
  if (lists.users.length + lists.profiles.length + lists.roles.length === 0) throw invalid(name, expected);
  return lists;
}

/** The operator's own expression, so JavaScript's engine does. */
function readRegex(text: unknown, name: string): RegExp {
  if (typeof text !== "string") throw invalid(name, "a regular expression");
  const [, body = text, flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  try {
    // Without the flags that remember where the last test ended.
    return new RegExp(body, flags.replace(/[gy]/g, ""));
  } catch {
    throw invalid(name, "a regular expression");
  }
}
