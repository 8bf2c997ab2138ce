import { type JSONObject, type KuzzleError, kerror } from "../kernel/index.ts";
import type { CollectionRef } from "../stores/documents/index.ts";
import type { GuardedFailure } from "./rules/guarded-writes.ts";

/** The error of a single write, and the reason and status of one among many. */
export function writeError(
  failure: GuardedFailure,
  id: string | undefined,
  { index, collection }: CollectionRef,
): KuzzleError {
  switch (failure.reason) {
    case "exists":
      return kerror("services.storage.document_already_exists");
    case "missing":
      return kerror("services.storage.not_found", id, index, collection);
    case "conflict":
      return kerror("services.storage.too_many_changes", id);
    case "refused":
      return failure.error;
    default: {
      const parameters = failure.parameters;
      if (failure.errorId === "services.storage.strict_mapping_rejection") {
        return kerror(failure.errorId, parameters[0], parameters[1] ?? index, parameters[2] ?? collection);
      }
      if (failure.errorId === "services.storage.no_routing") return kerror(failure.errorId);
      return kerror(failure.errorId, parameters[0]);
    }
  }
}

/** One entry of `errors` in the result of a multiple action. */
export interface ItemError {
  readonly document: JSONObject | unknown;
  readonly reason: string;
  readonly status: number;
}

export function itemError(
  failure: GuardedFailure,
  id: string | undefined,
  target: CollectionRef,
  document: unknown,
): ItemError {
  const { message, status } = writeError(failure, id, target);
  return { document, reason: message, status: failure.reason === "conflict" ? 409 : status };
}
