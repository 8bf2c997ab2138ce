export {
  type DirectoryLock,
  isDirectoryInUse,
  lockDataDirectory,
  openDataDirectory,
  parseFormat,
} from "../rows/directory.ts";
export { makeDurably, syncDirectory, syncFile, syncTree, writeDurably } from "../rows/durable-files.ts";
export { formatVersion } from "../rows/format.ts";
export {
  commitReplacement,
  discardReplacement,
  finishReplacement,
  isReplacementPending,
  stageReplacement,
} from "../rows/replacement.ts";
export type { DocumentsCheck } from "./check-documents.ts";
export { checkEngine, type EngineCheck, forgetSegments } from "./check-engine.ts";
export { type Compacted, compactDocuments } from "./compact-documents.ts";
export { type CollectionCount, copyDocuments } from "./copy-documents.ts";
export type { Finding } from "./finding.ts";
export { type SalvagedCollection, salvageDocuments } from "./salvage.ts";
