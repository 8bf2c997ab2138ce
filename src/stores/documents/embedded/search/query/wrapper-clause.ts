import { KuzzleError } from "../../../../../kernel/index.ts";
import { parseClientJson } from "../../../client-json.ts";
import type { ClauseTable } from "./clause-table.ts";
import { clauseBody, malformed, onlyKnown, textOf } from "./parameters.ts";

export const wrapperClauses: ClauseTable = {
  /** A query as JSON in base64. */
  *wrapper(body, context) {
    return yield* context.compile(unwrapped(body));
  },
};

/** The query that a `wrapper` holds. Error: 400 when it holds none. */
export function unwrapped(body: unknown): unknown {
  const object = clauseBody(body, "wrapper");
  onlyKnown(object, ["query"], "wrapper");
  const text = textOf(object.query, "wrapper.query");
  try {
    return parseClientJson(Buffer.from(text, "base64").toString("utf8"));
  } catch (error) {
    throw error instanceof KuzzleError ? error : malformed("[wrapper.query] is not JSON in base64.");
  }
}
