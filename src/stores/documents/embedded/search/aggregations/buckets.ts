import { grow64 } from "../segment/growing.ts";
import { type AggregationRun, heldBytes, hold } from "./aggregator.ts";

/** The buckets of one aggregation, over all owners and segments: numbered as they come, found by owner and key. */
export class Buckets {
  counts: Float64Array = new Float64Array(16);
  readonly keys: (string | number)[] = [];
  readonly #byOwner: Map<string | number, number>[] = [];
  readonly #run: AggregationRun | undefined;

  /** With `run`, they count among those that a search may hold. */
  constructor(run?: AggregationRun) {
    this.#run = run;
  }

  find(owner: number, key: string | number): number {
    let own = this.#byOwner[owner];
    if (own === undefined) {
      own = new Map();
      for (let i = this.#byOwner.length; i < owner; i++) this.#byOwner[i] = new Map();
      this.#byOwner[owner] = own;
    }
    const known = own.get(key);
    if (known !== undefined) return known;
    if (this.#run !== undefined) hold(this.#run, heldBytes.bucket);
    const bucket = this.keys.length;
    own.set(key, bucket);
    this.keys.push(key);
    this.counts = grow64(this.counts, bucket + 1);
    return bucket;
  }

  of(owner: number): number[] {
    return [...(this.#byOwner[owner]?.values() ?? [])];
  }
}

/** Longest table by ordinal; beyond that, and for many owners, a map. */
const denseLimit = 1 << 21;

/** Remembers, for one segment, which bucket an owner's ordinal leads to, so that keys are made once and not once per document. */
export class BucketCache {
  readonly #ordinals: number;
  readonly #tables: Int32Array[] = [];
  readonly #sparse = new Map<number, number>();
  #space = denseLimit;

  constructor(ordinals: number) {
    this.#ordinals = Math.max(1, ordinals);
  }

  /** Buckets + 1 by ordinal, 0 where none is known yet; undefined when this owner has no table. */
  table(owner: number): Int32Array | undefined {
    return this.#tables[owner];
  }

  /** The bucket, -1 when it is not known yet. */
  get(owner: number, ordinal: number): number {
    const table = this.#tables[owner];
    if (table !== undefined && ordinal < table.length) return (table[ordinal] as number) - 1;
    return this.#sparse.get(owner * 2 ** 32 + ordinal) ?? -1;
  }

  set(owner: number, ordinal: number, bucket: number): void {
    if (this.#tables.length === owner && this.#space >= this.#ordinals) {
      this.#tables.push(new Int32Array(this.#ordinals));
      this.#space -= this.#ordinals;
    }
    const table = this.#tables[owner];
    if (table !== undefined && ordinal < table.length) table[ordinal] = bucket + 1;
    else this.#sparse.set(owner * 2 ** 32 + ordinal, bucket);
  }
}
