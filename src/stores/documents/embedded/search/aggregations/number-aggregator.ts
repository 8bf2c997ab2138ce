import type { QueryContext } from "../query/context.ts";
import type { NumberField } from "../segment/number-field.ts";
import type { AggregationRun } from "./aggregator.ts";
import { MetricAggregator } from "./metric-aggregator.ts";
import { NumberSource, type ValueOptions } from "./number-source.ts";

const blockSize = 4096;
const noNumbers = new Float64Array(0);
/** Of the block that is taken now: none takes longer than a call of `collect`. */
const blockOwners = new Uint32Array(blockSize);
const blockValues = new Float64Array(blockSize);

/** Takes the numbers of one field in blocks; what it does with them is a subclass. */
export abstract class NumberAggregator extends MetricAggregator {
  readonly run: AggregationRun;
  readonly place: string;
  readonly source: NumberSource;

  constructor(run: AggregationRun, place: string, options: ValueOptions) {
    super();
    this.run = run;
    this.place = place;
    this.source = new NumberSource(options, place);
  }

  // Nothing to wait for, but other aggregations have.
  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    this.source.open(context);
  }

  /** `count` values and the owners that they belong to, none of them NaN. Neither array may be changed or kept. */
  abstract addBlock(owners: Uint32Array, values: Float64Array, count: number): void;

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { store, missing, column: whole } = this.source;
    if (whole !== undefined && gather(whole, docs, count, blockValues)) {
      this.addBlock(owners, blockValues, count);
      return;
    }
    if (store?.isMultiple === true) {
      this.#collectMany(store, docs, owners, count);
      return;
    }
    if (store === undefined && Number.isNaN(missing)) return;
    const column = store?.values ?? noNumbers;
    const { length } = column;
    const taken = blockValues;
    let without = 0;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      let value = doc < length ? (column[doc] as number) : Number.NaN;
      if (Number.isNaN(value)) value = missing;
      if (Number.isNaN(value)) without++;
      taken[i] = value;
    }
    const kept = without === 0 ? owners : keepNumbers(owners, count);
    if (without < count) this.addBlock(kept, taken, count - without);
  }

  #collectMany(store: NumberField, docs: Uint32Array, owners: Uint32Array, count: number): void {
    const { missing } = this.source;
    const [takenOwners, taken] = [blockOwners, blockValues];
    let found = 0;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      const owner = owners[i] as number;
      const own = store.countOf(doc);
      for (let v = own === 0 ? -1 : 0; v < own; v++) {
        const value = v < 0 ? missing : store.valueAt(doc, v);
        if (Number.isNaN(value)) continue;
        takenOwners[found] = owner;
        taken[found++] = value;
        if (found < blockSize) continue;
        this.addBlock(takenOwners, taken, found);
        found = 0;
      }
    }
    if (found > 0) this.addBlock(takenOwners, taken, found);
  }
}

/**
 * Writes the numbers of some documents to `out`. False when one of them has none: they are added up for that, because a sum is NaN as soon as one of
 * them is, and a look at each takes half as long again.
 */
function gather(column: Float64Array, docs: Uint32Array, count: number, out: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = column[docs[i] as number] as number;
    out[i] = value;
    sum += value;
  }
  return !Number.isNaN(sum);
}

/** Moves the numbers of a block together that are some; answers their owners. */
function keepNumbers(owners: Uint32Array, count: number): Uint32Array {
  const [kept, taken] = [blockOwners, blockValues];
  let found = 0;
  for (let i = 0; i < count; i++) {
    const value = taken[i] as number;
    if (Number.isNaN(value)) continue;
    kept[found] = owners[i] as number;
    taken[found++] = value;
  }
  return kept;
}
