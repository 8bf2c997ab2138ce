import type { JSONObject } from "../../../../../kernel/index.ts";
import { TopDocs } from "../collect/top-docs.ts";
import type { QueryContext } from "../query/context.ts";
import { compareOrderings } from "../sort/compare-orderings.ts";
import { openSortSource } from "../sort/open-sort-source.ts";
import type { SortKey } from "../sort/parse-sort.ts";
import type { SortSource } from "../sort/sort-source.ts";
import { filterSource, type SourceFilter } from "../source-filter.ts";
import { type AggregationRun, Aggregator } from "./aggregator.ts";

export interface TopHitsOptions {
  readonly from: number;
  readonly size: number;
  readonly sort: readonly SortKey[];
  readonly source: SourceFilter;
}

interface Best {
  readonly top: TopDocs;
  total: number;
}

interface Entry {
  readonly part: number;
  readonly doc: number;
  readonly keys: readonly number[];
  readonly orderings: readonly (number | string)[];
  readonly values: readonly unknown[];
}

/** The best documents of each bucket, with their sources. */
export class TopHitsAggregator extends Aggregator {
  readonly #run: AggregationRun;
  readonly #options: TopHitsOptions;
  readonly #directions: readonly number[];
  readonly #keys: Float64Array;
  #sources: (SortSource | undefined)[] = [];
  #context: QueryContext | undefined;
  #best: (Best | undefined)[] = [];
  /** What earlier segments gave, by owner. */
  readonly #kept: { total: number; entries: Entry[] }[] = [];

  constructor(run: AggregationRun, options: TopHitsOptions) {
    super();
    this.#run = run;
    this.#options = options;
    this.#directions = options.sort.map((key) => (key.descending ? -1 : 1));
    this.#keys = new Float64Array(options.sort.length);
    if (options.sort.some((key) => key.kind === "_score")) run.needsScores = true;
  }

  *enter(context: QueryContext): Generator<void, void> {
    this.#keep();
    this.#context = context;
    this.#sources = [];
    for (const key of this.#options.sort)
      this.#sources.push(key.kind === "_score" ? undefined : yield* openSortSource(key, context));
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { base, scores } = this.#run;
    const isRoot = this.#context?.space.path === "";
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      let best = this.#best[owner];
      if (best === undefined) {
        best = { top: new TopDocs(this.#options.from + this.#options.size, this.#directions), total: 0 };
        this.#best[owner] = best;
      }
      best.total++;
      for (let k = 0; k < this.#sources.length; k++) {
        const source = this.#sources[k];
        this.#keys[k] = source === undefined ? (isRoot ? Math.fround(scores[doc - base] ?? 0) : 1) : source.key(doc);
      }
      best.top.offer(doc, this.#keys);
    }
  }

  #keep(): void {
    const part = this.#run.part - 1;
    for (const [owner, best] of this.#best.entries()) {
      if (best === undefined) continue;
      for (let i = this.#kept.length; i <= owner; i++) this.#kept.push({ total: 0, entries: [] });
      const kept = this.#kept[owner];
      if (kept === undefined) continue;
      kept.total += best.total;
      kept.entries.push(...this.#entries(best, part));
    }
    this.#best = [];
  }

  #entries(best: Best, part: number): Entry[] {
    return best.top.sorted().map(({ doc, keys }) => ({
      part,
      doc,
      keys,
      orderings: keys.map((key, k) => this.#sources[k]?.ordering(doc) ?? key),
      values: keys.map((key, k) => this.#sources[k]?.value(doc) ?? key),
    }));
  }

  result(owner: number): JSONObject {
    const best = this.#best[owner];
    const kept = this.#kept[owner];
    const { from, size, sort } = this.#options;
    const entries = [...(kept?.entries ?? []), ...(best === undefined ? [] : this.#entries(best, this.#run.part))];
    entries.sort((a, b) => this.#compare(a, b));
    const scoreAt = sort.findIndex((key) => key.kind === "_score");
    const hits = entries.slice(from, from + size).map((entry) => this.#hit(entry, scoreAt));
    const [first] = entries;
    const total = (kept?.total ?? 0) + (best?.total ?? 0);
    const maxScore = scoreAt === 0 && first !== undefined ? first.keys[0] : null;
    return { hits: { total: { value: total, relation: "eq" }, max_score: maxScore, hits } };
  }

  #compare(a: Entry, b: Entry): number {
    return compareOrderings(a.orderings, b.orderings, this.#directions) || a.part - b.part || a.doc - b.doc;
  }

  #hit({ part, doc, keys, values }: Entry, scoreAt: number): JSONObject {
    const found = this.#run.parts[part];
    const own = this.#context;
    if (found === undefined || own === undefined) return {};
    const { index, context } = found;
    let root = doc;
    const space = context.snapshot.segment.space(own.space.path);
    for (let at = space; at !== undefined && at.path !== ""; at = at.parent) root = at.parentOf[root] as number;
    const { segment } = context.snapshot;
    const source = this.#run.request.fetch?.(index, segment.docNumber(root));
    const filtered = source === undefined ? undefined : filterSource(source, this.#options.source);
    const isSorted = scoreAt !== 0 || this.#options.sort.length > 1;
    return {
      _id: segment.ids.dictionary.term(segment.ids.ordAt(root, 0)),
      _score: scoreAt < 0 ? null : keys[scoreAt],
      ...(filtered === undefined ? {} : { _source: filtered }),
      ...(isSorted ? { sort: values } : {}),
    };
  }
}
