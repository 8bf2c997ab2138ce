import type { Mappings, Settings } from "../../document-store.ts";
import { type CollectionIndex, createCollectionIndex } from "../search/collection-index.ts";
import type { Change } from "../wire/change.ts";

export type CollectionChange = Extract<Change, { kind: "documents" | "mappings" }>;

/** One collection as the searcher knows it. Fields are written by the searcher's own parts only. */
export class SearchedCollection {
  readonly id: number;
  readonly indexName: string;
  readonly name: string;
  mappings: Mappings;
  settings: Settings;
  /** Undefined until it was built from the rows: nothing is answered from a part. */
  index: CollectionIndex | undefined;
  /** Documents up to this number are in the index since it was built, also those whose change has yet to arrive. */
  builtTo = 0;
  /** Why the index could not be built. */
  failure: unknown;
  /** Changes that arrived while an index is being built; undefined when none is. */
  backlog: CollectionChange[] | undefined;
  /** Counts what made a build in progress obsolete: truncation, deletion, another build. */
  generation = 0;
  /** UTF-8 bytes of the live sources. */
  bytes = 0;
  /** Bytes of each source by its number, to take them off again. */
  readonly sizes = new Map<number, number>();

  constructor(id: number, indexName: string, name: string, mappings: Mappings, settings: Settings) {
    this.id = id;
    this.indexName = indexName;
    this.name = name;
    this.mappings = mappings;
    this.settings = settings;
  }

  /** Notes the size of a source; a number that is known already stays. */
  measure(number: number, source: string): void {
    if (this.sizes.has(number)) return;
    const size = Buffer.byteLength(source);
    this.sizes.set(number, size);
    this.bytes += size;
  }

  /** Takes a removed source off again; answers its bytes. */
  forget(number: number): number {
    const size = this.sizes.get(number) ?? 0;
    this.bytes -= size;
    this.sizes.delete(number);
    return size;
  }

  /** Starts afresh without documents; a build in progress becomes obsolete. */
  makeEmpty(): void {
    this.generation++;
    this.backlog = undefined;
    this.builtTo = 0;
    this.failure = undefined;
    this.index = createCollectionIndex(this.mappings, this.settings);
    this.sizes.clear();
    this.bytes = 0;
  }
}
