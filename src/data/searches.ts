import { type Clock, type JSONObject, JsonText, kerror } from "../kernel/index.ts";
import type {
  CollectionRef,
  DocumentStore,
  SearchHit,
  SearchOptions,
  SearchPage,
  StoredDocument,
} from "../stores/documents/index.ts";
import type { Catalog } from "./catalog.ts";
import type { DocumentLimits } from "./documents.ts";
import { durationMs } from "./duration.ts";
import type { Operation } from "./operations/operation.ts";
import { type QueryLanguage, shapeQuery, shapeSearchBody } from "./search-body.ts";

export interface SearchesDeps {
  readonly store: DocumentStore;
  readonly catalog: Catalog;
  readonly limits: DocumentLimits;
  readonly clock: Clock;
  /** `services.storageEngine.maxScrollDuration`, milliseconds. */
  readonly maxScrollMs: number;
  /** `services.storageEngine.defaults.scrollTTL`, milliseconds. */
  readonly defaultScrollMs: number;
}

export interface SearchParameters {
  readonly body: JSONObject;
  readonly language: QueryLanguage;
  readonly from: number;
  readonly size: number;
  /** As the client gave it, `30s`. */
  readonly scroll?: string | undefined;
}

/** Searches, counts and scrolls over public collections (contract/search.md section 7). */
export class Searches {
  readonly #deps: SearchesDeps;
  /** Scrolls opened here and when they end: those of private collections cannot be read by their id. */
  readonly #scrolls = new Map<string, number>();

  constructor(deps: SearchesDeps) {
    this.#deps = deps;
  }

