import type { ClauseTable } from "./clause-table.ts";
import { clauseBody, malformed, onlyKnown, textOf } from "./parameters.ts";

export const wrapperClauses: ClauseTable = {
  /** A query as JSON in base64. */
  *wrapper(body, context) {
    const object = clauseBody(body, "wrapper");
    onlyKnown(object, ["query"], "wrapper");
    const text = textOf(object.query, "wrapper.query");
    let query: unknown;
    try {
      query = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    } catch {
      throw malformed("[wrapper.query] is not JSON in base64.");
    }
    return yield* context.compile(query);
  },
};
