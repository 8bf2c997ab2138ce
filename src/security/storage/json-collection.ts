import { catalogue, errorFrom, isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type {
  CollectionRef,
  DocumentStore,
  Mappings,
  SearchPage,
  WriteFailure,
  WriteOperation,
  WriteOutcome,
} from "../../stores/documents/index.ts";

/** A document whose text was parsed. */
export interface JsonDocument {
  readonly id: string;
  readonly body: JSONObject;
}

export interface JsonPage {
  readonly total: number;
  readonly hits: readonly JsonDocument[];
  readonly scrollId?: string;
  readonly aggregations?: JSONObject;
}

/** Scrolls whose ids are remembered: more than any store keeps open. */
const maxScrolls = 1_000;

/**
 * One collection of the private index, with documents as objects.
 *
 * Errors: `services.storage.document_already_exists` (400) and `not_found` (404) where a write says so, and whatever the store answers.
 */
export class JsonCollection {
  readonly target: CollectionRef;
  readonly #store: DocumentStore;
  /** Scrolls opened here, the oldest first: those of other collections cannot be read through this one. */
  readonly #scrolls = new Set<string>();

  constructor(store: DocumentStore, target: CollectionRef) {
    this.#store = store;
    this.target = target;
  }

  async find(id: string): Promise<JSONObject | undefined> {
    const document = await this.#store.find(this.target, id);
    return document === undefined ? undefined : parse(document.source);
  }

  async mFind(ids: readonly string[]): Promise<readonly (JsonDocument | undefined)[]> {
    if (ids.length === 0) return [];
    const documents = await this.#store.mFind(this.target, ids);
    return documents.map((document) => document && { id: document.id, body: parse(document.source) });
  }

  /** `services.storage.document_already_exists` when there is one of this id. */
  async create(id: string, body: JSONObject, refresh = false): Promise<void> {
    await this.#write({ kind: "create", id, source: JSON.stringify(body) }, refresh);
  }

  /** All at once; what is refused of one is an error for all. */
  async createAll(documents: readonly JsonDocument[]): Promise<void> {
    const operations = documents.map(({ id, body }) => ({ kind: "index", id, source: JSON.stringify(body) }) as const);
    const outcomes = await this.#store.write(this.target, operations, { refresh: false });
    for (const [i, outcome] of outcomes.entries()) {
      if (!outcome.ok) throw this.#failure(documents[i]?.id ?? "", outcome.failure);
    }
  }

  /** False when there is one of this id already. */
  async createIfAbsent(id: string, body: JSONObject): Promise<boolean> {
    const outcome = await this.#attempt({ kind: "create", id, source: JSON.stringify(body) }, true);
    if (outcome.ok) return true;
    if (outcome.failure.reason === "exists") return false;
    throw this.#failure(id, outcome.failure);
  }

  /** Creates or replaces. */
  async put(id: string, body: JSONObject, refresh = false): Promise<void> {
    await this.#write({ kind: "index", id, source: JSON.stringify(body) }, refresh);
  }

  async replace(id: string, body: JSONObject, refresh = false): Promise<void> {
    await this.#write({ kind: "replace", id, source: JSON.stringify(body) }, refresh);
  }

  /** Merges, objects recursively; answers the whole document. */
  async update(id: string, partial: JSONObject, refresh = false, retryOnConflict = 0): Promise<JSONObject> {
    const operation = {
      kind: "update",
      id,
      partial: JSON.stringify(partial),
      retryOnConflict,
      returnSource: true,
    } as const;
    const { source } = await this.#write(operation, refresh);
    if (source !== undefined) return parse(source);
    return (await this.find(id)) ?? {};
  }

  /** False when there was none. */
  async delete(id: string, refresh = false): Promise<boolean> {
    const outcome = await this.#attempt({ kind: "delete", id }, refresh);
    if (outcome.ok) return true;
    if (outcome.failure.reason === "missing") return false;
    throw this.#failure(id, outcome.failure);
  }

  async deleteAll(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += 500) {
      const operations = ids.slice(from, from + 500).map((id) => ({ kind: "delete", id }) as const);
      await this.#store.write(this.target, operations, { refresh: true });
    }
  }

  async search(
    body: JSONObject,
    from: number,
    size: number,
    scrollTtlMs?: number,
    signal?: AbortSignal,
  ): Promise<JsonPage> {
    const request = { targets: [this.target], body, from, size };
    const options = signal === undefined ? {} : { signal };
    const found = await this.#store.search(scrollTtlMs === undefined ? request : { ...request, scrollTtlMs }, options);
    return this.#page(found);
  }

  /** Error: `services.storage.unknown_scroll_id` (404), for scrolls of other collections too. */
  async scroll(scrollId: string, ttlMs: number, signal?: AbortSignal): Promise<JsonPage> {
    if (!this.#scrolls.delete(scrollId)) throw kerror("services.storage.unknown_scroll_id", scrollId);
    return this.#page(await this.#store.scroll(scrollId, ttlMs, signal === undefined ? {} : { signal }));
  }

  /** Counts after making every write visible. */
  async count(query: JSONObject): Promise<number> {
    await this.refresh();
    return this.#store.count(this.target, query);
  }

  /** Every match, after making every write visible. */
  async *walk(query: JSONObject): AsyncGenerator<JsonDocument> {
    await this.refresh();
    for await (const batch of this.#store.walk(this.target, query)) {
      for (const { id, source } of batch) yield { id, body: parse(source) };
    }
  }

  refresh(): Promise<void> {
    return this.#store.refresh(this.target);
  }

  truncate(): Promise<void> {
    return this.#store.truncateCollection(this.target);
  }

  mappings(): Promise<Mappings> {
    return this.#store.getMappings(this.target);
  }

  updateMappings(mappings: Mappings): Promise<Mappings> {
    return this.#store.updateMappings(this.target, mappings);
  }

  #page(found: SearchPage): JsonPage {
    const { total, hits, scrollId, aggregations } = found;
    if (scrollId !== undefined) this.#remember(scrollId);
    return {
      total,
      hits: hits.map(({ id, source }) => ({ id, body: source === undefined ? {} : parse(source) })),
      ...(scrollId !== undefined && { scrollId }),
      ...(aggregations !== undefined && { aggregations }),
    };
  }

  #remember(scrollId: string): void {
    this.#scrolls.add(scrollId);
    const [oldest = scrollId] = this.#scrolls;
    if (this.#scrolls.size > maxScrolls) this.#scrolls.delete(oldest);
  }

  async #write(operation: WriteOperation & { id: string }, refresh: boolean): Promise<{ readonly source?: string }> {
    const outcome = await this.#attempt(operation, refresh);
    if (outcome.ok) return outcome;
    throw this.#failure(operation.id, outcome.failure);
  }

  async #attempt(operation: WriteOperation, refresh: boolean): Promise<WriteOutcome> {
    const [outcome] = await this.#store.write(this.target, [operation], { refresh });
    if (outcome === undefined) throw kerror("services.storage.unexpected_error", "the store answered no outcome");
    return outcome;
  }

  #failure(id: string, failure: WriteFailure): Error {
    const { index, collection } = this.target;
    switch (failure.reason) {
      case "exists":
        return kerror("services.storage.document_already_exists");
      case "missing":
        return kerror("services.storage.not_found", id, index, collection);
      case "conflict":
        return kerror("services.storage.too_many_changes", id);
      case "rejected":
        return errorFrom(failure.errorId, catalogue[failure.errorId], failure.parameters);
    }
  }
}

function parse(source: string): JSONObject {
  const body: unknown = JSON.parse(source);
  return isPlainObject(body) ? body : {};
}
