import { kerror } from "../../../kernel/index.ts";
import type { CollectionDescription, CollectionRef, Scope } from "../document-store.ts";
import type { CollectionRow } from "./rows/schema.ts";

interface Entry {
  readonly id: number;
  readonly scope: Scope;
}

/** Which collections there are, and under which number the engine keeps each. */
export class CollectionTable {
  readonly #indexes = new Map<string, Map<string, Entry>>();

  constructor(rows: readonly CollectionRow[]) {
    for (const row of rows) {
      const scope = row.scope === "private" ? "private" : "public";
      this.add(row.id, { index: row.index_name, collection: row.name }, scope);
    }
  }

  add(id: number, { index, collection }: CollectionRef, scope: Scope): void {
    const collections = this.#indexes.get(index) ?? new Map<string, Entry>();
    collections.set(collection, { id, scope });
    this.#indexes.set(index, collections);
  }

  /** Removes it unless it was created again, under another number, meanwhile. */
  remove({ index, collection }: CollectionRef, id: number): void {
    const collections = this.#indexes.get(index);
    if (collections?.get(collection)?.id !== id) return;
    collections.delete(collection);
    if (collections.size === 0) this.#indexes.delete(index);
  }

  /** Errors: `services.storage.unknown_index`, then `services.storage.unknown_collection` (412). */
  idOf({ index, collection }: CollectionRef): number {
    const collections = this.#indexes.get(index);
    if (collections === undefined) throw kerror("services.storage.unknown_index", index);
    const entry = collections.get(collection);
    if (entry === undefined) throw kerror("services.storage.unknown_collection", index, collection);
    return entry.id;
  }

  describe(): CollectionDescription[] {
    const described: CollectionDescription[] = [];
    for (const [index, collections] of this.#indexes) {
      for (const [collection, { scope }] of collections) described.push({ index, collection, scope });
    }
    return described;
  }
}
