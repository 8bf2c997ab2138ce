import type { MaybePromise } from "../../events/index.ts";
import type { JSONObject } from "../../kernel/index.ts";
import { isPlainObject } from "../../kernel/index.ts";
import type { CollectionRef, DocumentStore, Mappings, Scope, Settings } from "../../stores/documents/index.ts";
import type { Locks } from "../realm/locks.ts";
import { withLock } from "./with-lock.ts";

export interface PluginStorageDeps {
  readonly store: DocumentStore;
  readonly locks: Locks;
  readonly commonMappings: Mappings;
  readonly index: string;
  readonly scope: Scope;
  /** Told of new public collections: the API is to serve them. */
  readonly onPublic?: () => MaybePromise<unknown>;
}

/** Name of the private index of a plugin. */
export const pluginIndex = (plugin: string): string => `plugin-${plugin}`.toLowerCase();

/**
 * One index, as plugins create and use it; that of a plugin itself is private: the API does not reach it.
 * Source: contract/plugins/v2.md section 8; contract/search.md section 14.
 */
export class PluginStorage {
  readonly index: string;
  readonly store: DocumentStore;
  readonly #deps: PluginStorageDeps;

  constructor(deps: PluginStorageDeps) {
    this.#deps = deps;
    this.store = deps.store;
    this.index = deps.index;
  }

  /** Creates what is missing and adds new fields to what is there: `{ <collection>: mappings }` or `{ <collection>: { mappings, settings } }`. */
  async bootstrap(collections: JSONObject): Promise<void> {
    await withLock(this.#deps.locks, `bootstrap/${this.index}`, async () => {
      for (const [name, written] of Object.entries(collections ?? {})) {
        const { mappings, settings } = readCollection(written);
        await this.#ensureCollection(name, mappings, settings);
      }
    });
  }

  async createCollection(name: string, mappings: unknown): Promise<void> {
    await withLock(this.#deps.locks, `bootstrap/${this.index}`, () =>
      this.#ensureCollection(name, isPlainObject(mappings) ? mappings : {}, {}),
    );
  }

  async #ensureCollection(name: string, mappings: Mappings, settings: Settings): Promise<void> {
    const target: CollectionRef = { index: this.index, collection: name };
    const known = await this.store.describe();
    const complete = withCommon(mappings, this.#deps.commonMappings);
    if (known.some(({ index, collection }) => index === this.index && collection === name)) {
      await this.store.updateMappings(target, complete);
    } else {
      await this.store.createCollection(target, this.#deps.scope, complete, settings);
      if (this.#deps.scope === "public") await this.#deps.onPublic?.();
    }
  }
}

/** Either of the two forms: the second has `mappings`, perhaps `settings`, and nothing else. */
function readCollection(written: unknown): { mappings: Mappings; settings: Settings } {
  if (!isPlainObject(written)) return { mappings: {}, settings: {} };
  const isWrapped =
    isPlainObject(written.mappings) && Object.keys(written).every((key) => key === "mappings" || key === "settings");
  if (!isWrapped) return { mappings: written, settings: {} };
  return {
    mappings: written.mappings as Mappings,
    settings: isPlainObject(written.settings) ? written.settings : {},
  };
}

function withCommon(mappings: Mappings, common: Mappings): Mappings {
  return { ...common, ...mappings, properties: { ...common.properties, ...mappings.properties } };
}
