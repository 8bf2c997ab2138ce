import assert from "node:assert/strict";
import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings } from "../../document-store.ts";
import {
  type CollectionIndex,
  createCollectionIndex,
  type IndexSearchRequest,
  type IndexSearchResult,
  type Maintained,
} from "./collection-index.ts";
import type { FrozenSegment } from "./segment/frozen-segment.ts";
import type { Visibility } from "./visibility.ts";

/**
 * For tests: the same documents in one growing segment, in many small ones, and in these frozen and merged. Answers as the first does, and
 * fails when another answers anything else.
 */
export class TwinIndex implements CollectionIndex {
  readonly #one: CollectionIndex;
  readonly #others: readonly CollectionIndex[];

  constructor(mappings: Mappings, settings: Settings = {}) {
    this.#one = createCollectionIndex(mappings, settings);
    const sizes = { headDocuments: 2, mergedAtOnce: 3, maxDocuments: 1_000 };
    this.#others = [
      createCollectionIndex(mappings, settings, { ...sizes, headDocuments: 1 }),
      createCollectionIndex(mappings, settings, sizes),
    ];
  }

  get documents(): number {
    return this.#one.documents;
  }

  get removed(): number {
    return this.#one.removed;
  }

  get bytes(): number {
    return this.#one.bytes;
  }

  add(docNumber: number, id: string, source: JSONObject): void {
    this.#one.add(docNumber, id, source);
    for (const other of this.#others) other.add(docNumber, id, source);
  }

  remove(docNumber: number): void {
    this.#one.remove(docNumber);
    for (const other of this.#others) other.remove(docNumber);
  }

  get isDue(): boolean {
    return this.#others.some((other) => other.isDue);
  }

  get isOverdue(): boolean {
    return this.#others.some((other) => other.isOverdue);
  }

  settle(): void {
    for (const other of this.#others) other.settle();
  }

  frozen(): readonly FrozenSegment[] {
    return this.#one.frozen();
  }

  replace(segment: FrozenSegment, other: FrozenSegment): boolean {
    return this.#one.replace(segment, other);
  }

  adopt(segments: readonly FrozenSegment[]): void {
    this.#one.adopt(segments);
  }

  updateMappings(mappings: Mappings): void {
    this.#one.updateMappings(mappings);
    for (const other of this.#others) other.updateMappings(mappings);
  }

  *maintain(): Generator<void, Maintained | undefined> {
    const last = this.#others.at(-1);
    return last === undefined ? undefined : yield* last.maintain();
  }

  *search(request: IndexSearchRequest): Generator<void, IndexSearchResult> {
    this.#freeze();
    const answer = yield* this.#one.search(request);
    for (const other of this.#others) assert.deepEqual(yield* other.search(request), answer);
    return answer;
  }

  *matchAll(query: JSONObject, now: number, visibility?: Visibility): Generator<void, Uint32Array> {
    this.#freeze();
    const answer = yield* this.#one.matchAll(query, now, visibility);
    for (const other of this.#others) assert.deepEqual(yield* other.matchAll(query, now, visibility), answer);
    return answer;
  }

  #freeze(): void {
    for (;;) {
      const work = this.maintain();
      let step = work.next();
      while (step.done !== true) step = work.next();
      if (!step.value) return;
    }
  }
}
