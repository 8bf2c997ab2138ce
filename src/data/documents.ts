import { kerror } from "../kernel/index.ts";
import type {
  CollectionRef,
  DocumentStore,
  StoredDocument,
  WriteOperation,
  WriteOutcome,
} from "../stores/documents/index.ts";
import type { Catalog } from "./catalog.ts";
import { type GuardedOutcome, guardedWrite } from "./rules/guarded-writes.ts";
import type { HeldRule } from "./rules/held-rule.ts";
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

/**
 * Documents of public collections: existence checks, limits, and the store's outcomes as errors of the API. Where a rule is given, documents that
 * it hides are not there, and sources are answered without the fields that it hides.
 */
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
  async get(target: CollectionRef, id: string, held?: HeldRule): Promise<StoredDocument> {
    const document = await this.getWhole(target, id, held);
    return held === undefined ? document : cutDocument(document, held);
  }

  /** The same with all its fields, for whoever does not answer it. */
  async getWhole(target: CollectionRef, id: string, held?: HeldRule): Promise<StoredDocument> {
    if (id === "_search") throw kerror("services.storage.search_as_an_id");
    const document = await this.find(target, id);
    if (document !== undefined && (held === undefined || isSeen(document, held))) return document;
    throw kerror("services.storage.not_found", id, target.index, target.collection);
  }

  async mFind(
    target: CollectionRef,
    ids: readonly string[],
    held?: HeldRule,
  ): Promise<readonly (StoredDocument | undefined)[]> {
    this.assertReadable(ids.length);
    this.#catalog.assertCollection(target);
    if (ids.length === 0) return [];
    const found = await this.#store.mFind(target, ids);
    if (held === undefined) return found;
    return found.map((one) => (one !== undefined && isSeen(one, held) ? cutDocument(one, held) : undefined));
  }

  async exist(target: CollectionRef, ids: readonly string[], held?: HeldRule): Promise<readonly boolean[]> {
    this.assertReadable(ids.length);
    this.#catalog.assertCollection(target);
    if (ids.length === 0) return [];
    if (held?.rule.filter === undefined) return this.#store.exist(target, ids);
    const found = await this.#store.mFind(target, ids);
    return found.map((one) => one !== undefined && isSeen(one, held));
  }

  /** One write, or the error of its failure. The outcome's source is whole, also under a rule. */
  async write(
    target: CollectionRef,
    operation: WriteOperation,
    refresh: boolean,
    held?: HeldRule,
  ): Promise<WriteSuccess> {
    this.#catalog.assertCollection(target);
    const [outcome] = await this.#writeHeld(target, [operation], refresh, held);
    if (outcome === undefined) throw kerror("services.storage.unexpected_error", "a write had no outcome");
    if (outcome.ok) return outcome;
    throw writeError(outcome.failure, outcome.id, target);
  }

  #writeHeld(
    target: CollectionRef,
    operations: readonly WriteOperation[],
    refresh: boolean,
    held: HeldRule | undefined,
  ): Promise<readonly GuardedOutcome[]> {
    return held === undefined
      ? this.#store.write(target, operations, { refresh })
      : guardedWrite(this.#store, target, operations, held, refresh);
  }

  /** Many writes, each with its outcome. Sources of outcomes are whole, also under a rule. */
  async mWrite(
    target: CollectionRef,
    operations: readonly WriteOperation[],
    refresh: boolean,
    held?: HeldRule,
  ): Promise<readonly GuardedOutcome[]> {
    this.#catalog.assertCollection(target);
    return operations.length === 0 ? [] : this.#writeHeld(target, operations, refresh, held);
  }
}

function isSeen({ id, source }: StoredDocument, { rule }: HeldRule): boolean {
  return rule.filter === undefined || rule.matches(JSON.parse(source), id);
}

/** A stored document as a rule lets it be seen. */
export function cutDocument(document: StoredDocument, { rule }: HeldRule): StoredDocument {
  return rule.readable === undefined ? document : { ...document, source: rule.readable.cutText(document.source) };
}
