import type { RebuildProgress, StoredDocument } from "../../document-store.ts";
import type { ErrorText } from "./error-text.ts";
import type { IndexWork } from "./index-work.ts";

/** What may be seen of the targets, as a JSON text: `{"views": [{"filter": {}, "fields": ["name"]}, null]}`; undefined: everything. */
interface Seen {
  readonly visible?: string | undefined;
}

/**
 * What is asked, with the collections by their numbers. Bodies and queries travel as JSON texts: what cannot be cloned (too deep, a function)
 * would fail for everybody in the message, a text fails for the one who sent it.
 */
export type SearchCommand =
  | (Seen & {
      readonly kind: "search";
      readonly targets: readonly number[];
      readonly body: string;
      readonly from: number;
      readonly size: number;
      readonly scrollTtlMs: number | undefined;
    })
  | (Seen & { readonly kind: "count"; readonly target: number; readonly query: string })
  | { readonly kind: "scroll"; readonly scrollId: string; readonly ttlMs: number }
  | { readonly kind: "closeScroll"; readonly scrollId: string }
  | (Seen & { readonly kind: "walk"; readonly target: number; readonly query: string; readonly batchSize: number })
  | { readonly kind: "walkNext"; readonly walkId: string }
  | { readonly kind: "refresh"; readonly target: number }
  | { readonly kind: "reindex"; readonly target: number }
  | { readonly kind: "stats"; readonly target: number };

export interface SearchRequestMessage {
  readonly request: number;
  /** Transactions that must have been applied before: what was acknowledged when this was sent. */
  readonly position: number;
  /** Epoch milliseconds, for dates like `now-1d` and for the age of scrolls. */
  readonly now: number;
  /** Infinity for work without a deadline. */
  readonly timeoutMs: number;
  readonly command: SearchCommand;
}

export type SearchAnswer =
  | { readonly request: number; readonly value: unknown }
  | { readonly request: number; readonly error: ErrorText };

/** What the search thread tells the main thread. */
export type FromSearcher =
  | { readonly kind: "answers"; readonly answers: readonly SearchAnswer[] }
  | { readonly kind: "rebuild"; readonly progress: RebuildProgress }
  | { readonly kind: "work"; readonly work: IndexWork }
  | { readonly kind: "log"; readonly event: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: "ready" | "closed" };

/** Slots of the array of cancelled requests in shared memory: slot `request % slots` holds the number of the cancelled request. */
export const cancelSlots = 4_096;

/** What `walkNext` answers, the last batch has closed the walk; and what `walk` does instead of an id when all matches are in one. */
export interface WalkBatch {
  readonly documents: readonly StoredDocument[];
  readonly isLast: boolean;
}
