/** Documents: the port, and the engines behind it. */
export type {
  CollectionDescription,
  CollectionRef,
  CollectionView,
  DocumentStore,
  Mappings,
  RebuildProgress,
  Scope,
  SearchHit,
  SearchOptions,
  SearchPage,
  SearchRequest,
  Settings,
  StoredDocument,
  WriteFailure,
  WriteOperation,
  WriteOptions,
  WriteOutcome,
} from "./document-store.ts";
export { createEmbeddedStore, type EmbeddedStoreOptions, type IndexWork } from "./embedded/index.ts";
/** The files of the embedded engine, for whoever operates them. */
export * from "./embedded/operation/index.ts";
export { fieldReader } from "./embedded/rows/field-path.ts";
export { type AnalyzedToken, analyzeText } from "./mapping/analysis/analyze-text.ts";
export { parseMappings } from "./mapping/parse-mappings.ts";
export { fieldTypes, unsupportedTypes } from "./mapping/types/field-types.ts";
export { writtenContent } from "./written-content.ts";
