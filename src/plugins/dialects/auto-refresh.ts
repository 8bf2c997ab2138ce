import { isPlainObject } from "../../kernel/index.ts";
import { PluginStorage } from "../storage/plugin-storage.ts";
import type { PluginScope } from "./dialect.ts";

const collection = "autoRefresh";

/**
 * The flag "refresh after every write" of an index, which only plugins of the first two generations can still ask for. It is kept and answered;
 * there is nothing to do for it where a write is found by the very next search.
 * Source: contract/plugins/events.yaml, `getAutoRefresh` and `setAutoRefresh`.
 */
export class AutoRefresh {
  readonly #storage: PluginStorage;

  constructor({ deps }: PluginScope) {
    const { store, locks, commonMappings } = deps;
    this.#storage = new PluginStorage({ store, locks, commonMappings, index: internalIndex(deps), scope: "private" });
  }

  async get(index: string): Promise<boolean> {
    const { store, index: internal } = this.#storage;
    const isKept = (await store.describe()).some((one) => one.index === internal && one.collection === collection);
    if (!isKept) return false;
    const found = await store.find({ index: internal, collection }, index);
    return found?.source === JSON.stringify({ autoRefresh: true });
  }

  /** Answers the flag. */
  async set(index: string, autoRefresh: boolean): Promise<boolean> {
    const { store, index: internal } = this.#storage;
    await this.#storage.createCollection(collection, { dynamic: "false" });
    const source = JSON.stringify({ autoRefresh });
    await store.write({ index: internal, collection }, [{ kind: "index", id: index, source }], { refresh: true });
    return autoRefresh;
  }
}

/** The server's own private index. */
function internalIndex({ config }: PluginScope["deps"]): string {
  let section: unknown = config;
  for (const name of ["services", "storageEngine", "internalIndex", "name"]) {
    section = isPlainObject(section) ? section[name] : undefined;
  }
  return typeof section === "string" ? section : "kuzzle";
}
