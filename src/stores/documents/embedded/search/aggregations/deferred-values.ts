import type { QueryContext } from "../query/context.ts";
import type { AggregationRun, SubAggregations } from "./aggregator.ts";
import { DeferredDocs, type Placing } from "./deferred.ts";

const blockSize = 4096;

/** Documents that come one by one, each with a value that says later where it belongs. Call `flush` at the end of each block that is collected. */
export class DeferredValues {
  readonly #deferred: DeferredDocs;
  readonly #docs = new Uint32Array(blockSize);
  readonly #owners = new Uint32Array(blockSize);
  readonly #values = new Float64Array(blockSize);
  #count = 0;

  constructor(run: AggregationRun) {
    this.#deferred = new DeferredDocs(run, run.needsScores);
  }

  enter(context: QueryContext): void {
    this.#deferred.enter(context);
  }

  add(doc: number, owner: number, value: number): void {
    if (this.#count === blockSize) this.flush();
    this.#docs[this.#count] = doc;
    this.#owners[this.#count] = owner;
    this.#values[this.#count++] = value;
  }

  flush(): void {
    this.#deferred.add(this.#docs, this.#owners, this.#count, this.#values);
    this.#count = 0;
  }

  /** Leads the sub-aggregations through all of them; `place` says which bucket a value belongs to, -1 for none. */
  replay(subs: SubAggregations, place: (owner: number, value: number) => number): Generator<void, void> {
    const placing: Placing = { place: (_doc, owner, value) => place(owner, value) };
    return this.#deferred.replay(subs, () => placing);
  }
}
