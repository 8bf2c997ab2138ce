import { kerror } from "../kernel/index.ts";

/** Materialises an index that has no collection of its own; never listed. */
export const hiddenCollection = "_kuzzle_keep";

const forbidden = /[\\/*?"<>| \t\r\n,+#:.&%]/;

/** Names of indexes and collections (contract/search.md section 2). */
export function isValidName(name: string): boolean {
  return (
    name.length > 0 &&
    name.isWellFormed() && // half a character has no bytes: two such names would be one on the disk
    name === name.toLowerCase() &&
    name !== "_all" &&
    Buffer.byteLength(name) <= 126 &&
    !forbidden.test(name)
  );
}

export function assertIndexName(name: string): void {
  if (!isValidName(name)) throw kerror("services.storage.invalid_index_name", name);
}

export function assertCollectionName(name: string): void {
  if (!isValidName(name)) throw kerror("services.storage.invalid_collection_name", name);
  if (name === hiddenCollection) throw kerror("services.storage.collection_reserved", name);
}
