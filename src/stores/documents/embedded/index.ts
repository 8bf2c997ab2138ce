/** The embedded engine: documents in SQLite, searched by indexes in memory. */
export { createEmbeddedStore, type EmbeddedStoreOptions } from "./store.ts";
export type { IndexWork } from "./wire/index-work.ts";
