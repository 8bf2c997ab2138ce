import type { JSONObject } from "../kernel/index.ts";
import type { CollectionRef } from "../stores/documents/index.ts";

/** What a report of a validation says (contract/api/document.yaml, validate). */
export interface ValidationReport {
  readonly valid: boolean;
  readonly errorMessages: JSONObject;
}

export interface ContentToCheck {
  readonly target: CollectionRef;
  /** Null when the request has none. */
  readonly id: string | null;
  readonly content: JSONObject;
  /** The stored document that an update is laid over; defaults then only fill fields sent as null. */
  readonly stored?: JSONObject;
}

/** Checks contents against the specifications of their collection (contract/search.md section 12). */
export interface ContentValidator {
  /** False when the collection has no specification: then nothing needs to be read or checked. */
  hasSpecification(target: CollectionRef): boolean;
  /** Answers the content with the specification's defaults. Errors: `validation.check.failed_field`, `failed_document` (400). */
  check(subject: ContentToCheck): JSONObject;
  /** Every failure instead of the first; changes nothing. */
  report(subject: ContentToCheck): ValidationReport;
}
