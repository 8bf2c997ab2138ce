/** What was done, without where; see {@link IndexWork}. */
export type WorkOnIndex =
  | { readonly kind: "opened"; readonly stored: number; readonly indexed: number }
  | {
      readonly kind: "frozen" | "merged";
      readonly segments: number;
      readonly documents: number;
      readonly cursors: number;
    }
  | { readonly kind: "stored"; readonly segments: number }
  | { readonly kind: "damaged"; readonly reason: string };

/**
 * What was done to the search index of a collection, for those who watch the engine at work:
 *
 * - `opened` at the start, or when it is built anew: so many live documents were known from stored segments, and so many rows behind them were
 *   read and indexed.
 * - `frozen`: a full head became a segment; `merged`: several segments became one. `cursors` counts the scrolls and walks that were open then.
 * - `stored`: all its frozen segments are on the disk, and written down there.
 * - `damaged`: a stored segment could not be read; the index is built anew from the rows.
 */
export type IndexWork = { readonly index: string; readonly collection: string } & WorkOnIndex;
