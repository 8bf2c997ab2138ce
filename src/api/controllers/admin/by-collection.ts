import { isPlainObject, kerror } from "../../../kernel/index.ts";
import type { CollectionRef } from "../../../stores/documents/index.ts";

/**
 * The entries of `{ index: { collection: … } }`, all checked before the first is used.
 * Error: `api.assert.invalid_argument` (400) when the whole or an index is no object.
 */
export function byCollection(name: string, content: unknown): readonly (readonly [CollectionRef, unknown])[] {
  if (!isPlainObject(content)) throw kerror("api.assert.invalid_argument", name, "an object of indexes");
  return Object.entries(content).flatMap(([index, collections]) => {
    if (!isPlainObject(collections)) {
      throw kerror("api.assert.invalid_argument", `${name}.${index}`, "an object of collections");
    }
    return Object.entries(collections).map(([collection, value]) => [{ index, collection }, value] as const);
  });
}
