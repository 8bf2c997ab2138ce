import type { Events } from "../events/index.ts";
import { isPlainObject } from "../kernel/index.ts";
import type { DocumentStore, SearchOptions } from "../stores/documents/index.ts";

/**
 * The store, with the hook `services:storage:error` for every call that it refuses or fails (contract/search.md section 15). Costs nothing
 * while nobody listens.
 */
export function tellingErrors(store: DocumentStore, events: Events): DocumentStore {
  const told = <T>(method: string, target: unknown, pending: Promise<T>): Promise<T> => {
    if (events.hasListeners("services:storage:error")) {
      pending.catch((error: unknown) => tell(method, target, error));
    }
    return pending;
  };
  const tell = (method: string, target: unknown, error: unknown): void => {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    events.hook("services:storage:error", { message, meta: { method, ...(isPlainObject(target) && target) }, stack });
  };

  return {
    engine: store.engine,
    check: () => store.check(),
    describe: () => told("describe", undefined, store.describe()),
    createCollection: (target, scope, mappings, settings) =>
      told("createCollection", target, store.createCollection(target, scope, mappings, settings)),
    deleteCollection: (target) => told("deleteCollection", target, store.deleteCollection(target)),
    truncateCollection: (target) => told("truncateCollection", target, store.truncateCollection(target)),
    getMappings: (target) => told("getMappings", target, store.getMappings(target)),
    updateMappings: (target, mappings) => told("updateMappings", target, store.updateMappings(target, mappings)),
    getSettings: (target) => told("getSettings", target, store.getSettings(target)),
    updateSettings: (target, settings) => told("updateSettings", target, store.updateSettings(target, settings)),
    reindex: (target) => told("reindex", target, store.reindex(target)),
    write: (target, operations, options) => told("write", target, store.write(target, operations, options)),
    find: (target, id) => told("find", target, store.find(target, id)),
    mFind: (target, ids) => told("mFind", target, store.mFind(target, ids)),
    exist: (target, ids) => told("exist", target, store.exist(target, ids)),
    search: (request, options) => told("search", { targets: request.targets }, store.search(request, options)),
    count: (target, query, options) => told("count", target, store.count(target, query, options)),
    scroll: (scrollId, ttlMs, options) => told("scroll", undefined, store.scroll(scrollId, ttlMs, options)),
    closeScroll: (scrollId) => told("closeScroll", undefined, store.closeScroll(scrollId)),
    async *walk(target, query, options?: SearchOptions & { readonly batchSize?: number }) {
      try {
        yield* store.walk(target, query, options);
      } catch (error) {
        tell("walk", target, error);
        throw error;
      }
    },
    refresh: (target) => told("refresh", target, store.refresh(target)),
    stats: (target) => told("stats", target, store.stats(target)),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
