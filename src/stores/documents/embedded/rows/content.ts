import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import type { WriteFailure } from "../../document-store.ts";

/** The parsed text of a document, or why it cannot be one. */
export function parseContent(text: string): { readonly source: JSONObject } | WriteFailure {
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (error) {
    return badRequest(`The content is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isPlainObject(source)) return badRequest("The content of a document must be an object.");
  return { source };
}

export const badRequest = (message: string): WriteFailure => ({
  reason: "rejected",
  errorId: "services.storage.unexpected_bad_request",
  parameters: [message],
});
