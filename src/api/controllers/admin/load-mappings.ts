import type { Collections } from "../../../data/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import { byCollection } from "./by-collection.ts";
import type { LoadPreparation } from "./deps.ts";

/** `bare`: `{ properties }` under each collection; `wrapped`: `{ mappings: { properties }, settings }`. */
export type MappingForm = "bare" | "wrapped";

/**
 * Creates or updates the collections of `{ index: { collection: … } }` (contract/search.md section 13), one after the other; a failure ends
 * it, and what was done stays.
 *
 * Errors: `api.assert.invalid_argument` (400), and those of `collection:create`.
 */
export async function loadMappings(
  collections: Collections,
  content: unknown,
  form: MappingForm,
  preparation: LoadPreparation,
): Promise<void> {
  const entries = byCollection("body", content).map(([target, value]) => {
    if (isPlainObject(value)) return [target, value] as const;
    throw kerror("api.assert.invalid_argument", `body.${target.index}.${target.collection}`, "an object");
  });
  for (const [given, value] of entries) {
    const wrapped: Wrapped = form === "bare" ? { mappings: value } : unwrapped(value);
    const [target, mappings] = await preparation.mapping(given, wrapped.mappings);
    await collections.create(target, { ...wrapped, mappings });
  }
}

interface Wrapped {
  readonly mappings: JSONObject;
  readonly settings?: JSONObject;
}

function unwrapped({ mappings = {}, settings = {} }: JSONObject): Wrapped {
  if (!isPlainObject(mappings)) throw kerror("api.assert.invalid_argument", "mappings", "an object");
  if (!isPlainObject(settings)) throw kerror("api.assert.invalid_argument", "settings", "an object");
  return { mappings, settings };
}
