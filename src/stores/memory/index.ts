/** Shared memory: the commands behind the `ms` controller. */

/** The files of the embedded engine, for whoever operates them. */
export {
  checkFiles,
  compactFiles,
  type DamagedPart,
  type FilesCheck,
  salvageFiles,
} from "./embedded/durable/check-files.ts";
export { type CapturedFiles, captureFiles } from "./embedded/durable/copy-files.ts";
export { createEmbeddedMemoryStore, type EmbeddedMemoryStore, type EmbeddedOptions } from "./embedded/store.ts";
export {
  type MemoryCommand,
  type MemoryStore,
  MemoryStoreError,
  MemoryStoreUnavailableError,
  type Reply,
} from "./memory-store.ts";
