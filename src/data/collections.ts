import type { Events } from "../events/index.ts";
import { isPlainObject, type JSONObject, KuzzleError, kerror, type Logger } from "../kernel/index.ts";
import type { CollectionRef, DocumentStore, Mappings, Scope, Settings } from "../stores/documents/index.ts";
import type { Catalog } from "./catalog.ts";
import { opensDynamic, shapeMappings } from "./mapping-shape.ts";
import { assertCollectionName, assertIndexName, hiddenCollection } from "./names.ts";

export interface CollectionsDeps {
  readonly store: DocumentStore;
  readonly catalog: Catalog;
  readonly events: Events;
  readonly log: Logger;
  /** `services.storageEngine.commonMapping`: merged into every new collection. */
  readonly commonMappings: JSONObject;
  /** `services.storageEngine.defaultSettings`. */
  readonly defaultSettings: JSONObject;
}

export interface CollectionChange {
  readonly mappings?: JSONObject;
  readonly settings?: JSONObject;
  /** Index the documents again even when no policy opened. */
  readonly reindex?: boolean;
}

/** Somebody else was faster. */
function unlessGone(error: unknown): void {
  if (!(error instanceof KuzzleError) || error.id !== "services.storage.unknown_collection") throw error;
}

/** What brings settings back that others were written over: those that were not there before are taken away. */
function undoing(before: JSONObject, after: JSONObject): JSONObject {
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  const former = Object.entries(before).map(([name, value]) => {
    const present = Object.hasOwn(after, name) ? after[name] : undefined;
    return [name, isPlainObject(value) && isPlainObject(present) ? undoing(value, present) : value] as const;
  });
  return Object.fromEntries([...added.map((name) => [name, null] as const), ...former]);
}

/** Indexes and collections: creation, deletion, mappings and settings (contract/search.md section 4). */
export class Collections {
  readonly #deps: CollectionsDeps;
  readonly #beingCreated = new Set<string>();
  readonly #removals = new Map<string, Promise<void>>();

  constructor(deps: CollectionsDeps) {
    this.#deps = deps;
  }

  /** Errors: `services.storage.index_already_exists` (412), `invalid_index_name` (400). */
  async createIndex(index: string, scope: Scope = "public"): Promise<void> {
    const { catalog } = this.#deps;
    if (catalog.hasIndex(index, scope) || this.#beingCreated.has(index))
      throw kerror("services.storage.index_already_exists", index, scope);
    assertIndexName(index);
    this.#assertScope(index, scope);
    this.#beingCreated.add(index);
    try {
      await this.#keepIndex(index, scope);
    } finally {
      this.#beingCreated.delete(index);
    }
  }

  async #keepIndex(index: string, scope: Scope): Promise<void> {
    const target = { index, collection: hiddenCollection };
    await this.#deps.store.createCollection(target, scope, { dynamic: "false", properties: {} }, {});
    this.#deps.catalog.add(target, scope);
    this.#deps.events.hook("core:storage:index:create:after", { index, scope });
  }

