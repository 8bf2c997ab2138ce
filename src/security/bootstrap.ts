import { createHash, randomBytes } from "node:crypto";
import type { Clock, JSONObject, Logger } from "../kernel/index.ts";
import type { JsonCollection } from "./storage/json-collection.ts";

const everything = (): JSONObject => ({ controllers: { "*": { actions: { "*": true } } } });

/** The roles of the first start: everybody may do everything (contract/security.md section 7). */
export const initialRoles: readonly (readonly [string, JSONObject])[] = [
  ["admin", everything()],
  ["default", everything()],
  ["anonymous", everything()],
];

export const initialProfiles: readonly (readonly [string, JSONObject])[] = [
  ["admin", { policies: [{ roleId: "admin" }], rateLimit: 0 }],
  ["default", { policies: [{ roleId: "default" }] }],
  ["anonymous", { policies: [{ roleId: "anonymous" }] }],
];

export interface BootstrapDeps {
  readonly config: JsonCollection;
  readonly roles: JsonCollection;
  readonly profiles: JsonCollection;
  readonly clock: Clock;
  readonly log: Logger;
}

const marker = "kuzzle.done";

/**
 * Writes what an empty storage starts with, once: nodes that start together write the same, and what is there already stays. The marker
 * comes last, so a start that was cut short is made good by the next one.
 */
export async function writeInitialDocuments({ config, roles, profiles, clock }: BootstrapDeps): Promise<void> {
  if ((await config.find(marker)) !== undefined) return;
  for (const [id, content] of initialRoles) await roles.createIfAbsent(id, content);
  for (const [id, content] of initialProfiles) await profiles.createIfAbsent(id, content);
  await config.createIfAbsent("internalIndex.dataModelVersion", { version: "2.0.0" });
  await config.createIfAbsent(marker, { timestamp: clock.now() });
}

const secretId = "security.jwt.secret";

/** The secret of tokens: the configured one, else the one that was made at the first start. */
export async function readSecret({ config, log }: BootstrapDeps, configured: string | null): Promise<string> {
  if (configured !== null && configured !== "") return configured;
  const stored = await config.find(secretId);
  if (typeof stored?.seed === "string") return stored.seed;
  const seed = randomBytes(512).toString("hex");
  log.warn("security.secret_generated", {
    hint: "Tokens are signed with a secret made for this storage. Set security.authToken.secret to choose your own.",
  });
  if (await config.createIfAbsent(secretId, { seed })) return seed;
  const other = await config.find(secretId);
  return typeof other?.seed === "string" ? other.seed : seed;
}

const usedSecretId = "security.authToken.fingerprint";

/** True when tokens were signed with another secret at the last start. Only a hash of it is kept. */
export async function secretHasChanged({ config }: BootstrapDeps, secret: string): Promise<boolean> {
  const fingerprint = createHash("sha256").update("token secret").update(secret).digest("hex");
  const before = await config.find(usedSecretId);
  if (before?.fingerprint === fingerprint) return false;
  await config.put(usedSecretId, { fingerprint });
  return before !== undefined;
}
