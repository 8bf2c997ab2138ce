import type { Clock } from "../../../kernel/index.ts";
import type { Bytes } from "./bytes.ts";
import { Deadlines, type Mortal } from "./deadlines.ts";
import { refusals } from "./refusals.ts";
import { Slots, type Slotted } from "./slots.ts";
import { HashValue } from "./values/hash.ts";
import { ListValue } from "./values/list.ts";
import { SetValue } from "./values/set.ts";
import { SortedSetValue } from "./values/sorted-set.ts";

/** What a key holds: a string (text or bytes), or one of the collections. */
export type Value = Bytes | Collection;
export type Collection = ListValue | HashValue | SetValue | SortedSetValue;

export class Entry implements Slotted, Mortal {
  readonly key: string;
  value: Value;
  slot = -1;
  place = -1;
  expiresAt = 0;
  /** Epoch milliseconds of the last access, for OBJECT IDLETIME. */
  accessedAt: number;
  /** Length of a string that grew in place, else 0: counting its bytes at every APPEND would flatten it. */
  appendedBytes = 0;

  constructor(key: string, value: Value, accessedAt: number) {
    this.key = key;
    this.value = value;
    this.accessedAt = accessedAt;
  }
}

export const isString = (value: Value): value is Bytes => typeof value === "string" || value instanceof Uint8Array;

/**
 * All keys with their values and deadlines. An expired key is removed when a command meets it, and otherwise by `removeExpired`.
 * `find…` answers undefined for a missing key, and throws WRONGTYPE for a value of another type.
 */
export class Keyspace {
  readonly #clock: Clock;
  #entries = new Slots<Entry>();
  readonly #deadlines = new Deadlines<Entry>();
  readonly #onExpired: (key: string) => void;

  /** `onExpired` hears of each key that is removed because its time has come. */
  constructor(clock: Clock, onExpired: (key: string) => void = () => {}) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Expired keys may still be counted: call `removeExpired` before. */
  get size(): number {
    return this.#entries.size;
  }

  get mortals(): number {
    return this.#deadlines.size;
  }

  /** Finds a key without noting the access. */
  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt === 0 || entry.expiresAt > this.#clock.now()) return entry;
    this.#removeExpiredEntry(entry);
    return undefined;
  }

  find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const now = this.#clock.now();
    if (entry.expiresAt !== 0 && entry.expiresAt <= now) {
      this.#removeExpiredEntry(entry);
      return undefined;
    }
    entry.accessedAt = now;
    return entry;
  }

  findString(key: string): Bytes | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || isString(value)) return value;
    throw refusals.wrongType();
  }

  findList(key: string): ListValue | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || value instanceof ListValue) return value;
    throw refusals.wrongType();
  }

  findHash(key: string): HashValue | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || value instanceof HashValue) return value;
    throw refusals.wrongType();
  }

  findSet(key: string): SetValue | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || value instanceof SetValue) return value;
    throw refusals.wrongType();
  }

  findSortedSet(key: string): SortedSetValue | undefined {
    const value = this.find(key)?.value;
    if (value === undefined || value instanceof SortedSetValue) return value;
    throw refusals.wrongType();
  }

  /** Replaces whatever the key held, deadline included. */
  put(key: string, value: Value): Entry {
    const entry = this.find(key);
    if (entry === undefined) {
      const created = new Entry(key, value, this.#clock.now());
      this.#entries.add(created);
      return created;
    }
    entry.value = value;
    entry.appendedBytes = 0;
    if (entry.expiresAt !== 0) this.#deadlines.clear(entry);
    return entry;
  }

  /** Changes a string and keeps its deadline. */
  update(key: string, value: Bytes): Entry {
    const entry = this.find(key);
    if (entry === undefined) return this.put(key, value);
    entry.value = value;
    entry.appendedBytes = 0;
    return entry;
  }

  /** Replaces whatever the key held by a collection; an empty one deletes the key. */
  store(key: string, value: Collection): number {
    if (value.size > 0) this.put(key, value);
    else this.delete(key);
    return value.size;
  }

  /** Deletes the key of a collection that became empty. */
  dropIfEmpty(key: string, value: Collection): void {
    if (value.size === 0) this.delete(key);
  }

  delete(key: string): boolean {
    const entry = this.peek(key);
    if (entry === undefined) return false;
    this.remove(entry);
    return true;
  }

  remove(entry: Entry): void {
    this.#entries.remove(entry);
    if (entry.place >= 0) this.#deadlines.clear(entry);
  }

  #removeExpiredEntry(entry: Entry): void {
    this.remove(entry);
    this.#onExpired(entry.key);
  }

  /** `expiresAt` is epoch milliseconds; one that has passed deletes the key. */
  expire(entry: Entry, expiresAt: number): void {
    if (expiresAt <= this.#clock.now()) this.remove(entry);
    else this.#deadlines.set(entry, Math.floor(expiresAt));
  }

  persist(entry: Entry): void {
    this.#deadlines.clear(entry);
  }

  clear(): void {
    this.#entries = new Slots<Entry>();
    this.#deadlines.reset();
  }

  random(): Entry | undefined {
    return this.#entries.random();
  }

  entries(): Entry[] {
    return this.#entries.toArray();
  }

  scan(cursor: number, count: number, page: Entry[]): number {
    return this.#entries.scan(cursor, count, page);
  }

  /** Removes up to `limit` expired keys; true when others are left. */
  removeExpired(limit = Number.POSITIVE_INFINITY): boolean {
    const now = this.#clock.now();
    for (let removed = 0; removed < limit; removed++) {
      const entry = this.#deadlines.soonest();
      if (entry === undefined || entry.expiresAt > now) return false;
      this.#removeExpiredEntry(entry);
    }
    const next = this.#deadlines.soonest();
    return next !== undefined && next.expiresAt <= now;
  }
}
