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
      /** An older hash as other users have it still: a refusal then costs what theirs does. */
      readonly decoy?: OlderHash | undefined;
    };

export interface HashAnswer {
  /** Whether the password is the right one. */
  readonly matches: boolean;
  /** A new hash: for `hash`, and for a right password that was kept in an older way, or at another cost. */
  readonly hash?: string;
}

/** A refusal costs one argon2 hash and, where some users have older ones, one of these, whatever the reason: its time tells nothing. */
export function runHashJob(job: HashJob, cost: HashCost): HashAnswer {
  if (job.kind === "hash") return { matches: true, hash: hashWithArgon2(job.password, cost) };
  const { stored, password, options, decoy } = job;
  if (stored !== undefined && isArgon2(stored.userPassword)) {
    const matches = matchesArgon2(password, stored.userPassword);
    if (!matches && decoy !== undefined) matchesOlderHash(password, decoy, options);
    if (!matches || hasCost(stored.userPassword, cost)) return { matches };
    return { matches, hash: hashWithArgon2(password, cost) };
  }
  const hash = hashWithArgon2(password, cost);
  const older = stored ?? decoy;
  const matches = older !== undefined && matchesOlderHash(password, older, options) && stored !== undefined;
  return matches ? { matches, hash } : { matches };
}