  async search(
    targets: readonly CollectionRef[],
    parameters: SearchParameters,
    options?: SearchOptions,
  ): Promise<SearchPage> {
    const { store, catalog, limits } = this.#deps;
    const { from, size, scroll, language } = parameters;
    if (size - from > limits.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
    const body = shapeSearchBody(parameters.body, language);
    const scrollTtlMs = scroll === undefined ? undefined : this.#scrollMs(scroll);
    for (const target of targets) catalog.assertCollection(target);
    const request = { targets, body, from, size };
    const page = await store.search(scrollTtlMs === undefined ? request : { ...request, scrollTtlMs }, options);
    if (page.scrollId !== undefined) this.#remember(page.scrollId, scrollTtlMs ?? 0);
    return page;
  }

  async count(
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    options?: SearchOptions,
  ): Promise<number> {
    this.#deps.catalog.assertCollection(target);
    return this.#deps.store.count(target, shapeQuery(query, language), options);
  }

  /** Errors: `services.storage.scroll_duration_too_great` (400), `unknown_scroll_id` (404). */
  async scroll(scrollId: string, scroll: string | undefined, options?: SearchOptions): Promise<SearchPage> {
    const ttlMs = scroll === undefined ? this.#deps.defaultScrollMs : this.#scrollMs(scroll);
    if (!this.#scrolls.has(scrollId)) throw kerror("services.storage.unknown_scroll_id", scrollId);
    try {
      const page = await this.#deps.store.scroll(scrollId, ttlMs, options);
      this.#scrolls.delete(scrollId);
      if (page.remaining !== 0) this.#remember(page.scrollId ?? scrollId, ttlMs);
      return page;
    } catch (error) {
      this.#scrolls.delete(scrollId);
      throw error;
    }
  }

  /** Closes every scroll that was opened here. */
  async closeScrolls(): Promise<void> {
    const ids = [...this.#scrolls.keys()];
    this.#scrolls.clear();
    for (const id of ids) await this.#deps.store.closeScroll(id);
  }

  /** All matches in batches, over the state at the first one. */
  walk(
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    options: SearchOptions & { readonly batchSize?: number } = {},
  ): AsyncIterable<readonly StoredDocument[]> {
    this.#deps.catalog.assertCollection(target);
    return this.#deps.store.walk(target, shapeQuery(query, language), options);
  }

  /**
   * The same for an operation, which hears how many there are when there is more than one batch, and how many are done with. Ends with the reason
   * of its signal when it is cancelled.
   */
  async *walkFor(
    operation: Operation,
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    batchSize = 1_000,
  ): AsyncGenerator<readonly StoredDocument[]> {
    const { signal } = operation;
    let isFirst = true;
    for await (const batch of this.walk(target, query, language, { signal, batchSize })) {
      signal.throwIfAborted();
      if (isFirst && batch.length === batchSize)
        operation.expect(await this.count(target, query, language, { signal }));
      isFirst = false;
      yield batch;
      operation.advance(batch.length);
    }
  }

  /** All matches at once, refused with `services.storage.write_limit_exceeded` (413) when there are more than one request may write. */
  async matches(
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    options?: SearchOptions,
  ): Promise<readonly StoredDocument[]> {
    const limit = this.#deps.limits.documentsWriteCount;
    const documents: StoredDocument[] = [];
    for await (const batch of this.walk(target, query, language, options)) {
      documents.push(...batch);
      if (documents.length > limit) throw kerror("services.storage.write_limit_exceeded");
    }
    return documents;
  }

  #scrollMs(scroll: string): number {
    const ttlMs = durationMs(scroll);
    if (ttlMs === undefined) throw kerror("api.assert.invalid_argument", "scroll", "a duration such as 30s");
    if (ttlMs > this.#deps.maxScrollMs) throw kerror("services.storage.scroll_duration_too_great", scroll);
    return ttlMs;
  }

  #remember(scrollId: string, ttlMs: number): void {
    const now = this.#deps.clock.now();
    this.#scrolls.set(scrollId, now + ttlMs);
    if (this.#scrolls.size < 1_000) return;
    for (const [id, endsAt] of this.#scrolls) if (endsAt < now) this.#scrolls.delete(id);
  }
}

/** The result of a search as JSON text: sources are spliced in as they were stored. */
export function searchResultText(page: SearchPage): JsonText {
  const members: string[] = [];
  if (page.aggregations !== undefined) members.push(`"aggregations":${JSON.stringify(page.aggregations)}`);
  members.push(`"hits":[${page.hits.map(hitText).join(",")}]`);
  if (page.remaining !== undefined) members.push(`"remaining":${page.remaining}`);
  if (page.scrollId !== undefined) members.push(`"scrollId":${JSON.stringify(page.scrollId)}`);
  if (page.suggest !== undefined) members.push(`"suggest":${JSON.stringify(page.suggest)}`);
  members.push(`"total":${page.total}`);
  return new JsonText(`{${members.join(",")}}`);
}

function hitText(hit: SearchHit): string {
  let text = `{"_id":${JSON.stringify(hit.id)},"_score":${hit.score === null ? "null" : hit.score}`;
  if (hit.source !== undefined) text += `,"_source":${hit.source}`;
  text += `,"index":${JSON.stringify(hit.index)},"collection":${JSON.stringify(hit.collection)}`;
  if (hit.version !== undefined) text += `,"_version":${hit.version}`;
  if (hit.seqNo !== undefined) text += `,"_seq_no":${hit.seqNo},"_primary_term":1`;
  if (hit.fields !== undefined) text += `,"fields":${JSON.stringify(hit.fields)}`;
  if (hit.explanation !== undefined) text += `,"_explanation":${JSON.stringify(hit.explanation)}`;
  if (hit.highlight !== undefined) text += `,"highlight":${JSON.stringify(hit.highlight)}`;
  if (hit.innerHits !== undefined) {
    const inner = Object.entries(hit.innerHits).map(
      ([name, hits]) => `${JSON.stringify(name)}:[${hits.map(hitText).join(",")}]`,
    );
    text += `,"inner_hits":{${inner.join(",")}}`;
  }
  return `${text}}`;
}
