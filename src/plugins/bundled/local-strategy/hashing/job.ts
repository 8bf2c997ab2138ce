import { type HashCost, hasCost, hashWithArgon2, isArgon2, matchesArgon2 } from "./argon2.ts";
import { matchesOlderHash, type OlderHash, type OlderHashOptions } from "./older-hash.ts";

/** Work for a hashing thread: structured clones only. */
export type HashJob =
  | { readonly kind: "hash"; readonly password: string }
  /** `stored` undefined: the user does not exist, and finding that out must take as long as a wrong password. */
  | {
      readonly kind: "verify";
      readonly password: string;
      readonly stored: OlderHash | undefined;
      readonly options: OlderHashOptions;
    };

export interface HashAnswer {
  /** Whether the password is the right one. */
  readonly matches: boolean;
  /** A new hash: for `hash`, and for a right password that was kept in an older way, or at another cost. */
  readonly hash?: string;
}

/**
 * A refusal costs one argon2 hash at the present cost, whatever the reason: the time of an answer does not tell whether the user exists. Only who
 * has a hash of another cost or kind pays for that, too, until the next login.
 */
export function runHashJob(job: HashJob, cost: HashCost): HashAnswer {
  if (job.kind === "hash") return { matches: true, hash: hashWithArgon2(job.password, cost) };
  const { stored, password, options } = job;
  if (stored !== undefined && hasCost(stored.userPassword, cost)) {
    return { matches: matchesArgon2(password, stored.userPassword) };
  }
  const hash = hashWithArgon2(password, cost);
  return stored !== undefined && matches(password, stored, options) ? { matches: true, hash } : { matches: false };
}

function matches(password: string, stored: OlderHash, options: OlderHashOptions): boolean {
  if (isArgon2(stored.userPassword)) return matchesArgon2(password, stored.userPassword);
  return matchesOlderHash(password, stored, options);
}
