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

/**
 * A refusal costs one argon2 hash at the present cost and, where some users have older ones, one of these, whatever the reason: its time tells
 * nothing. Only who has an argon2 hash of another cost pays for that, too, until the next login.
 */
export function runHashJob(job: HashJob, cost: HashCost): HashAnswer {
  if (job.kind === "hash") return { matches: true, hash: hashWithArgon2(job.password, cost) };
  const { stored, password } = job;
  const hash = stored !== undefined && hasCost(stored.userPassword, cost) ? undefined : hashWithArgon2(password, cost);
  const matches = stored !== undefined && isArgon2(stored.userPassword) ? isRight(job, stored) : isOlderRight(job);
  return matches && hash !== undefined ? { matches, hash } : { matches };
}

type Verification = Extract<HashJob, { kind: "verify" }>;

function isRight({ password, decoy, options }: Verification, { userPassword }: OlderHash): boolean {
  const matches = matchesArgon2(password, userPassword);
  if (!matches && decoy !== undefined) matchesOlderHash(password, decoy, options);
  return matches;
}

function isOlderRight({ password, stored, decoy, options }: Verification): boolean {
  const older = stored ?? decoy;
  return older !== undefined && matchesOlderHash(password, older, options) && stored !== undefined;
}
