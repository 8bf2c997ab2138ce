import type { Buckets } from "./buckets.ts";

/** Entries of all tables together: they have to stay in the caches of the processor, else a look into them is no faster than looking for the pair. */
const tableLimit = 1 << 17;

/** Remembers, for one segment, which bucket an owner's ordinal leads to, so that keys are made once and not once per document. */
export class BucketCache {
  readonly #buckets: Buckets;
  readonly #keyOf: (ordinal: number) => string | number;
  readonly #ordinals: number;
  /** By owner, while they are few: bucket + 1 by ordinal, 0 where none is known yet. */
  readonly #tables: Int32Array[] = [];
  #space = tableLimit;
  /** By ordinal: the number of its key + 1. */
  #ids: Int32Array | undefined;

  constructor(buckets: Buckets, ordinals: number, keyOf: (ordinal: number) => string | number) {
    this.#buckets = buckets;
    this.#ordinals = Math.max(1, ordinals);
    this.#keyOf = keyOf;
  }

  /** Buckets + 1 by ordinal, 0 where none is known yet; undefined when this owner has no table. */
  table(owner: number): Int32Array | undefined {
    return this.#tables[owner];
  }

  /** The bucket, made when it is not there. */
  bucket(owner: number, ordinal: number): number {
    let table = this.#tables[owner];
    if (table !== undefined) {
      const known = table[ordinal] as number;
      if (known !== 0) return known - 1;
    }
    // One table at least, whatever its length: most aggregations have one owner.
    if (this.#tables.length === owner && (owner === 0 || this.#space >= this.#ordinals)) {
      table = new Int32Array(this.#ordinals);
      this.#tables.push(table);
      this.#space -= this.#ordinals;
    }
    const bucket = this.#buckets.findId(owner, this.#idOf(ordinal));
    if (table !== undefined) table[ordinal] = bucket + 1;
    return bucket;
  }

  #idOf(ordinal: number): number {
    this.#ids ??= new Int32Array(this.#ordinals);
    let id = (this.#ids[ordinal] as number) - 1;
    if (id < 0) {
      id = this.#buckets.idOf(this.#keyOf(ordinal));
      this.#ids[ordinal] = id + 1;
    }
    return id;
  }
}
