import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings } from "../../document-store.ts";
import { type CompiledMapping, compileMapping } from "../../mapping/compile-mapping.ts";
import { Budget } from "./budget.ts";
import { matchBits } from "./collect/windows.ts";
import type { CollectionIndex, IndexSearchRequest, IndexSearchResult } from "./collection-index.ts";
import { compileQuery } from "./query/compile-query.ts";
import { QueryContext } from "./query/context.ts";
import { AllMatcher } from "./query/matcher.ts";
import { runSearch } from "./run-search.ts";
import { countBits, listBits } from "./segment/bits.ts";
import { HeadSegment, type Segment, type SegmentSnapshot } from "./segment/segment.ts";

/** The index of one collection: one segment that takes all documents. */
export class MemoryIndex implements CollectionIndex {
  readonly segment: Segment;
  readonly #head = new HeadSegment();
  readonly #settings: Settings;
  #mapping: CompiledMapping;

  constructor(mappings: Mappings, settings: Settings) {
    this.#settings = settings;
    this.#mapping = compileMapping(mappings, settings);
    this.segment = this.#head;
  }

  get documents(): number {
    return this.#head.root.count - this.#head.deletedCount;
  }

  get removed(): number {
    return this.#head.deletedCount;
  }

  get bytes(): number {
    return this.#head.memory;
  }

  get mapping(): CompiledMapping {
    return this.#mapping;
  }

  add(docNumber: number, id: string, source: JSONObject): void {
    this.#head.add(docNumber, id, source, this.#mapping);
  }

  remove(docNumber: number): void {
    this.#head.remove(docNumber);
  }

  updateMappings(mappings: Mappings): void {
    this.#mapping = compileMapping(mappings, this.#settings);
  }

  snapshot(): SegmentSnapshot {
    return this.#head.snapshot();
  }

  search(request: IndexSearchRequest): Generator<void, IndexSearchResult> {
    return runSearch([this], request);
  }

  *matchAll(query: JSONObject, now: number): Generator<void, Uint32Array> {
    const budget = new Budget();
    const context = new QueryContext(this.#mapping, this.#head.snapshot(), now, budget, compileQuery);
    const isEmpty = Object.keys(query).length === 0;
    const matcher = isEmpty ? new AllMatcher(context.maxDoc) : yield* context.compile(query);
    const words = yield* matchBits(matcher, context);
    const found = new Uint32Array(countBits(words));
    listBits(words, words.length, 0, found);
    for (let i = 0; i < found.length; i++) found[i] = this.#head.docNumber(found[i] as number);
    return found;
  }
}
