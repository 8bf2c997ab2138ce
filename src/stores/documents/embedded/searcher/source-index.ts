import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings } from "../../document-store.ts";
import { type CollectionIndex, createCollectionIndex, type SegmentSizes } from "../search/index.ts";

/** Hears of a document that could not be indexed: it stays readable by its id, and searches do not find it. */
export type OnSkipped = (number: number, id: string, error: unknown) => void;

/** The index of a collection, fed with stored texts, and how many bytes these have. */
export class SourceIndex {
  readonly index: CollectionIndex;
  /** UTF-8 bytes of the live sources. */
  bytes = 0;
  readonly #onSkipped: OnSkipped;

  constructor(mappings: Mappings, settings: Settings, onSkipped: OnSkipped, sizes?: SegmentSizes) {
    this.index = createCollectionIndex(mappings, settings, sizes);
    this.#onSkipped = onSkipped;
  }

  /** Never throws: one document that cannot be read must not take the search from all others. */
  add(number: number, id: string, text: string): void {
    try {
      // The cast: only texts of objects are stored.
      this.index.add(number, id, JSON.parse(text) as JSONObject);
      this.bytes += Buffer.byteLength(text);
    } catch (error) {
      this.#onSkipped(number, id, error);
    }
  }

  /** Removes a document of so many bytes; answers the bytes that this took off, 0 when it was not there. */
  remove(number: number, bytes: number): number {
    const before = this.index.documents;
    this.index.remove(number);
    if (this.index.documents === before) return 0;
    this.bytes -= bytes;
    return bytes;
  }
}
