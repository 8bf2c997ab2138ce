import type { JSONObject } from "../../kernel/index.ts";
import { type EntityPage, Repository, type WriteChoices, type WriteResult } from "../storage/repository.ts";
import type { Store } from "./store.ts";

/** Base class of repositories over a {@link Store}: a subclass sets `collection`, and `ObjectConstructor` when it wants instances of its own. */
export class ObjectRepository {
  readonly store: Store;
  collection = "";
  ObjectConstructor: new () => object = Object;
  #repository: Repository | undefined;

  constructor({ store }: { readonly store: Store }) {
    this.store = store;
  }

  /** Made at the first use: the subclass names its collection after this class's constructor. */
  get #documents(): Repository {
    this.#repository ??= new Repository(this.store, this.collection, this.ObjectConstructor);
    return this.#repository;
  }

  async init(): Promise<void> {}

  load(id: string): Promise<object | null> {
    return this.#documents.get(id);
  }

  get(id: string): Promise<object | null> {
    return this.#documents.get(id);
  }

  mGet(ids: readonly string[]): Promise<object[]> {
    return this.#documents.mGet(ids);
  }

  search(body: JSONObject, options: { from?: number; size?: number; scroll?: string } = {}): Promise<EntityPage> {
    return this.#documents.search(body, options);
  }

  scroll(scrollId: string, ttl?: string): Promise<EntityPage> {
    return this.#documents.scroll(scrollId, ttl);
  }

  create(document: JSONObject, choices?: WriteChoices): Promise<WriteResult> {
    return this.#documents.create(document, choices);
  }

  createOrReplace(document: JSONObject, choices?: WriteChoices): Promise<WriteResult> {
    return this.#documents.createOrReplace(document, choices);
  }

  replace(document: JSONObject, choices?: WriteChoices): Promise<WriteResult> {
    return this.#documents.replace(document, choices);
  }

  update(document: JSONObject, choices?: WriteChoices): Promise<WriteResult> {
    return this.#documents.update(document, choices);
  }

  delete(id: string, choices?: WriteChoices): Promise<void> {
    return this.#documents.delete(id, choices);
  }
}
