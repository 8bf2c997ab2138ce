import type { RebuildProgress } from "../../document-store.ts";
import type { RowReader } from "../rows/row-reader.ts";
import type { SegmentSizes } from "../search/index.ts";
import type { IndexWork } from "../wire/index-work.ts";
import type { SearchAnswer } from "../wire/search-messages.ts";
import type { CursorLimits } from "./cursors.ts";
import type { RebuildSource } from "./rebuild.ts";
import type { SegmentShelf } from "./segment-shelf.ts";

/** What a searcher needs, and whom it tells. */
export interface SearcherDeps {
  readonly reader: RowReader;
  /** A connection of its own for building an index. */
  readonly openForRebuild: () => RebuildSource;
  readonly limits: CursorLimits;
  /** When segments are frozen and merged; as usual when undefined. */
  readonly sizes: SegmentSizes | undefined;
  /** Whether nobody waits for this request any more; asked before each slice. */
  readonly isCancelled: (request: number) => boolean;
  /** Answers that are ready, once per round. */
  readonly answer: (answers: readonly SearchAnswer[]) => void;
  readonly onRebuild: (progress: RebuildProgress) => void;
  readonly onWork?: (work: IndexWork) => void;
  /** Superseded rows that an earlier run left behind. */
  readonly onAbandoned: (collection: number, numbers: readonly number[]) => void;
  /** Rows superseded up to this position are needed by nobody any more. */
  readonly onReleased: (position: number) => void;
  /** So many more documents have been applied. */
  readonly onApplied: (documents: number) => void;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Keeps frozen segments for the next start; absent: all documents are indexed again then. */
  readonly shelf?: SegmentShelf;
}
