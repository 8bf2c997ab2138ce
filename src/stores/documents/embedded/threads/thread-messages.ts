import type { MessagePort } from "node:worker_threads";
import type { SegmentRecord } from "../rows/segment-records.ts";
import type { SegmentSizes } from "../search/index.ts";
import type { CursorLimits } from "../searcher/cursors.ts";
import type { Flat } from "../wire/operations.ts";
import type { SearchRequestMessage } from "../wire/search-messages.ts";

/** Shared between the writer and the search thread; see {@link Backlog}. */
export type SharedCounters = Int32Array<SharedArrayBuffer>;

export interface WriterData {
  readonly path: string;
}

/** To the writer: the search thread that is told of changes from now on. It begins with the position of the writer. */
export interface Attachment {
  readonly channel: MessagePort;
  readonly counters: SharedCounters;
}

export interface SearchData {
  readonly path: string;
  /** Where the segments lie. */
  readonly segments: string;
  /** Leads to the writer thread. */
  readonly channel: MessagePort;
  readonly counters: SharedCounters;
  readonly cancelled: Int32Array<SharedArrayBuffer>;
  readonly limits: CursorLimits;
  readonly maxFieldBytes: number;
  readonly sizes: SegmentSizes | undefined;
}

/** Main thread to writer: requests, a search thread, or the end. */
export type ToWriter = Flat | Attachment | "close";
export type FromWriter =
  | { readonly answers: readonly Flat[]; readonly position: number }
  /** The disk takes no writes, for this reason; undefined: it does again. */
  | { readonly refused: string | undefined }
  | "ready"
  | "closed";

/** Main thread to search thread. */
export type ToSearcher = readonly SearchRequestMessage[] | "close";

/** Search thread to writer: what is no longer needed, and what was stored. */
export type ReleaseMessage =
  | { readonly kind: "segments"; readonly record: SegmentRecord }
  | { readonly kind: "released"; readonly position: number }
  | { readonly kind: "abandoned"; readonly collection: number; readonly numbers: readonly number[] };
