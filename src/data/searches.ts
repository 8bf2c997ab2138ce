import { isThenable, type MaybePromise } from "../events/index.ts";
import { type Clock, type JSONObject, JsonText, kerror } from "../kernel/index.ts";
import type {
  CollectionRef,
  CollectionView,
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
import type { HeldRule } from "./rules/held-rule.ts";
import { viewOf } from "./rules/view-of.ts";
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

/** What a caller is held to in each of some collections, in their order; undefined: nothing anywhere. */
export type HeldRules = readonly (HeldRule | undefined)[] | undefined;

interface OpenScroll {
  readonly endsAt: number;
  readonly targets: readonly CollectionRef[];
  /** By target: the key of the rule under which it was opened. */
  readonly keys: readonly (string | undefined)[];
}

/** Searches, counts and scrolls over public collections (contract/search.md section 7). */
export class Searches {
  readonly #deps: SearchesDeps;
  /** Scrolls opened here and when they end: those of private collections cannot be read by their id. */
  readonly #scrolls = new Map<string, OpenScroll>();

  constructor(deps: SearchesDeps) {
    this.#deps = deps;
  }

  async search(
    targets: readonly CollectionRef[],
    parameters: SearchParameters,
    options?: SearchOptions,
    held?: HeldRules,
  ): Promise<SearchPage> {
    const { store, catalog, limits } = this.#deps;
    const { from, size, scroll, language } = parameters;
    if (size - from > limits.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
    const body = shapeSearchBody(parameters.body, language);
    const scrollTtlMs = scroll === undefined ? undefined : this.#scrollMs(scroll);
    for (const target of targets) catalog.assertCollection(target);
    const request = { targets, body, from, size };
    const seen = held === undefined ? options : { ...options, visible: await this.#views(targets, held) };
    const page = await store.search(scrollTtlMs === undefined ? request : { ...request, scrollTtlMs }, seen);
    if (page.scrollId !== undefined) {
      const keys = targets.map((_, i) => held?.[i]?.rule.key);
      this.#remember(page.scrollId, { endsAt: this.#deps.clock.now() + (scrollTtlMs ?? 0), targets, keys });
    }
    return page;
  }

  #views(targets: readonly CollectionRef[], held: HeldRules): Promise<readonly (CollectionView | undefined)[]> {
    return Promise.all(
      targets.map((target, i) => {
        const own = held?.[i];
        return own === undefined ? undefined : viewOf(this.#deps.store, target, own);
      }),
    );
  }

  async count(
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    options?: SearchOptions,
    held?: HeldRule,
  ): Promise<number> {
    this.#deps.catalog.assertCollection(target);
    const shaped = shapeQuery(query, language);
    const seen = held === undefined ? options : { ...options, visible: await this.#views([target], [held]) };
    return this.#deps.store.count(target, shaped, seen);
  }

  /**
   * `ruleOf`: what the caller is held to in a collection. A scroll that was opened under another rule is unknown to those who have one.
   * Errors: `services.storage.scroll_duration_too_great` (400), `unknown_scroll_id` (404).
   */
  async scroll(
    scrollId: string,
    scroll: string | undefined,
    options?: SearchOptions,
    ruleOf?: (target: CollectionRef) => MaybePromise<HeldRule | undefined>,
  ): Promise<SearchPage> {
    const ttlMs = scroll === undefined ? this.#deps.defaultScrollMs : this.#scrollMs(scroll);
    const open = this.#scrolls.get(scrollId);
    if (open === undefined) throw kerror("services.storage.unknown_scroll_id", scrollId);
    for (const [i, target] of ruleOf === undefined ? [] : open.targets.entries()) {
      const pending = ruleOf?.(target);
      const held = isThenable(pending) ? await pending : pending;
      if (held !== undefined && held.rule.key !== open.keys[i])
        throw kerror("services.storage.unknown_scroll_id", scrollId);
    }
    try {
      const page = await this.#deps.store.scroll(scrollId, ttlMs, options);
      this.#scrolls.delete(scrollId);
      const endsAt = this.#deps.clock.now() + ttlMs;
      if (page.remaining !== 0) this.#remember(page.scrollId ?? scrollId, { ...open, endsAt });
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

  /** Error: `security.rights.forbidden` (403) when searches of the collection cannot be held to a rule. */
  async assertHeld(target: CollectionRef, held: HeldRule): Promise<void> {
    this.#deps.catalog.assertCollection(target);
    await viewOf(this.#deps.store, target, held);
  }

  /** All matches in batches, over the state at the first one. Under a rule sources still come whole: who answers them cuts them. */
  walk(
    target: CollectionRef,
    query: unknown,
    language: QueryLanguage,
    options: SearchOptions & { readonly batchSize?: number } = {},
    held?: HeldRule,
  ): AsyncIterable<readonly StoredDocument[]> {
    this.#deps.catalog.assertCollection(target);
    const shaped = shapeQuery(query, language);
    if (held !== undefined) return this.#walkHeld(target, shaped, options, held);
    return this.#deps.store.walk(target, shaped, options);
  }

  async *#walkHeld(
    target: CollectionRef,
    query: JSONObject,
    options: SearchOptions & { readonly batchSize?: number },
    held: HeldRule,
  ): AsyncGenerator<readonly StoredDocument[]> {
    const visible = await this.#views([target], [held]);
    yield* this.#deps.store.walk(target, query, { ...options, visible });
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
    held: HeldRule | undefined,
    batchSize = 1_000,
  ): AsyncGenerator<readonly StoredDocument[]> {
    const { signal } = operation;
    let isFirst = true;
    for await (const batch of this.walk(target, query, language, { signal, batchSize }, held)) {
      signal.throwIfAborted();
      if (isFirst && batch.length === batchSize)
        operation.expect(await this.count(target, query, language, { signal }, held));
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
    held?: HeldRule,
  ): Promise<readonly StoredDocument[]> {
    const limit = this.#deps.limits.documentsWriteCount;
    const documents: StoredDocument[] = [];
    for await (const batch of this.walk(target, query, language, options, held)) {
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

  #remember(scrollId: string, open: OpenScroll): void {
    const now = this.#deps.clock.now();
    this.#scrolls.set(scrollId, open);
    if (this.#scrolls.size < 1_000) return;
    for (const [id, { endsAt }] of this.#scrolls) if (endsAt < now) this.#scrolls.delete(id);
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
