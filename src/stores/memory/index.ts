/** Shared memory: the commands behind the `ms` controller. */
export { type MemoryStore, MemoryStoreError, type Reply } from "./memory-store.ts";
