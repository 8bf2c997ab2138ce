import { type JSONObject, kerror } from "../../kernel/index.ts";
import type { CollectionRef } from "../../stores/documents/index.ts";

/** A document that a clause refers to. */
export interface LookupPlace extends CollectionRef {
  readonly id: string;
}

export const refused = (reason: string): Error => kerror("services.storage.unexpected_bad_request", reason);

/**
 * The document that a lookup names, `{ index: "lib", collection: "lists", id: "mine" }` with further members that are known. `index` alone may be the
 * name of the physical index, `&lib.lists`. `prefix`: what stands before the names of these members, `_index`.
 * Error: `services.storage.unexpected_bad_request`.
 */
export function parsePlace(lookup: JSONObject, at: string, further: readonly string[], prefix = ""): LookupPlace {
  const known = [`${prefix}index`, `${prefix}collection`, `${prefix}id`, "routing", ...further];
  const foreign = Object.keys(lookup).find((member) => !known.includes(member));
  if (foreign !== undefined) throw refused(`[${at}] knows no "${foreign}".`);
  const { [`${prefix}index`]: index, [`${prefix}collection`]: collection, [`${prefix}id`]: id } = lookup;
  if (typeof index !== "string" || (typeof id !== "string" && typeof id !== "number"))
    throw refused(`[${at}] needs "${prefix}index", "${prefix}collection" and "${prefix}id" as texts.`);
  if (typeof collection === "string") return { index, collection, id: String(id) };
  const physical = collection === undefined ? /^@?&([^.]+)\.([^.]+)$/.exec(index) : null;
  if (physical === null) throw refused(`[${at}] needs "${prefix}collection" beside "${prefix}index".`);
  return { index: String(physical[1]), collection: String(physical[2]), id: String(id) };
}
