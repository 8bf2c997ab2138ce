import { grow32, growInt32 } from "../segment/growing.ts";
import { type AggregationRun, spend } from "./aggregator.ts";

/** About what a bucket takes, with its key. */
const bucketBytes = 80;

/** Buckets by owner; `size` of all of them were there when it was made. */
interface BucketLists {
  readonly size: number;
  readonly starts: Int32Array;
  readonly buckets: Int32Array;
}

/** The buckets of one aggregation, over all owners and segments: numbered as they come, found by owner and key. */
export class Buckets {
  counts: Uint32Array = new Uint32Array(16);
  readonly keys: (string | number)[] = [];
  readonly #run: AggregationRun;
  /**
   * Keys are numbered: to look for a pair of numbers takes a tenth of the time of looking for one of many texts. Those that were only made are not in
   * here before somebody looks for one.
   */
  readonly #ids = new Map<string | number, number>();
  readonly #keysById: (string | number)[] = [];
  /** By bucket; -1 for those that are not to be found. */
  #owners: Int32Array = new Int32Array(16);
  #keyIds: Int32Array = new Int32Array(16);
  /** Open addressing by owner and key; 0 is empty, else bucket + 1. Of the buckets before `hashed`: those after it nobody has looked for yet. */
  #table: Int32Array = new Int32Array(32);
  #hashed = 0;
  #found = 0;
  /** Buckets by owner, made when they are asked for. */
  #lists: BucketLists | undefined;

  constructor(run: AggregationRun) {
    this.#run = run;
  }

  find(owner: number, key: string | number): number {
    return this.findId(owner, this.idOf(key));
  }

  /** The number of a key, for {@link findId}. */
  idOf(key: string | number): number {
    const keys = this.#keysById;
    for (let id = this.#ids.size; id < keys.length; id++) this.#ids.set(keys[id] as string | number, id);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.makeKey(key);
      this.#ids.set(key, id);
    }
    return id;
  }

  /** The number of a key that has none. */
  makeKey(key: string | number): number {
    return this.#keysById.push(key) - 1;
  }

  findId(owner: number, id: number): number {
    this.#hash();
    const known = this.#table[this.#slotOf(owner, id)] as number;
    if (known !== 0) return known - 1;
    const bucket = this.makeId(owner, id);
    this.#hash();
    return bucket;
  }

  /** True until somebody has looked for a key: what there is was made by {@link makeKey} and {@link makeId}. */
  get areOnlyMade(): boolean {
    return this.#ids.size === 0;
  }

  /** A bucket for a pair that has none. */
  makeId(owner: number, id: number): number {
    const bucket = this.addLoose(this.#keysById[id] as string | number);
    this.#owners[bucket] = owner;
    this.#keyIds[bucket] = id;
    this.#found++;
    return bucket;
  }

  #slotOf(owner: number, id: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    const mixed = Math.imul(Math.imul(owner, 0x9e3779b1) ^ id, 0x85ebca6b);
    for (let slot = (mixed ^ (mixed >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const bucket = (table[slot] as number) - 1;
      if (bucket < 0 || (this.#keyIds[bucket] === id && this.#owners[bucket] === owner)) return slot;
    }
  }

  /** Puts the buckets into the table that are not in it. */
  #hash(): void {
    const size = this.keys.length;
    if (this.#hashed === size) return;
    if (this.#found * 2 > this.#table.length) {
      let { length } = this.#table;
      while (this.#found * 2 > length) length *= 2;
      this.#table = new Int32Array(length);
      this.#hashed = 0;
    }
    for (let bucket = this.#hashed; bucket < size; bucket++) {
      const owner = this.#owners[bucket] as number;
      if (owner >= 0) this.#table[this.#slotOf(owner, this.#keyIds[bucket] as number)] = bucket + 1;
    }
    this.#hashed = size;
  }

  /** A bucket without documents that is not to be found again. */
  addLoose(key: string | number): number {
    const bucket = this.keys.length;
    spend(this.#run, bucketBytes);
    this.keys.push(key);
    this.counts = grow32(this.counts, bucket + 1);
    this.#owners = growInt32(this.#owners, bucket + 1);
    this.#keyIds = growInt32(this.#keyIds, bucket + 1);
    this.#owners[bucket] = -1;
    return bucket;
  }

  /** One more than the highest owner that has a bucket. */
  get owners(): number {
    return this.#byOwnerNow().starts.length - 1;
  }

  /** In the order in which they came. */
  of(owner: number): number[] {
    const { starts, buckets } = this.#byOwnerNow();
    if (owner < 0 || owner + 1 >= starts.length) return [];
    const list: number[] = [];
    const end = starts[owner + 1] as number;
    for (let i = starts[owner] as number; i < end; i++) list.push(buckets[i] as number);
    return list;
  }

  #byOwnerNow(): BucketLists {
    if (this.#lists?.size !== this.keys.length) this.#lists = this.#byOwner();
    return this.#lists;
  }

  #byOwner(): BucketLists {
    const size = this.keys.length;
    const owners = this.#owners.subarray(0, size);
    let most = -1;
    for (const owner of owners) if (owner > most) most = owner;
    const starts = new Int32Array(most + 2);
    for (const owner of owners) if (owner >= 0) starts[owner + 1] = (starts[owner + 1] as number) + 1;
    for (let owner = 0; owner <= most; owner++)
      starts[owner + 1] = (starts[owner + 1] as number) + (starts[owner] as number);
    const next = starts.slice();
    const buckets = new Int32Array(this.#found);
    for (let bucket = 0; bucket < size; bucket++) {
      const owner = owners[bucket] as number;
      if (owner < 0) continue;
      buckets[next[owner] as number] = bucket;
      next[owner] = (next[owner] as number) + 1;
    }
    return { size, starts, buckets };
  }
}
