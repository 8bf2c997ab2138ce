import type { Mappings, Settings } from "../../document-store.ts";
import type { Change } from "../wire/change.ts";
import type { SourceIndex } from "./source-index.ts";

export type CollectionChange = Extract<Change, { kind: "documents" | "mappings" }>;

/** One collection as the searcher knows it. Fields are written by the searcher's own parts only. */
export class SearchedCollection {
  readonly id: number;
  readonly indexName: string;
  readonly name: string;
  mappings: Mappings;
  settings: Settings;
  /** Undefined until it was built from the rows: nothing is answered from a part. */
  live: SourceIndex | undefined;
  /** Documents up to this number are in the index since it was built, also those whose change has yet to arrive. */
  builtTo = 0;
  /** Why the index could not be built. */
  failure: unknown;
  /** Changes that arrived while an index is being built; undefined when none is. */
  backlog: CollectionChange[] | undefined;
  /** Of its stored segments: truncation begins a new one. */
  epoch = 0;
  /** When it was last written to, on the clock of `performance.now()`; undefined once its segments have settled. */
  touchedAt: number | undefined;
  /** Its segments are being frozen and merged. */
  isMaintained = false;
  /** Counts what made a build in progress obsolete: truncation, deletion, another build. */
  generation = 0;

  constructor(id: number, indexName: string, name: string, mappings: Mappings, settings: Settings) {
    this.id = id;
    this.indexName = indexName;
    this.name = name;
    this.mappings = mappings;
    this.settings = settings;
  }

  /** Starts afresh with an index without documents; a build in progress becomes obsolete. */
  restart(empty: SourceIndex): void {
    this.generation++;
    this.backlog = undefined;
    this.builtTo = 0;
    this.failure = undefined;
    this.live = empty;
  }
}
