import { kerror } from "../kernel/index.ts";
import type { CollectionDescription, CollectionRef, Scope } from "../stores/documents/index.ts";
import { hiddenCollection } from "./names.ts";

/**
 * Which indexes and collections there are, known in memory: `exists` and `list` cost nothing. Filled at start from the store, kept up to
 * date by whoever creates and deletes.
 */
export class Catalog {
  readonly #indexes = new Map<string, { readonly scope: Scope; readonly collections: Set<string> }>();

  load(descriptions: readonly CollectionDescription[]): void {
    this.#indexes.clear();
    for (const { index, collection, scope } of descriptions) this.add({ index, collection }, scope);
  }

  add({ index, collection }: CollectionRef, scope: Scope): void {
    const known = this.#indexes.get(index) ?? { scope, collections: new Set() };
    this.#indexes.set(index, known);
    known.collections.add(collection);
  }

  removeCollection({ index, collection }: CollectionRef): void {
    this.#indexes.get(index)?.collections.delete(collection);
  }

  removeIndex(index: string): void {
    this.#indexes.delete(index);
  }

  scopeOf(index: string): Scope | undefined {
    return this.#indexes.get(index)?.scope;
  }

  hasIndex(index: string, scope: Scope = "public"): boolean {
    return this.#indexes.get(index)?.scope === scope;
  }

  hasCollection({ index, collection }: CollectionRef, scope: Scope = "public"): boolean {
    const known = this.#indexes.get(index);
    return known?.scope === scope && collection !== hiddenCollection && known.collections.has(collection);
  }

  /** In the order of creation. */
  indexes(scope: Scope = "public"): readonly string[] {
    return [...this.#indexes].filter(([, known]) => known.scope === scope).map(([name]) => name);
  }

  /** Without the hidden one. */
  collections(index: string, scope: Scope = "public"): readonly string[] {
    const known = this.#indexes.get(index);
    if (known?.scope !== scope) return [];
    return [...known.collections].filter((name) => name !== hiddenCollection);
  }

  /** Every collection of an index as the store knows it, the hidden one included. */
  storedCollections(index: string): readonly string[] {
    return [...(this.#indexes.get(index)?.collections ?? [])];
  }

  /** Error: `services.storage.unknown_index` (412). */
  assertIndex(index: string, scope: Scope = "public"): void {
    if (!this.hasIndex(index, scope)) throw kerror("services.storage.unknown_index", index);
  }

  /** Errors: `services.storage.unknown_index`, then `unknown_collection` (412). */
  assertCollection(target: CollectionRef, scope: Scope = "public"): void {
    this.assertIndex(target.index, scope);
    if (!this.hasCollection(target, scope)) {
      throw kerror("services.storage.unknown_collection", target.index, target.collection);
    }
  }
}
