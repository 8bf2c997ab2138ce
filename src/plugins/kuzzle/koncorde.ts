import { type Filter, FilterError, FilterSet, filterId, parseFilter, type RegExpEngine } from "../../filters/index.ts";
import { type JSONObject, kerror } from "../../kernel/index.ts";

/** A filter that was validated, and where it applies. */
export class NormalizedFilterV3 {
  readonly id: string;
  readonly index: string;
  readonly collection: string;
  readonly filter: Filter;

  constructor(index: string, collection: string, filter: Filter) {
    this.id = filterId(filter, index, collection);
    this.index = index;
    this.collection = collection;
    this.filter = filter;
  }
}

/** The answer to a registration; `diff` is false when the filter was there before. */
export interface RegisteredFilter {
  readonly id: string;
  readonly diff: NormalizedFilterV3 | false;
}

export interface KoncordeOptions {
  readonly maxConditions?: number;
  readonly regExpEngine?: RegExpEngine;
}

/**
 * A filter engine of a plugin's own: filters are registered, and data is tested against all of them at once.
 * Error: `api.assert.koncorde_dsl_error` for a filter that is not valid.
 * Source: contract/plugins/v2.md section 7.
 */
export class Koncorde {
  readonly #maxConditions: number;
  readonly #regExpEngine: RegExpEngine;
  readonly #filters = new Map<string, NormalizedFilterV3>();
  readonly #sets = new Map<string, Map<string, FilterSet>>();

  constructor({ maxConditions = 1_000, regExpEngine = "re2" }: KoncordeOptions = {}) {
    this.#maxConditions = maxConditions;
    this.#regExpEngine = regExpEngine;
  }

  /** The answer can be used at once, and be awaited: older plugins do either. */
  register(index: string, collection: string, filters: unknown): RegisteredFilter & Promise<RegisteredFilter> {
    const registered = this.store(this.normalize(index, collection, filters));
    return Object.assign(Promise.resolve(registered), registered);
  }

  normalize(index: string, collection: string, filters: unknown): NormalizedFilterV3 {
    return new NormalizedFilterV3(index, collection, this.#parse(filters));
  }

  store(normalized: NormalizedFilterV3): RegisteredFilter {
    const { id, index, collection, filter } = normalized;
    if (this.#filters.has(id)) return { id, diff: false };
    this.#filters.set(id, normalized);
    const collections = this.#sets.get(index) ?? new Map<string, FilterSet>();
    const set = collections.get(collection) ?? new FilterSet();
    this.#sets.set(index, collections.set(collection, set));
    set.add(id, filter);
    return { id, diff: normalized };
  }

  /** Ids of the filters that match. */
  test(index: string, collection: string, data: JSONObject, id?: string): string[] {
    return this.#setOf(index, collection)?.match(data, id) ?? [];
  }

  exists(index: string, collection: string): boolean {
    return this.#setOf(index, collection) !== undefined;
  }

  getFilterIds(index: string, collection: string): string[] {
    const ids: string[] = [];
    for (const filter of this.#filters.values()) {
      if (filter.index === index && filter.collection === collection) ids.push(filter.id);
    }
    return ids;
  }

  hasFilterId(id: string): boolean {
    return this.#filters.has(id);
  }

  remove(id: string): void {
    const known = this.#filters.get(id);
    if (known === undefined) return;
    this.#filters.delete(id);
    const collections = this.#sets.get(known.index);
    const set = collections?.get(known.collection);
    set?.remove(id);
    if (set?.size === 0) collections?.delete(known.collection);
    if (collections?.size === 0) this.#sets.delete(known.index);
  }

  validate(filters: unknown): void {
    this.#parse(filters);
  }

  getIndexes(): string[] {
    return [...this.#sets.keys()];
  }

  getCollections(index: string): string[] {
    return [...(this.#sets.get(index)?.keys() ?? [])];
  }

  #setOf(index: string, collection: string): FilterSet | undefined {
    return this.#sets.get(index)?.get(collection);
  }

  #parse(filters: unknown): Filter {
    try {
      return parseFilter(filters, { maxConditions: this.#maxConditions, regExpEngine: this.#regExpEngine });
    } catch (error) {
      if (error instanceof FilterError) throw kerror("api.assert.koncorde_dsl_error", error.message);
      throw error;
    }
  }
}
