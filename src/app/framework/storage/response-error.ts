import type { JSONObject } from "../../../kernel/index.ts";
import { KuzzleError } from "../../../kernel/index.ts";

/** A failure as clients of search clusters have it: look at `statusCode`, or at `meta.body.error`. */
export class ResponseError extends Error {
  readonly statusCode: number;
  readonly body: JSONObject;
  readonly meta: { readonly statusCode: number; readonly body: JSONObject };

  constructor(statusCode: number, error: { readonly type: string; readonly reason: string }, options?: ErrorOptions) {
    super(`${error.type}: ${error.reason}`, options);
    this.statusCode = statusCode;
    this.body = { error, status: statusCode };
    this.meta = { statusCode, body: this.body };
  }

  override get name(): string {
    return "ResponseError";
  }
}

export const badRequest = (reason: string): ResponseError =>
  new ResponseError(400, { type: "illegal_argument_exception", reason });

const types: Readonly<Record<string, readonly [status: number, type: string]>> = {
  "services.storage.unknown_index": [404, "index_not_found_exception"],
  "services.storage.unknown_collection": [404, "index_not_found_exception"],
  "services.storage.unknown_index_collection": [404, "index_not_found_exception"],
  "services.storage.index_already_exists": [400, "resource_already_exists_exception"],
  "services.storage.unknown_scroll_id": [404, "search_context_missing_exception"],
};

/** The server's errors, as the client's; what else was thrown stays. */
export function asResponseError(error: unknown): unknown {
  if (error instanceof ResponseError || !(error instanceof KuzzleError)) return error;
  const [status, type] = types[error.id ?? ""] ?? [error.status, error.id ?? "exception"];
  return new ResponseError(status, { type, reason: error.message }, { cause: error });
}
