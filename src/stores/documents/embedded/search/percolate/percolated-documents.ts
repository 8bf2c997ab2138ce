import type { JSONObject } from "../../../../../kernel/index.ts";
import { findFaultOf } from "../../../mapping/check-document.ts";
import { QueryContext } from "../query/context.ts";
import { clearFrom, clearScores, isEmpty, newWindow, windowSize } from "../query/matchers/matcher.ts";
import { malformed } from "../query/parameters.ts";
import { TermStatistics } from "../query/scoring/term-statistics.ts";
import { HeadSegment } from "../segment/head-segment.ts";
import { documentKeys } from "./document-keys.ts";

/** The id of documents that have none. */
const temporaryId = "_temp_id";
/** Queries that share what searches look up once: it grows with each. A guess. */
const queriesTogether = 500;

/** What a query matched among given documents. */
export interface QueryMatch {
  /** The highest of their scores. */
  readonly score: number;
  /** The documents that matched, from 0. */
  readonly slots: readonly number[];
}

/** Documents that a `percolate` clause brings, as a segment of their own: stored queries are run against it, and scored by it alone. */
export class PercolatedDocuments {
  readonly #segment: HeadSegment;
  readonly keys: ReadonlySet<string>;
  #statistics: TermStatistics;
  #queries = 0;
  readonly #bits = newWindow();
  readonly #scores = new Float64Array(windowSize);

  private constructor(segment: HeadSegment, keys: ReadonlySet<string>) {
    this.#segment = segment;
    this.keys = keys;
    this.#statistics = new TermStatistics([segment.snapshot()], true);
  }

  /** Fields that the mapping lacks are left out. Error (400): `services.storage.unexpected_bad_request` for what the collection would not store. */
  static *open(documents: readonly JSONObject[], context: QueryContext): Generator<void, PercolatedDocuments> {
    const { mapping, budget } = context;
    const segment = new HeadSegment();
    for (const [slot, document] of documents.entries()) {
      const fault = findFaultOf(mapping, document);
      if (fault !== undefined) throw malformed(`[percolate] document ${slot} cannot be percolated: ${fault}`);
      segment.add(slot, temporaryId, document, mapping);
      yield* budget.pause();
    }
    const spaces = ["", ...mapping.objects.keys()].flatMap((path) => segment.space(path) ?? []);
    return new PercolatedDocuments(segment, yield* documentKeys(new Set(spaces), budget));
  }

  /** Runs a stored query; undefined when it matches none. Errors as those of searches. */
  *run(query: unknown, asker: QueryContext): Generator<void, QueryMatch | undefined> {
    const { mapping, now, budget, compiler } = asker;
    const snapshot = this.#segment.snapshot();
    if (++this.#queries % queriesTogether === 0) this.#statistics = new TermStatistics([snapshot], true);
    const context = new QueryContext({
      ...{ mapping, snapshot, now, budget, compiler },
      statistics: this.#statistics,
      firstDoc: 0,
    });
    const matcher = yield* context.compile(query);
    const slots: number[] = [];
    let score = Number.NEGATIVE_INFINITY;
    for (let base = 0; base < context.maxDoc; base += windowSize) {
      const end = Math.min(base + windowSize, context.maxDoc);
      if (matcher.next(base) >= end) continue;
      const bits = this.#bits.fill(0);
      matcher.fill(base, end, bits);
      if (end - base < windowSize) clearFrom(bits, end - base);
      if (isEmpty(bits)) continue;
      clearScores(bits, this.#scores);
      matcher.score(base, end, bits, this.#scores);
      for (let at = 0; at < end - base; at++) {
        if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
        slots.push(base + at);
        score = Math.max(score, Math.fround(this.#scores[at] as number));
      }
      yield* budget.pause();
    }
    return slots.length === 0 ? undefined : { score, slots };
  }
}
