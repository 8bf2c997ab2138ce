/** Shared memory: the commands behind the `ms` controller. */
export { createEmbeddedMemoryStore, type EmbeddedMemoryStore, type EmbeddedOptions } from "./embedded/store.ts";
export {
  type MemoryCommand,
  type MemoryStore,
  MemoryStoreError,
  MemoryStoreUnavailableError,
  type Reply,
} from "./memory-store.ts";
