import { JsonText, type KuzzleRequest, type SerializedResponse } from "../../kernel/index.ts";
import { statusOf } from "../encoding/envelope.ts";
import { wireError } from "../encoding/wire-error.ts";

/**
 * An answered request as authors of protocols get it: `{ raw, status, requestId, content, headers }`, with a result that is no text and an
 * error that is a plain object, which outside development has no stack.
 */
export function plainResponse(request: KuzzleRequest, development: boolean): SerializedResponse {
  const { response, error } = request;
  const { raw, requestId, headers } = response.toJSON();
  const result = request.result instanceof JsonText ? request.result.parse() : request.result;
  const status = statusOf(request);
  if (raw && error === null) return { raw, status, requestId, headers, content: result };
  const content = { ...response.content(), status, result };
  const plainError = error === null ? null : wireError(error, development);
  return { raw: false, status, requestId, headers, content: { ...content, error: plainError } };
}
