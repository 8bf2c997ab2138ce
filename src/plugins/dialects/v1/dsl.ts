import type { JSONObject } from "../../../kernel/index.ts";
import { Koncorde, type NormalizedFilterV3, type RegisteredFilter } from "../../kuzzle/koncorde.ts";

/**
 * The filter engine as plugins of the first two generations have it, under the names `Dsl` and `Koncorde`: what took time there answers promises.
 * Error: `api.assert.koncorde_dsl_error` for a filter that is not valid.
 * Source: contract/plugins/v1.md section 7.
 */
export class Dsl {
  readonly #engine = new Koncorde();

  async register(index: string, collection: string, filters: unknown): Promise<RegisteredFilter> {
    return this.#engine.register(index, collection, filters);
  }

  async normalize(
    index: string,
    collection: string,
    filters: unknown,
  ): Promise<NormalizedFilterV3 & { normalized: unknown }> {
    const normalized = this.#engine.normalize(index, collection, filters);
    return { ...normalized, normalized: normalized.filter };
  }

  store(normalized: NormalizedFilterV3): RegisteredFilter {
    return this.#engine.store(normalized);
  }

  /** Ids of the filters that match. */
  test(index: string, collection: string, data: JSONObject, id?: string): string[] {
    return this.#engine.test(index, collection, data, id);
  }

  exists(index: string, collection: string): boolean {
    return this.#engine.exists(index, collection);
  }

  getFilterIds(index: string, collection: string): string[] {
    return this.#engine.getFilterIds(index, collection);
  }

  async remove(id: string): Promise<void> {
    this.#engine.remove(id);
  }

  async validate(filters: unknown): Promise<void> {
    this.#engine.validate(filters);
  }
}
