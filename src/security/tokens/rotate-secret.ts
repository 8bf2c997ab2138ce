import type { Clock } from "../../kernel/index.ts";
import type { Changes } from "../changes.ts";
import type { Keyring } from "./keyring.ts";
import type { SignedCounts, SignedRecords } from "./signed-records.ts";
import type { Tokens } from "./tokens.ts";

export interface RotationOptions {
  /** What was signed by the secrets before the present one ends at once. */
  readonly endFormer: boolean;
  /** Nothing changes. */
  readonly dryRun: boolean;
}

/** How many former secrets are kept, and what hangs on them. */
export type Rotation = SignedCounts & { readonly formerSecrets: number };

export interface RotationDeps {
  readonly keyring: Keyring;
  readonly records: SignedRecords;
  readonly tokens: Tokens;
  readonly changes: Changes;
  readonly clock: Clock;
}

/** Error: `security.token.secret_configured` (412), but for a dry run. */
export async function rotateSecret(deps: RotationDeps, { endFormer, dryRun }: RotationOptions): Promise<Rotation> {
  const { keyring, records, tokens, changes, clock } = deps;
  if (!dryRun) {
    const end = async (keyId: string): Promise<void> => tokens.end(await records.removeOthers(keyId));
    await keyring.rotate(endFormer ? end : undefined);
    changes.publish({ kind: "secrets" });
  }
  const counts = await records.countOfOthers(keyring.keyId, clock.now());
  return { formerSecrets: keyring.formerCount, ...counts };
}
