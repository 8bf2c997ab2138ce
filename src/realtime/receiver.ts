import type { MaybePromise } from "../events/index.ts";
import type { DocumentRule } from "../filters/index.ts";

/** Whose rights a subscription follows, and what they let it hear. */
export interface Receiver {
  readonly kuid: string;
  /** Undefined: everything that matches. */
  readonly rule: DocumentRule | undefined;
}

/**
 * What a user may hear of a collection by now; "refused" when it may not subscribe to it any more. Asked when rights change.
 */
export type ReceivingRule = (
  kuid: string,
  index: string,
  collection: string,
) => MaybePromise<DocumentRule | "refused" | undefined>;
