import type { Mappings, Settings } from "../../document-store.ts";

/**
 * What one transaction changed, for the search indexes: the writer posts it after the commit and before the acknowledgement.
 * `documents` has one entry in each column for each write, in order: the new number (0 for a deletion) and the number that it
 * replaced (0 for a creation), so that an update is never seen half done.
 */
export type Change =
  | {
      readonly kind: "documents";
      readonly collection: number;
      readonly numbers: number[];
      readonly replaced: number[];
      /** UTF-8 bytes of the replaced sources. */
      readonly freed: number[];
      readonly ids: string[];
      readonly sources: string[];
    }
  | {
      readonly kind: "created";
      readonly collection: number;
      readonly index: string;
      readonly name: string;
      readonly mappings: Mappings;
      readonly settings: Settings;
    }
  | { readonly kind: "mappings"; readonly collection: number; readonly mappings: Mappings }
  | { readonly kind: "settings"; readonly collection: number; readonly settings: Settings }
  /** `epoch`: the new one of its stored segments. */
  | { readonly kind: "truncated"; readonly collection: number; readonly epoch: number }
  /** Stored segments are written down; `manifest` is what says so on the disk. */
  | { readonly kind: "segments"; readonly collection: number; readonly manifest: string }
  | { readonly kind: "deleted"; readonly collection: number };

/** All changes of a transaction. Positions count the transactions of this run of the process. */
export interface ChangeSet {
  readonly position: number;
  /** Only in the first one that a searcher hears of: the last run ended without tidying up, and may have left superseded rows. */
  readonly hasLeftovers?: boolean;
  readonly changes: readonly Change[];
}

/** Collects the changes of a transaction: neighbouring writes to one collection become one entry. */
export class ChangeCollector {
  #changes: Change[] = [];
  #open = new Map<number, Extract<Change, { kind: "documents" }>>();

  documents(collection: number): Extract<Change, { kind: "documents" }> {
    let change = this.#open.get(collection);
    if (change === undefined) {
      change = { kind: "documents", collection, numbers: [], replaced: [], freed: [], ids: [], sources: [] };
      this.#open.set(collection, change);
      this.#changes.push(change);
    }
    return change;
  }

  /** Documents written after this go into a new entry, so that they are indexed under what it changed. */
  add(change: Exclude<Change, { kind: "documents" }>): void {
    this.#open.delete(change.collection);
    this.#changes.push(change);
  }

  take(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    // Not cleared: the table of a cleared map leads to its next one. Once one of them is old, what was in all later ones lived through every
    // collection of young objects: the writer copied each text twice.
    this.#open = new Map();
    return changes;
  }
}
