import type { JSONObject } from "../../../../../kernel/index.ts";
import { TopDocs } from "../collect/top-docs.ts";
import type { FieldRequest } from "../hits/field-requests.ts";
import { Highlighter } from "../hits/highlighter.ts";
import { HitFields } from "../hits/hit-fields.ts";
import { aloneAt, filterAlone, nestedPlace, rootOf } from "../hits/nested-hit.ts";
import type { QueryContext } from "../query/context.ts";
import { compareOrderings } from "../sort/compare-orderings.ts";
import { openSortSource } from "../sort/open-sort-source.ts";
import type { SortKey } from "../sort/parse-sort.ts";
import type { SortSource } from "../sort/sort-source.ts";
import { filterSource, type SourceFilter } from "../source-filter.ts";
import { type AggregationRun, Aggregator, scoreOf, spend } from "./aggregator.ts";

export interface TopHitsOptions {
  readonly from: number;
  readonly size: number;
  readonly sort: readonly SortKey[];
  readonly source: SourceFilter;
  readonly highlight: JSONObject | undefined;
  readonly fields: readonly FieldRequest[];
  readonly docValueFields: readonly FieldRequest[];
  /** Scores are answered though hits are sorted by something else. */
  readonly tracksScores: boolean;
}

interface Best {
  readonly top: TopDocs;
  total: number;
  maxScore: number;
}

interface Entry {
  readonly context: QueryContext;
  readonly part: number;
  readonly doc: number;
  readonly score: number;
  readonly orderings: readonly (number | string)[];
  readonly values: readonly unknown[];
}

interface Kept {
  total: number;
  maxScore: number;
  entries: Entry[];
}

const entryBytes = 400;

/** The best documents of each bucket, with their sources. */
export class TopHitsAggregator extends Aggregator {
  readonly #run: AggregationRun;
  readonly #options: TopHitsOptions;
  readonly #directions: readonly number[];
  readonly #keys: Float64Array;
  readonly #scoreAt: number;
  readonly #fields = new Map<QueryContext, HitFields>();
  #sources: (SortSource | undefined)[] = [];
  #context: QueryContext | undefined;
  #part = 0;
  #best: (Best | undefined)[] = [];
  /** By place of a document in its window, where scores are answered beside other keys. */
  readonly #scores = new Map<number, number>();
  /** What earlier segments gave, by owner. */
  readonly #kept: (Kept | undefined)[] = [];

