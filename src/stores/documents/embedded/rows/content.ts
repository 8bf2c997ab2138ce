import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import { isTextDeeper, maxDepth } from "../../depth.ts";
import type { WriteFailure } from "../../document-store.ts";

/** The parsed text of a document, or why it cannot be one. */
export function parseContent(text: string): { readonly source: JSONObject } | WriteFailure {
  // What a statement cannot bind would fail for the whole transaction.
  if (typeof text !== "string") return badRequest("The content of a document must be a JSON text.");
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (error) {
    return badRequest(`The content is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isPlainObject(source)) return badRequest("The content of a document must be an object.");
  if (isTextDeeper(text, source, maxDepth)) {
    return badRequest(`Documents may be nested ${maxDepth} levels deep at most.`);
  }
  return { source };
}

export const badRequest = (message: string): WriteFailure => ({
  reason: "rejected",
  errorId: "services.storage.unexpected_bad_request",
  parameters: [message],
});
