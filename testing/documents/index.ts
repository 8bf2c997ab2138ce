/**
 * What a document store is, for authors of engines, published as `tenon/testing/documents`: the port, and the suite that every engine is held to.
 * docs/document-stores.md tells how.
 */
export type {
  CollectionDescription,
  CollectionRef,
  CollectionView,
  DocumentStore,
  Mappings,
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
} from "../../src/stores/documents/index.ts";
export { openEmbeddedEngine } from "./embedded-engine.ts";
export { type DocumentStoreGaps, type Place, testDocumentStore } from "./suite.ts";
