import type { DocumentRule } from "../../filters/index.ts";
import { type KuzzleError, type KuzzleRequest, kerror } from "../../kernel/index.ts";

/** What a request may see and change of the documents of one collection. */
export interface HeldRule {
  readonly rule: DocumentRule;
  /** `_kuzzle_info` is written by the server, and not subject to the fields that may be written. */
  readonly ownsMetadata: boolean;
  /** The refusal of what the rule does not let the request do: `security.rights.forbidden` (403) with a hint. */
  refusal(hint: string): KuzzleError;
}

export const holdTo = (request: KuzzleRequest, rule: DocumentRule): HeldRule => ({
  rule,
  ownsMetadata: request.input.controller !== "bulk" || request.input.action === "import",
  refusal: (hint) => {
    const { controller, action } = request.input;
    return kerror("security.rights.forbidden", controller, `${action} (${hint})`, request.getKuid());
  },
});
