import type { Collections, Documents, Operation, Operations } from "../../../data/index.ts";
import type { MaybePromise } from "../../../events/index.ts";
import type { Clock, JSONObject, KuzzleRequest, Logger } from "../../../kernel/index.ts";
import type { Security } from "../../../security/index.ts";
import type { CollectionRef } from "../../../stores/documents/index.ts";

/** Imports at the start that a reset makes due again. */
export type ForgettableImport = "mappings" | "permissions";

export interface DumpOptions {
  /** Also write a snapshot of the heap, which stops everything for as long as it takes. */
  readonly heapSnapshot: boolean;
  /** Also write the whole memory of the process, as `dump.gcore` does it: many gigabytes, and everything stands still meanwhile. */
  readonly coreFile: boolean;
}

export interface WrittenBackup {
  /** Of its folder. */
  readonly name: string;
  /** Of the instant that it shows, ISO 8601. */
  readonly createdAt: string;
  readonly documents: number;
  readonly bytes: number;
}

/** What plugins make of content before it is loaded: each entry may get another target and another content. */
export interface LoadPreparation {
  /** `mapping`: `{ properties, dynamic, _meta }`. */
  mapping(target: CollectionRef, mapping: JSONObject): MaybePromise<readonly [CollectionRef, JSONObject]>;
  /** Called for each index before its fixtures. */
  fixturesIndex(index: string): MaybePromise<void>;
  fixtures(target: CollectionRef, lines: readonly unknown[]): MaybePromise<readonly [CollectionRef, unknown]>;
}

export interface AdminControllerDeps {
  readonly preparation: LoadPreparation;
  readonly collections: Collections;
  readonly documents: Documents;
  readonly operations: Operations;
  readonly security: Security;
  readonly clock: Clock;
  readonly log: Logger;
  /** Deletes every public index. */
  readonly deleteAllIndexes: () => Promise<void>;
  /** What was loaded at the start is loaded again by the next one. */
  readonly forgetImport: (kind: ForgettableImport) => Promise<void>;
  /** Empties one of the two caches. */
  readonly caches: Readonly<Record<"internalCache" | "memoryStorage", () => Promise<void>>>;
  /** Runs one action of the controller `security` for the user of a request: with its events, without a check of rights. */
  readonly runSecurityAction: (origin: KuzzleRequest, action: string, args: JSONObject) => Promise<unknown>;
  /**
   * Writes a diagnostic dump; `suffix` ends the name of its directory.
   * Error: `BadRequestError` when the suffix is no part of a file name.
   */
  readonly dump: (suffix: string, options: DumpOptions) => Promise<void>;
  /**
   * Writes a backup of the data into a new folder of this name, in the folder of the backups. Errors: `BadRequestError` when the name is none of
   * a folder, `PreconditionError` when there is nothing to back up, or no room for it.
   */
  readonly backup: (name: string | undefined, running: Operation) => Promise<WrittenBackup>;
  /** Begins to stop the server in order: answers at once. */
  readonly shutdown: () => void;
  readonly isStopping: () => boolean;
}