  #assertScope(index: string, scope: Scope): void {
    const known = this.#deps.catalog.scopeOf(index);
    if (known !== undefined && known !== scope) throw kerror("services.storage.index_already_exists", index, known);
  }

  /** Error: `services.storage.unknown_index` (412). */
  async deleteIndex(index: string, scope: Scope = "public"): Promise<void> {
    const { catalog, events } = this.#deps;
    catalog.assertIndex(index, scope);
    await this.#removeIndex(index);
    events.hook("core:storage:index:delete:after", { index, scope });
  }

  /** Answers those that were deleted; unknown ones are skipped. */
  async deleteIndexes(indexes: readonly string[], scope: Scope = "public"): Promise<readonly string[]> {
    const { catalog, events } = this.#deps;
    const known = [...new Set(indexes)].filter((index) => catalog.hasIndex(index, scope));
    for (const index of known) await this.#removeIndex(index);
    if (known.length > 0) events.hook("core:storage:index:mDelete:after", { indexes: known, scope });
    return known;
  }

  /** Whoever deletes it while it is being deleted waits for that. */
  #removeIndex(index: string): Promise<void> {
    const removal = this.#removals.get(index) ?? this.#emptyIndex(index).finally(() => this.#removals.delete(index));
    this.#removals.set(index, removal);
    return removal;
  }

  /** Collections that are created meanwhile go too: the store would have them, and nobody know of them until the next start. */
  async #emptyIndex(index: string): Promise<void> {
    const { store, catalog } = this.#deps;
    for (let left = catalog.storedCollections(index); left.length > 0; left = catalog.storedCollections(index)) {
      for (const collection of left) {
        await store.deleteCollection({ index, collection }).catch(unlessGone);
        catalog.removeCollection({ index, collection });
      }
    }
    catalog.removeIndex(index);
  }

  /** Adds what the store has and the catalog lacks: made by others since the start. Takes nothing away. */
  async discover(scope: Scope = "public"): Promise<void> {
    const { store, catalog } = this.#deps;
    for (const description of await store.describe()) {
      const { index } = description;
      if (description.scope !== scope) continue;
      if (catalog.scopeOf(index) === undefined || catalog.hasIndex(index, scope)) catalog.add(description, scope);
    }
  }

  /** Creates the collection, and its index when needed; an existing one is updated. */
  async create(
    target: CollectionRef,
    { mappings = {}, settings = {} }: CollectionChange,
    scope: Scope = "public",
  ): Promise<void> {
    const { store, catalog, events } = this.#deps;
    assertIndexName(target.index);
    assertCollectionName(target.collection);
    this.#assertScope(target.index, scope);
    if (catalog.hasCollection(target, scope)) return this.update(target, { mappings, settings }, scope);
    const shaped = this.#withCommonMappings(shapeMappings(mappings));
    if (!catalog.hasIndex(target.index, scope)) await this.#keepIndex(target.index, scope);
    await store.createCollection(target, scope, shaped, this.#withDefaultSettings(settings));
    catalog.add(target, scope);
    events.hook("core:storage:collection:create:after", { ...target, scope });
  }

  #withCommonMappings(mappings: Mappings): Mappings {
    const common = shapeMappings(this.#deps.commonMappings);
    const properties = { ...mappings.properties, ...common.properties };
    const _meta = mappings._meta ?? common._meta;
    const merged: Mappings = {
      ...common,
      ...mappings,
      dynamic: mappings.dynamic ?? common.dynamic ?? "false",
      properties,
    };
    return _meta === undefined ? merged : { ...merged, _meta };
  }

  #withDefaultSettings(settings: JSONObject): Settings {
    return { ...this.#deps.defaultSettings, ...settings };
  }

  /** Settings first, then mappings; when the mappings are refused the former settings come back. */
  async update(
    target: CollectionRef,
    { mappings, settings, reindex = false }: CollectionChange,
    scope: Scope = "public",
  ): Promise<void> {
    const { store, catalog } = this.#deps;
    catalog.assertCollection(target, scope);
    const shaped = mappings === undefined ? undefined : shapeMappings(mappings);
    const hasSettings = settings !== undefined && Object.keys(settings).length > 0;
    const settingsBefore = hasSettings ? await store.getSettings(target) : {};
    if (hasSettings) await store.updateSettings(target, settings);
    if (shaped === undefined || Object.keys(shaped).length === 0) return this.#reindexIf(reindex, target);
    const before = await store.getMappings(target);
    try {
      await store.updateMappings(target, shaped);
    } catch (error) {
      if (hasSettings) await store.updateSettings(target, undoing(settingsBefore, await store.getSettings(target)));
      throw error;
    }
    this.#reindexIf(reindex || opensDynamic(before as JSONObject, shaped as JSONObject), target);
  }

  /** In the background: nobody waits for it, and the old index answers meanwhile. */
  #reindexIf(needed: boolean, target: CollectionRef): void {
    if (!needed) return;
    const { store, log } = this.#deps;
    store.reindex(target).catch((err: unknown) => log.error("collection.reindex_failed", { ...target, err }));
  }

  async delete(target: CollectionRef, scope: Scope = "public"): Promise<void> {
    const { store, catalog, events } = this.#deps;
    catalog.assertCollection(target, scope);
    await store.deleteCollection(target);
    catalog.removeCollection(target);
    events.hook("core:storage:collection:delete:after", { ...target, scope });
  }

  async truncate(target: CollectionRef, scope: Scope = "public"): Promise<void> {
    this.#deps.catalog.assertCollection(target, scope);
    await this.#deps.store.truncateCollection(target);
  }

  async mappings(target: CollectionRef, scope: Scope = "public"): Promise<Mappings> {
    this.#deps.catalog.assertCollection(target, scope);
    return this.#deps.store.getMappings(target);
  }

  async settings(target: CollectionRef, scope: Scope = "public"): Promise<Settings> {
    this.#deps.catalog.assertCollection(target, scope);
    return this.#deps.store.getSettings(target);
  }

  async refresh(target: CollectionRef, scope: Scope = "public"): Promise<void> {
    this.#deps.catalog.assertCollection(target, scope);
    await this.#deps.store.refresh(target);
  }

  /** `{ size, indexes: [{ name, size, collections: [{ name, documentCount, size }] }] }`, public collections only. */
  async stats(): Promise<JSONObject> {
    const { store, catalog } = this.#deps;
    const indexes: { name: string; size: number; collections: JSONObject[] }[] = [];
    for (const index of catalog.indexes()) {
      const collections: JSONObject[] = [];
      let size = 0;
      for (const collection of catalog.collections(index)) {
        const { documents, bytes } = await store.stats({ index, collection });
        collections.push({ name: collection, documentCount: documents, size: bytes });
        size += bytes;
      }
      if (collections.length > 0) indexes.push({ name: index, size, collections });
    }
    return { size: indexes.reduce((sum, { size }) => sum + size, 0), indexes };
  }
}
