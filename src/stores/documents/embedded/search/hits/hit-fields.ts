import type { JSONObject } from "../../../../../kernel/index.ts";
import type { QueryContext } from "../query/context.ts";
import { DocValueFetcher } from "./doc-value-fields.ts";
import { FieldFetcher } from "./fetch-fields.ts";
import type { FieldRequest } from "./field-requests.ts";

/** What hits of one segment are asked for beside their sources. */
export class HitFields {
  readonly #columns: DocValueFetcher;
  readonly #fetcher: FieldFetcher | undefined;

  constructor(fields: readonly FieldRequest[], docValueFields: readonly FieldRequest[], context: QueryContext) {
    this.#columns = new DocValueFetcher(docValueFields, context);
    this.#fetcher = fields.length === 0 ? undefined : new FieldFetcher(fields, context.mapping);
  }

  get needsSource(): boolean {
    return this.#fetcher !== undefined;
  }

  /** `{path: [values]}`. `source`: of a nested object, itself under its full path. */
  run(doc: number, source: JSONObject | undefined): JSONObject {
    return { ...this.#columns.run(doc), ...(source === undefined ? undefined : this.#fetcher?.run(source)) };
  }
}
