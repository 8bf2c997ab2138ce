import { KuzzleError, type KuzzleRequest, kerror, kerrorFrom, kerrorWith } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";

/** `api.assert.invalid_type` (400) when an id is no string. */
export function idTexts(name: string, ids: readonly unknown[]): readonly string[] {
  return ids.map((id) => {
    if (typeof id !== "string") throw kerror("api.assert.invalid_type", name, "array of strings");
    return id;
  });
}

/**
 * Deletes one after another and answers the ids that are gone. When some failed the answer has status 206, with the ids and a
 * `PartialError` side by side.
 * Error: `services.storage.write_limit_exceeded` (413).
 */
export async function deleteMany(
  { options }: Security,
  request: KuzzleRequest,
  ids: readonly unknown[],
  remove: (id: string) => Promise<void>,
): Promise<readonly string[]> {
  if (ids.length > options.documentsWriteCount) throw kerror("services.storage.write_limit_exceeded");
  const deleted: string[] = [];
  const errors: KuzzleError[] = [];
  for (const id of idTexts("body.ids", ids)) {
    try {
      await remove(id);
      deleted.push(id);
    } catch (error) {
      errors.push(error instanceof KuzzleError ? error : kerrorFrom(error, "core.fatal.unexpected_error", id));
    }
  }
  if (errors.length > 0) {
    const failed = errors.map((error) => error.message).join("; ");
    request.setError(kerrorWith("services.storage.incomplete_delete", errors, failed));
  }
  return deleted;
}
