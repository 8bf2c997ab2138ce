export type { CollectionIndex, IndexHit, IndexSearchRequest, IndexSearchResult, InnerHit } from "./collection-index.ts";
export { createCollectionIndex, searchMany } from "./collection-index.ts";
