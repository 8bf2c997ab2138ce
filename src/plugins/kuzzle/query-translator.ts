import { shapeQuery } from "../../data/index.ts";
import type { JSONObject } from "../../kernel/index.ts";

/** Turns filters of the filter language into queries of the search language. */
export class QueryTranslator {
  /** Errors: `api.assert.koncorde_restricted_keyword`, `services.koncorde.elastic_translation_error`, `api.assert.invalid_type` (400). */
  translate(filters: unknown): JSONObject {
    return shapeQuery(filters, "koncorde");
  }
}
