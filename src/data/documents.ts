import { kerror } from "../kernel/index.ts";
import type {
  CollectionRef,
  DocumentStore,
  StoredDocument,
  WriteOperation,
  WriteOutcome,
} from "../stores/documents/index.ts";
import type { Catalog } from "./catalog.ts";
import { writeError } from "./write-errors.ts";

export interface DocumentLimits {
  /** Documents that one request may read. */
  readonly documentsFetchCount: number;
  /** Documents that one request may write. */
  readonly documentsWriteCount: number;
}

export interface DocumentsDeps {
  readonly store: DocumentStore;
  readonly catalog: Catalog;
  readonly limits: DocumentLimits;
}

export type WriteSuccess = Extract<WriteOutcome, { ok: true }>;

/** Documents of public collections: existence checks, limits, and the store's outcomes as errors of the API. */
export class Documents {
  readonly #store: DocumentStore;
  readonly #catalog: Catalog;
  readonly #limits: DocumentLimits;

  constructor({ store, catalog, limits }: DocumentsDeps) {
    this.#store = store;
    this.#catalog = catalog;
    this.#limits = limits;
  }

  /** Errors: `services.storage.unknown_index`, `unknown_collection` (412). */
  assertCollection(target: CollectionRef): void {
    this.#catalog.assertCollection(target);
  }

  /** Error: `services.storage.write_limit_exceeded` (413). */
  assertWritable(count: number): void {
    if (count > this.#limits.documentsWriteCount) throw kerror("services.storage.write_limit_exceeded");
  }

  /** Error: `services.storage.get_limit_exceeded` (413). */
  assertReadable(count: number): void {
    if (count > this.#limits.documentsFetchCount) throw kerror("services.storage.get_limit_exceeded");
  }

  async find(target: CollectionRef, id: string): Promise<StoredDocument | undefined> {
    this.#catalog.assertCollection(target);
    return this.#store.find(target, id);
  }

  /** Errors: `services.storage.not_found` (404), `search_as_an_id` (400). */
  async get(target: CollectionRef, id: string): Promise<StoredDocument> {
    if (id === "_search") throw kerror("services.storage.search_as_an_id");
    const document = await this.find(target, id);
    if (document === undefined) throw kerror("services.storage.not_found", id, target.index, target.collection);
    return document;
  }

  async mFind(target: CollectionRef, ids: readonly string[]): Promise<readonly (StoredDocument | undefined)[]> {
    this.assertReadable(ids.length);
    this.#catalog.assertCollection(target);
    return ids.length === 0 ? [] : this.#store.mFind(target, ids);
  }

  async exist(target: CollectionRef, ids: readonly string[]): Promise<readonly boolean[]> {
    this.assertReadable(ids.length);
    this.#catalog.assertCollection(target);
    return ids.length === 0 ? [] : this.#store.exist(target, ids);
  }

  /** One write, or the error of its failure. */
  async write(target: CollectionRef, operation: WriteOperation, refresh: boolean): Promise<WriteSuccess> {
    this.#catalog.assertCollection(target);
    const [outcome] = await this.#store.write(target, [operation], { refresh });
    if (outcome === undefined) throw kerror("services.storage.unexpected_error", "a write had no outcome");
    if (outcome.ok) return outcome;
    throw writeError(outcome.failure, outcome.id, target);
  }

  /** Many writes, each with its outcome. */
  async mWrite(
    target: CollectionRef,
    operations: readonly WriteOperation[],
    refresh: boolean,
  ): Promise<readonly WriteOutcome[]> {
    this.#catalog.assertCollection(target);
    return operations.length === 0 ? [] : this.#store.write(target, operations, { refresh });
  }
}
