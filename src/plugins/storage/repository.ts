import ms from "ms";
import { shapeSearchBody } from "../../data/index.ts";
import { catalogue, errorFrom, type JSONObject, kerror } from "../../kernel/index.ts";
import type {
  CollectionRef,
  SearchPage,
  StoredDocument,
  WriteOperation,
  WriteOutcome,
} from "../../stores/documents/index.ts";
import type { PluginStorage } from "./plugin-storage.ts";

type Model = new () => object;
type Entity = JSONObject & { _id?: string };

export interface WriteChoices {
  readonly refresh?: "wait_for" | "false" | boolean;
  /** Who is named as author or updater; null otherwise. */
  readonly userId?: string;
}

/** As the engine of the original answers a write. */
export interface WriteResult {
  readonly _id: string;
  readonly _version: number;
  readonly _source: JSONObject;
  readonly created: boolean;
  readonly result: "created" | "updated";
}

export interface EntityPage {
  readonly hits: readonly object[];
  readonly total: number;
  readonly scrollId?: string;
  readonly aggregations?: JSONObject;
}

const defaultScrollMs = 15_000;

/**
 * The documents of one collection of a plugin's storage, as instances of a class of its choice. `_id` is the id of a document, not part of its content.
 * Errors: `plugin.context.missing_collection`, `services.storage.not_found`, `services.storage.document_already_exists`.
 * Source: contract/plugins/v2.md section 8.
 */
export class Repository {
  readonly #storage: PluginStorage;
  readonly #target: CollectionRef;
  readonly #Model: Model;

  constructor(storage: PluginStorage, collection: unknown, Model?: Model | null) {
    if (typeof collection !== "string" || collection === "") throw kerror("plugin.context.missing_collection");
    this.#storage = storage;
    this.#target = { index: storage.index, collection };
    this.#Model = Model ?? Object;
  }

  create(document: Entity, choices: WriteChoices = {}): Promise<WriteResult> {
    const source = this.#contentOf(document, created(choices));
    return this.#write({ kind: "create", ...idOf(document), source: JSON.stringify(source) }, source, choices);
  }

  createOrReplace(document: Entity, choices: WriteChoices = {}): Promise<WriteResult> {
    const source = this.#contentOf(document, created(choices));
    return this.#write({ kind: "index", ...idOf(document), source: JSON.stringify(source) }, source, choices);
  }

  replace(document: Entity, choices: WriteChoices = {}): Promise<WriteResult> {
    const source = this.#contentOf(document, created(choices));
    return this.#write({ kind: "replace", id: requiredId(document), source: JSON.stringify(source) }, source, choices);
  }

  /** Merges: members that are not given stay. */
  update(document: Entity, choices: WriteChoices = {}): Promise<WriteResult> {
    const partial = this.#contentOf(document, { updater: choices.userId ?? null, updatedAt: Date.now() });
    return this.#write(
      { kind: "update", id: requiredId(document), partial: JSON.stringify(partial), returnSource: true },
      partial,
      choices,
    );
  }

  async delete(id: string, choices: WriteChoices = {}): Promise<void> {
    await this.#one({ kind: "delete", id }, choices);
  }

  /** A missing document is an error, but null in a collection named `users`. */
  async get(id: string): Promise<object | null> {
    const found = await this.#storage.store.find(this.#target, id);
    if (found !== undefined) return this.#entity(found.id, found.source);
    if (this.#target.collection === "users") return null;
    throw this.#notFound(id);
  }

  /** As `get`, under the name of the exported class. */
  load(id: string): Promise<object | null> {
    return this.get(id);
  }

  /** Those that exist, in the order of the ids. */
  async mGet(ids: readonly string[]): Promise<object[]> {
    const found = await this.#storage.store.mFind(this.#target, ids);
    return found
      .filter((document): document is StoredDocument => document !== undefined)
      .map(({ id, source }) => this.#entity(id, source));
  }

  async search(
    body: JSONObject,
    { from, size, scroll }: { readonly from?: number; readonly size?: number; readonly scroll?: string } = {},
  ): Promise<EntityPage> {
    const page = await this.#storage.store.search({
      targets: [this.#target],
      body: shapeSearchBody(body ?? {}, "elasticsearch"),
      ...pageOf(from ?? body?.from, size ?? body?.size),
      ...(scroll === undefined ? {} : { scrollTtlMs: durationMs(scroll) }),
    });
    return this.#page(page);
  }

  /** The next page of a search that was made with `scroll`. */
  async scroll(scrollId: string, ttl?: string): Promise<EntityPage> {
    return this.#page(
      await this.#storage.store.scroll(scrollId, ttl === undefined ? defaultScrollMs : durationMs(ttl)),
    );
  }

  async #write(operation: WriteOperation, content: JSONObject, choices: WriteChoices): Promise<WriteResult> {
    const { id, version, created, source } = await this.#one(operation, choices);
    return {
      _id: id,
      _version: version,
      _source: source === undefined ? content : (JSON.parse(source) as JSONObject),
      created,
      result: created ? "created" : "updated",
    };
  }

  async #one(operation: WriteOperation, { refresh }: WriteChoices): Promise<Extract<WriteOutcome, { ok: true }>> {
    const options = { refresh: refresh === "wait_for" || refresh === true };
    const [outcome] = await this.#storage.store.write(this.#target, [operation], options);
    if (outcome?.ok === true) return outcome;
    if (outcome === undefined) throw kerror("services.storage.not_connected");
    const { failure } = outcome;
    switch (failure.reason) {
      case "exists":
        throw kerror("services.storage.document_already_exists");
      case "missing":
        throw this.#notFound(operation.id ?? "");
      case "conflict":
        throw kerror("services.storage.too_many_changes", operation.id ?? "");
      case "rejected":
        throw errorFrom(failure.errorId, catalogue[failure.errorId], failure.parameters);
    }
  }

  #contentOf(document: Entity, info: JSONObject): JSONObject {
    const { _id, ...content } = document;
    return { ...content, _kuzzle_info: info };
  }

  #entity(id: string, source: string): object {
    return Object.assign(new this.#Model(), JSON.parse(source), { _id: id });
  }

  #page({ hits, total, scrollId, aggregations }: SearchPage): EntityPage {
    return {
      hits: hits.map((hit) => this.#entity(hit.id, hit.source ?? "{}")),
      total,
      ...(scrollId === undefined ? {} : { scrollId }),
      ...(aggregations === undefined ? {} : { aggregations }),
    };
  }

  #notFound(id: string): Error {
    return kerror("services.storage.not_found", id, this.#target.index, this.#target.collection);
  }
}

function pageOf(from: unknown, size: unknown): { from?: number; size?: number } {
  return { ...(typeof from === "number" ? { from } : {}), ...(typeof size === "number" ? { size } : {}) };
}

const created = ({ userId }: WriteChoices): JSONObject => ({
  author: userId ?? null,
  createdAt: Date.now(),
  updatedAt: null,
  updater: null,
});

const idOf = ({ _id }: Entity): { id: string } | undefined =>
  typeof _id === "string" && _id !== "" ? { id: _id } : undefined;

function requiredId(document: Entity): string {
  const id = idOf(document)?.id;
  if (id === undefined) throw kerror("services.storage.missing_argument", "_id");
  return id;
}

function durationMs(text: string): number {
  const duration = ms(text as ms.StringValue) as number | undefined;
  if (duration === undefined || duration <= 0) {
    throw kerror("services.storage.invalid_argument", "scroll", 'a duration as in "30s"');
  }
  return duration;
}
