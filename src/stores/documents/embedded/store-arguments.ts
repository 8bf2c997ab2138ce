import { isPlainObject, type KuzzleError, kerror, kerrorFrom } from "../../../kernel/index.ts";
import type { CollectionRef } from "../document-store.ts";

export const unknownCollection = ({ index, collection }: CollectionRef): KuzzleError =>
  kerror("services.storage.unknown_collection", index, collection);

/** Errors: `services.storage.unexpected_bad_request` for what is no object, or has no JSON text (nesting without end). */
export function toText(what: string, value: unknown): string {
  if (!isPlainObject(value)) throw kerror("services.storage.unexpected_bad_request", `${what} must be an object.`);
  try {
    return JSON.stringify(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw kerrorFrom(error, "services.storage.unexpected_bad_request", `${what} cannot be read as JSON: ${reason}`);
  }
}

export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  throw kerror("services.storage.unexpected_bad_request", `"${name}" must be a whole number, 0 or more.`);
}
