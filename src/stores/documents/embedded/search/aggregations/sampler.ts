import type { QueryContext } from "../query/context.ts";
import { malformed } from "../query/parameters.ts";
import { compareText } from "../segment/compare-text.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { type AggregationRun, aggregatedField, type SubAggregations } from "./aggregator.ts";
import { DeferredDocs } from "./deferred.ts";
import { OneBucket } from "./filters.ts";

/** At most so many documents of each value of a field. */
export interface Diversity {
  readonly field: string;
  readonly most: number;
}

interface Candidate {
  readonly part: number;
  readonly doc: number;
  readonly owner: number;
  readonly score: number;
}

/** The best documents of each bucket, by score; `diversified_sampler` takes only some of each value. */
export class SamplerAggregator extends OneBucket {
  readonly #size: number;
  readonly #diversity: Diversity | undefined;
  readonly #deferred: DeferredDocs;

  constructor(run: AggregationRun, subs: SubAggregations, size: number, diversity: Diversity | undefined) {
    super(run, subs);
    this.#size = size;
    this.#diversity = diversity;
    this.#deferred = new DeferredDocs(run, true);
    run.needsScores = true;
  }

  *open(): Generator<void, void> {}

  // biome-ignore lint/correctness/useYield: the interface is a generator
  override *enter(context: QueryContext): Generator<void, void> {
    if (this.#diversity !== undefined) aggregatedField(context, this.#diversity.field, "diversified_sampler");
    this.#deferred.enter(context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    this.#deferred.add(docs, owners, count);
  }

  override *finish(): Generator<void, void> {
    const chosen = this.#deferred.parts.map(() => new Set<string>());
    for (const { part, doc, owner } of yield* this.#choose()) chosen[part]?.add(`${doc} ${owner}`);
    yield* this.#deferred.replay(this.subs, (part) => ({
      place: (doc, owner) => {
        // Several owners may keep a document, each decides for itself.
        if (chosen[part]?.has(`${doc} ${owner}`) !== true) return -1;
        this.counted(owner);
        return owner;
      },
    }));
  }

  *#choose(): Generator<void, Candidate[]> {
    const byOwner = new Map<number, Candidate[]>();
    for (const [part, { docs, owners, scores, count }] of this.#deferred.parts.entries()) {
      for (let i = 0; i < count; i++) {
        const owner = owners[i] as number;
        let list = byOwner.get(owner);
        if (list === undefined) {
          list = [];
          byOwner.set(owner, list);
        }
        list.push({ part, doc: docs[i] as number, owner, score: scores[i] as number });
        if (list.length > 4 * this.#size + 1024) byOwner.set(owner, this.#best(list));
        if ((i & 4095) === 4095) yield* this.run.budget.pause();
      }
    }
    const chosen: Candidate[] = [];
    for (const list of byOwner.values()) {
      chosen.push(...this.#best(list));
      yield* this.run.budget.pause();
    }
    return chosen;
  }

  /** Sorts the list. */
  #best(list: Candidate[]): Candidate[] {
    list.sort((a, b) => b.score - a.score || a.part - b.part || a.doc - b.doc);
    const diversity = this.#diversity;
    if (diversity === undefined) return list.slice(0, this.#size);
    const taken = new Map<string | number | undefined, number>();
    const stores = this.#deferred.parts.map(({ context }) => context.field(diversity.field)?.store);
    const first = firstTerm(stores);
    const best: Candidate[] = [];
    for (const one of list) {
      if (best.length === this.#size) break;
      const value = valueIn(stores[one.part], one.doc) ?? first;
      const count = taken.get(value) ?? 0;
      if (count >= diversity.most) continue;
      taken.set(value, count + 1);
      best.push(one);
    }
    return best;
  }
}

/** What the reference engine takes for the value of documents without one, among keywords. */
function firstTerm(stores: readonly (FieldStore | undefined)[]): string | undefined {
  let first: string | undefined;
  for (const store of stores) {
    if (store?.kind !== "keyword") continue;
    for (let ord = 0; ord < store.dictionary.size; ord++) {
      const term = store.dictionary.term(ord);
      if (first === undefined || compareText(term, first) < 0) first = term;
    }
  }
  return first;
}

function valueIn(store: FieldStore | undefined, doc: number): string | number | undefined {
  if (store?.kind !== "keyword" && store?.kind !== "number") return undefined;
  const count = store.countOf(doc);
  if (count > 1) throw malformed("[diversified_sampler.field] must have one value in each document.");
  // The reference engine takes no number for 0.
  if (count === 0) return store.kind === "number" ? 0 : undefined;
  return store.kind === "keyword" ? store.dictionary.term(store.ordAt(doc, 0)) : store.valueAt(doc, 0);
}
