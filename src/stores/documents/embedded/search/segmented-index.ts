import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings } from "../../document-store.ts";
import { type CompiledMapping, compileMapping } from "../../mapping/compile-mapping.ts";
import { Budget } from "./budget.ts";
import { matchBits } from "./collect/windows.ts";
import type { CollectionIndex, IndexSearchRequest, IndexSearchResult, Maintained } from "./collection-index.ts";
import { AllMatcher } from "./query/matchers/matcher.ts";
import { partsOf, runSearch } from "./run-search.ts";
import { countBits, listBits } from "./segment/bits.ts";
import { compactSegments } from "./segment/compact/compact-segments.ts";
import { repeatRemovals } from "./segment/compact/repeat-removals.ts";
import { FrozenSegment } from "./segment/frozen-segment.ts";
import { HeadSegment } from "./segment/head-segment.ts";
import type { Segment, SegmentSnapshot } from "./segment/segment.ts";
import {
  areTooManyWaiting,
  findDue,
  findSettled,
  liveDocuments,
  type SegmentSizes,
  usualSizes,
} from "./segment/segment-sizes.ts";
import { type Visibility, visibleParts } from "./visibility.ts";

/** The index of one collection: frozen segments, and the head that takes new documents. */
export class SegmentedIndex implements CollectionIndex {
  /** In the order of their documents' numbers; the last takes new ones. */
  #segments: readonly Segment[];
  #head = new HeadSegment();
  /** What {@link maintain} is making one segment of. */
  #underWork: readonly Segment[] = [];
  /** Nothing was added since {@link settle}. */
  #isSettled = false;
  readonly #settings: Settings;
  readonly #sizes: SegmentSizes;
  #mapping: CompiledMapping;

  constructor(mappings: Mappings, settings: Settings, sizes: SegmentSizes = usualSizes) {
    this.#settings = settings;
    this.#sizes = sizes;
    this.#mapping = compileMapping(mappings, settings);
    this.#segments = [this.#head];
  }

  get documents(): number {
    return this.#segments.reduce((sum, segment) => sum + liveDocuments(segment), 0);
  }

  get removed(): number {
    return this.#segments.reduce((sum, { removals }) => sum + removals.count, 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { memory }) => sum + memory, 0);
  }

  get mapping(): CompiledMapping {
    return this.#mapping;
  }

  add(docNumber: number, id: string, source: JSONObject): void {
    if (this.#head.root.count >= this.#sizes.headDocuments) this.#startHead();
    this.#isSettled = false;
    this.#head.add(docNumber, id, source, this.#mapping);
  }

  remove(docNumber: number): void {
    for (const segment of this.#segments) if (segment.remove(docNumber)) return;
  }

  /** One piece of work that is due: a full head is frozen, or neighbours become one. Answers undefined when there is none. */
  *maintain(): Generator<void, Maintained | undefined> {
    const due = this.#findDue();
    if (due === undefined) return undefined;
    const before = due.map((segment) => segment.snapshot());
    const budget = new Budget();
    this.#underWork = [...due];
    const made = yield* compactSegments(before, () => budget.pause());
    // Meanwhile a segment may have been replaced by its stored form, which took the removals from then on.
    const present = this.#underWork;
    this.#underWork = [];
    for (const [i, { deleted }] of before.entries()) repeatRemovals(present[i] as Segment, deleted, made);
    const at = this.#segments.indexOf(present[0] as Segment);
    const behind = this.#segments.slice(at + due.length);
    this.#segments = [...this.#segments.slice(0, at), ...(made.root.count === 0 ? [] : [made]), ...behind];
    const kind = due.every(({ isFrozen }) => isFrozen) ? "merged" : "frozen";
    return { kind, segments: due.length, documents: made.root.count };
  }

  get isDue(): boolean {
    return this.#findDue() !== undefined;
  }

  #findDue(): readonly Segment[] | undefined {
    const due = findDue(this.#segments, this.#head, this.#sizes);
    return due ?? (this.#isSettled ? findSettled(this.frozen(), this.#sizes) : undefined);
  }

  get isOverdue(): boolean {
    return areTooManyWaiting(this.#segments, this.#head);
  }

  settle(): void {
    this.#isSettled = true;
    // A head of a few documents is left alone.
    if (this.#head.root.count >= this.#sizes.headDocuments / 50) this.#startHead();
  }

  #startHead(): void {
    this.#head = new HeadSegment();
    this.#segments = [...this.#segments, this.#head];
  }

  frozen(): readonly FrozenSegment[] {
    return this.#segments.filter((segment) => segment instanceof FrozenSegment);
  }

  replace(segment: FrozenSegment, other: FrozenSegment): boolean {
    const at = this.#segments.indexOf(segment);
    if (at < 0) return false;
    repeatRemovals(segment, other.removals.share(), other);
    this.#segments = this.#segments.with(at, other);
    this.#underWork = this.#underWork.map((one) => (one === segment ? other : one));
    return true;
  }

  adopt(segments: readonly FrozenSegment[]): void {
    this.#segments = [...segments, this.#head];
  }

  updateMappings(mappings: Mappings): void {
    this.#mapping = compileMapping(mappings, this.#settings);
  }

  /** What a search sees from now on. */
  snapshots(): readonly SegmentSnapshot[] {
    return this.#segments.map((segment) => segment.snapshot());
  }

  search(request: IndexSearchRequest): Generator<void, IndexSearchResult> {
    return runSearch([this], request);
  }

  *matchAll(query: JSONObject, now: number, visibility?: Visibility): Generator<void, Uint32Array> {
    const isEmpty = Object.keys(query).length === 0;
    const found: Uint32Array[] = [];
    const all = partsOf(this, 0, now, new Budget());
    const parts = visibility === undefined ? all : yield* visibleParts(all, [visibility]);
    for (const { context } of parts) {
      const matcher = isEmpty ? new AllMatcher(context.maxDoc) : yield* context.compile(query);
      const words = yield* matchBits(matcher, context);
      const numbers = new Uint32Array(countBits(words));
      listBits(words, words.length, 0, numbers);
      const { segment } = context.snapshot;
      for (let i = 0; i < numbers.length; i++) numbers[i] = segment.docNumber(numbers[i] as number);
      found.push(numbers);
    }
    return joined(found);
  }
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