  constructor(run: AggregationRun, options: TopHitsOptions) {
    super();
    this.#run = run;
    this.#options = options;
    this.#directions = options.sort.map((key) => (key.descending ? -1 : 1));
    this.#keys = new Float64Array(options.sort.length);
    this.#scoreAt = options.sort.findIndex((key) => key.kind === "_score");
    if (this.#scoreAt >= 0 || options.tracksScores) run.needsScores = true;
  }

  *enter(context: QueryContext): Generator<void, void> {
    this.#keep();
    this.#context = context;
    this.#part = this.#run.part;
    this.#sources = [];
    for (const key of this.#options.sort)
      this.#sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, context));
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { from, size, tracksScores } = this.#options;
    const space = this.#context?.space;
    if (space === undefined) return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      let best = this.#best[owner];
      if (best === undefined) {
        best = { top: new TopDocs(from + size, this.#directions), total: 0, maxScore: Number.NEGATIVE_INFINITY };
        spend(this.#run, (from + size) * entryBytes);
        for (let at = this.#best.length; at < owner; at++) this.#best.push(undefined);
        this.#best[owner] = best;
      }
      best.total++;
      const score = scoreOf(this.#run, doc, space);
      if (score > best.maxScore) best.maxScore = score;
      for (let k = 0; k < this.#sources.length; k++) {
        const source = this.#sources[k];
        this.#keys[k] = source === undefined ? score : source.key(doc);
      }
      if (tracksScores) this.#scores.set(doc, score);
      best.top.offer(doc, this.#keys);
    }
  }

  #keep(): void {
    for (const [owner, best] of this.#best.entries()) {
      if (best === undefined) continue;
      const kept = this.#kept[owner] ?? { total: 0, maxScore: Number.NEGATIVE_INFINITY, entries: [] };
      for (let at = this.#kept.length; at < owner; at++) this.#kept.push(undefined);
      this.#kept[owner] = kept;
      kept.total += best.total;
      kept.maxScore = Math.max(kept.maxScore, best.maxScore);
      kept.entries.push(...this.#entries(best));
      kept.entries.sort((a, b) => this.#compare(a, b));
      kept.entries.length = Math.min(kept.entries.length, this.#options.from + this.#options.size);
    }
    this.#best = [];
    this.#scores.clear();
  }

  #entries(best: Best): Entry[] {
    const context = this.#context;
    if (context === undefined) return [];
    return best.top.sorted().map(({ doc, keys }) => ({
      context,
      part: this.#part,
      doc,
      score: this.#scoreAt < 0 ? (this.#scores.get(doc) ?? 0) : (keys[this.#scoreAt] as number),
      orderings: keys.map((key, k) => this.#sources[k]?.ordering(doc) ?? key),
      values: keys.map((key, k) => (this.#sources[k] === undefined ? key : (this.#sources[k].value(doc) ?? null))),
    }));
  }

  result(owner: number): JSONObject {
    const best = this.#best[owner];
    const kept = this.#kept[owner];
    const { from, size, sort, tracksScores } = this.#options;
    const entries = [...(kept?.entries ?? []), ...(best === undefined ? [] : this.#entries(best))];
    entries.sort((a, b) => this.#compare(a, b));
    const hits = entries.slice(from, from + size).map((entry) => this.#hit(entry));
    const total = (kept?.total ?? 0) + (best?.total ?? 0);
    const byScoreOnly = sort.length === 1 && this.#scoreAt === 0 && sort[0]?.descending === true;
    const hasScores = total > 0 && (byScoreOnly || tracksScores);
    const maxScore = hasScores ? Math.max(kept?.maxScore ?? 0, best?.maxScore ?? 0) : null;
    return { hits: { total: { value: total, relation: "eq" }, max_score: maxScore, hits } };
  }

  #compare(a: Entry, b: Entry): number {
    return compareOrderings(a.orderings, b.orderings, this.#directions) || a.part - b.part || a.doc - b.doc;
  }

  #fieldsOf(context: QueryContext): HitFields {
    let read = this.#fields.get(context);
    if (read === undefined) {
      read = new HitFields(this.#options.fields, this.#options.docValueFields, context);
      this.#fields.set(context, read);
    }
    return read;
  }

  #hit({ context, part, doc, score, values }: Entry): JSONObject {
    const found = this.#run.parts[part];
    if (found === undefined) return {};
    const { source: filter, highlight, sort, tracksScores } = this.#options;
    const { request } = this.#run;
    const { segment } = context.snapshot;
    const root = rootOf(doc, context.space);
    const hitFields = this.#fieldsOf(context);
    const needsSource = filter.enabled || highlight !== undefined || hitFields.needsSource;
    const source = needsSource ? request.fetch?.(found.index, segment.docNumber(root)) : undefined;
    const nested = context.space.path === "" ? undefined : nestedPlace(doc, context.space);
    // Of a nested object, itself under its full path.
    const alone =
      source === undefined || nested === undefined ? source : aloneAt(source, context.space.path, nested.position);
    const filtered =
      alone === undefined
        ? undefined
        : nested === undefined
          ? filterSource(alone, filter)
          : filterAlone(alone, context.space.path, filter);
    const marked =
      highlight === undefined || source === undefined || nested !== undefined
        ? undefined
        : new Highlighter(highlight, request.body.query, context.mapping).run(source);
    const fields = hitFields.run(doc, alone);
    const byScoreOnly = sort.length === 1 && this.#scoreAt === 0 && sort[0]?.descending === true;
    return {
      _id: segment.ids.dictionary.term(segment.ids.ordAt(root, 0)),
      ...(nested === undefined ? {} : { _nested: nested.address }),
      _score: byScoreOnly || tracksScores ? score : null,
      ...(filtered === undefined ? {} : { _source: filtered }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(marked === undefined ? {} : { highlight: marked }),
      ...(byScoreOnly ? {} : { sort: values }),
    };
  }
}
