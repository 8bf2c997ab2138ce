import type { Buckets } from "./buckets.ts";

/** Entries of all tables together: they have to stay in the caches of the processor, else a look into them is no faster than looking for the pair. */
const tableLimit = 1 << 17;
/** Owners beyond it have none: they come in any order, and each table has a place for those before it. */
const maxTables = 1 << 14;

/** Remembers, for one segment, which bucket an owner's ordinal leads to, so that keys are made once and not once per document. */
export class BucketCache {
  readonly #buckets: Buckets;
  readonly #keyOf: (ordinal: number) => string | number;
  readonly #ordinals: number;
  /** By owner, while they are few: bucket + 1 by ordinal, 0 where none is known yet. */
  readonly #tables: (Int32Array | undefined)[] = [];
  #space = tableLimit;
  /** By ordinal: the number of its key + 1. */
  #ids: Int32Array | undefined;
  /** All buckets that there are come from here: what no table knows is new. */
  readonly #isFirst: boolean;

  constructor(buckets: Buckets, ordinals: number, keyOf: (ordinal: number) => string | number) {
    this.#buckets = buckets;
    this.#ordinals = Math.max(1, ordinals);
    this.#keyOf = keyOf;
    this.#isFirst = buckets.keys.length === 0;
  }

  /** The bucket, made when it is not there. */
  bucket(owner: number, ordinal: number): number {
    let table = this.#tables[owner];
    if (table !== undefined) {
      const known = table[ordinal] as number;
      if (known !== 0) return known - 1;
    }
    // One table at least, whatever its length: most aggregations have one owner.
    if (table === undefined && (owner === 0 || (owner < maxTables && this.#space >= this.#ordinals))) {
      table = new Int32Array(this.#ordinals);
      while (this.#tables.length < owner) this.#tables.push(undefined);
      this.#tables[owner] = table;
      this.#space -= this.#ordinals;
    }
    const isNew = table !== undefined && this.#isFirst && this.#buckets.areOnlyMade;
    const id = this.#idOf(ordinal, isNew);
    const bucket = isNew ? this.#buckets.makeId(owner, id) : this.#buckets.findId(owner, id);
    if (table !== undefined) table[ordinal] = bucket + 1;
    return bucket;
  }

  /** Counts documents, given as the ordinals of each, -1 for none, which become its bucket. */
  count(slots: Int32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; ) {
      const owner = owners[i] as number;
      const table = this.#tables[owner];
      if (table !== undefined) i = countRun(table, slots, owners, this.#buckets.counts, i, count);
      if (i === count || owners[i] !== owner) continue;
      const ordinal = slots[i] as number;
      if (ordinal >= 0) {
        const bucket = this.bucket(owner, ordinal);
        const { counts } = this.#buckets;
        counts[bucket] = (counts[bucket] as number) + 1;
        slots[i] = bucket;
      }
      i++;
    }
  }

  #idOf(ordinal: number, isNew: boolean): number {
    this.#ids ??= new Int32Array(this.#ordinals);
    let id = (this.#ids[ordinal] as number) - 1;
    if (id < 0) {
      const key = this.#keyOf(ordinal);
      id = isNew ? this.#buckets.makeKey(key) : this.#buckets.idOf(key);
      this.#ids[ordinal] = id + 1;
    }
    return id;
  }
}

/**
 * Documents of one owner, as far as their buckets are known; answers where it came to. It calls nothing: the compiler would look up all arrays anew after
 * each call that there could be. Nor does it decide whether a document has a bucket at all, which would take as long as the rest: those that have none
 * are counted as no documents of some bucket.
 */
function countRun(
  table: Int32Array,
  slots: Int32Array,
  owners: Uint32Array,
  counts: Uint32Array,
  from: number,
  count: number,
): number {
  const owner = owners[from];
  for (let i = from; i < count; i++) {
    if (owners[i] !== owner) return i;
    const ordinal = slots[i] as number;
    const none = ordinal >> 31;
    const bucket = (table[ordinal & ~none] as number) - 1;
    if (bucket < 0) return i;
    slots[i] = bucket | none;
    counts[bucket] = (counts[bucket] as number) + 1 + none;
  }
  return count;
}
