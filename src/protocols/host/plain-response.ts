import { JsonText, type KuzzleRequest, type ResponseContent, type SerializedResponse } from "../../kernel/index.ts";
import { statusOf } from "../encoding/envelope.ts";
import { wireError } from "../encoding/wire-error.ts";

/**
 * An answered request as authors of protocols get it: `{ raw, status, requestId, content, headers }`, with a result that is no text and an
 * error that is a plain object, which outside development has no stack.
 */
export function plainResponse(request: KuzzleRequest, development: boolean): SerializedResponse {
  const { response, error } = request;
  const serialized = response.toJSON();
  serialized.status = statusOf(request);
  const result = request.result instanceof JsonText ? request.result.parse() : request.result;
  if (serialized.raw && error === null) {
    serialized.content = result;
    return serialized;
  }
  const content = serialized.raw ? response.content() : (serialized.content as ResponseContent); // not raw: the envelope
  const plainError = error === null ? null : wireError(error, development);
  serialized.raw = false;
  serialized.content = { ...content, status: serialized.status, result, error: plainError };
  return serialized;
}
