/** Indexes, collections and documents: what is there, what may be written, what is found; and the feed of changes. */
export { Catalog } from "./catalog.ts";
export { ChangeFeed, type ChangeListener, changedPaths, type DocumentChange } from "./changes.ts";
export { type CollectionChange, Collections, type CollectionsDeps } from "./collections.ts";
export type { ContentToCheck, ContentValidator, ValidationReport } from "./content-validator.ts";
export { cutDocument, type DocumentLimits, Documents, type DocumentsDeps, type WriteSuccess } from "./documents.ts";
export { durationMs } from "./duration.ts";
export { shapeMappings } from "./mapping-shape.ts";
export * as metadata from "./metadata.ts";
export { hiddenCollection, isValidName } from "./names.ts";
export { Operation, type OperationReport, type OperationStart } from "./operations/operation.ts";
export { Operations } from "./operations/operations.ts";
export type { GuardedOutcome } from "./rules/guarded-writes.ts";
export { type HeldRule, holdTo } from "./rules/held-rule.ts";
export { assertNoScripts, type QueryLanguage, shapeQuery, shapeSearchBody } from "./search-body.ts";
export { type HeldRules, Searches, type SearchesDeps, type SearchParameters, searchResultText } from "./searches.ts";
export { Specifications, type SpecificationsDeps } from "./specifications/specifications.ts";
export type { ValidationType } from "./specifications/types/validation-type.ts";
export { type ItemError, itemError, writeError } from "./write-errors.ts";
