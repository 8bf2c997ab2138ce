import { type KuzzleError, kerror } from "../../../../kernel/index.ts";
import { isDamage } from "../rows/sqlite-error.ts";
import type { SearchedCollection } from "./searched-collection.ts";

/** A search came, or ran, while its collection was deleted. */
export const deletedMeanwhile = (): KuzzleError =>
  kerror("services.storage.unexpected_not_found", "The collection was deleted meanwhile.");

/** Waits while the index is being built: nothing is answered from a part of it. Error: why it cannot be built. */
export function* untilReady(collection: SearchedCollection): Generator<void, void> {
  while (collection.live === undefined) {
    if (collection.failure !== undefined) {
      if (isDamage(collection.failure)) throw collection.failure;
      const reason = collection.failure instanceof Error ? collection.failure.message : String(collection.failure);
      throw kerror(
        "services.storage.unexpected_error",
        `the index of "${collection.indexName}:${collection.name}" cannot be built: ${reason}`,
      );
    }
    yield;
  }
}

/** What is answered to a search that was stopped (`deadline`, `cancelled`) or failed. */
export function asError(reason: unknown, timeoutMs: number): unknown {
  if (reason === "deadline")
    return kerror("services.storage.unexpected_error", `the search was stopped after ${timeoutMs} ms`);
  if (reason === "cancelled") return kerror("services.storage.unexpected_error", "the search was cancelled");
  return reason;
}
