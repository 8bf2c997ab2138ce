import { hashWithArgon2, isArgon2, matchesArgon2 } from "./argon2.ts";
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
  /** A new hash: for `hash`, and for a right password that was kept in an older way. */
  readonly hash?: string;
}

/** Each job costs one argon2 hash, whatever comes out: the time of an answer tells nothing. */
export function runHashJob(job: HashJob): HashAnswer {
  if (job.kind === "hash") return { matches: true, hash: hashWithArgon2(job.password) };
  const { stored, password, options } = job;
  if (stored !== undefined && isArgon2(stored.userPassword)) {
    return { matches: matchesArgon2(password, stored.userPassword) };
  }
  const hash = hashWithArgon2(password);
  const matches = stored !== undefined && matchesOlderHash(password, stored, options);
  return matches ? { matches, hash } : { matches };
}
