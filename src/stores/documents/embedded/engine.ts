import type { RebuildProgress } from "../document-store.ts";
import type { RowReader } from "./rows/row-reader.ts";
import type { SegmentSizes } from "./search/index.ts";
import type { IndexWork } from "./wire/index-work.ts";
import type { Flat } from "./wire/operations.ts";
import type { SearchAnswer, SearchRequestMessage } from "./wire/search-messages.ts";

/** What the store hears from its engine. */
export interface EngineEvents {
  /** Answers to one or more write messages, in the order in which these were sent; all was on disk at this position. */
  readonly written: (answers: readonly Flat[], position: number) => void;
  readonly answered: (answers: readonly SearchAnswer[]) => void;
  readonly rebuild: (progress: RebuildProgress) => void;
  /** The disk takes no writes, for this reason; undefined: it does again. */
  readonly refused: (reason: string | undefined) => void;
  /** The data directory had this older format, and has the present one now. */
  readonly migrated: (from: number) => void;
  readonly worked?: ((work: IndexWork) => void) | undefined;
  readonly warned: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** A part of the engine has ended: what was pending there is lost; when it is final, so is all that would come. */
  readonly failed: (part: "writer" | "search", error: Error, isFinal: boolean) => void;
}

/** Rows and indexes, in threads of their own or in the calling one. */
export interface Engine {
  /** Point reads, in the calling thread. */
  readonly reader: RowReader;
  write(message: Flat): void;
  search(messages: readonly SearchRequestMessage[]): void;
  cancel(request: number): void;
  /** Call it when no write is pending. */
  close(): Promise<void>;
}

export interface EngineLimits {
  readonly maxScrolls: number;
  readonly maxScrollBytes: number;
  readonly maxSupersededBytes: number;
  /** Memory for fields of segments that are read from files. */
  readonly maxFieldBytes: number;
  readonly segmentSizes: SegmentSizes | undefined;
}
