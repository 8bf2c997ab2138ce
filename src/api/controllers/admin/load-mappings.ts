import type { Collections, Operation } from "../../../data/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import { byCollection } from "./by-collection.ts";
import type { LoadPreparation } from "./deps.ts";

/** `bare`: `{ properties }` under each collection; `wrapped`: `{ mappings: { properties }, settings }`. */
export type MappingForm = "bare" | "wrapped";

/**
 * Creates or updates the collections of `{ index: { collection: … } }` (contract/search.md section 13), one after the other; a failure ends
 * it, and what was done stays.
 *
 * Errors: `api.assert.invalid_argument` (400), and those of `collection:create`; the reason of its signal when it is cancelled between two.
 */
export async function loadMappings(
  collections: Collections,
  content: unknown,
  form: MappingForm,
  preparation: LoadPreparation,
  running?: Operation,
): Promise<void> {
  const entries = byCollection("body", content).map(([target, value]) => {
    if (isPlainObject(value)) return [target, value] as const;
    throw kerror("api.assert.invalid_argument", `body.${target.index}.${target.collection}`, "an object");
  });
  running?.expect(entries.length);
  for (const [given, value] of entries) {
    running?.signal.throwIfAborted();
    const wrapped: Wrapped = form === "bare" ? { mappings: value } : unwrapped(value);
    const [target, mappings] = await preparation.mapping(given, wrapped.mappings);
    await collections.create(target, { ...wrapped, mappings });
    running?.advance(1);
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
