import type { Clock, JSONObject } from "../kernel/index.ts";
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
