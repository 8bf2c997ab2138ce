/** What stands in a slot: its owner writes `slot`, nobody else. */
export interface Slotted {
  readonly key: string;
  slot: number;
}

/**
 * Items by key, in the order they came in, with what a plain map lacks: a cursor that stays valid whatever is added or removed,
 * and a random pick in constant time.
 *
 * Every item gets a sequence number that it keeps. A scan walks from the highest number down, so it ends even when others keep adding.
 */
export class Slots<T extends Slotted> {
  readonly #byKey = new Map<string, T>();
  #items: (T | undefined)[] = [];
  #sequences: number[] = [];
  #nextSequence = 1;

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** The key must not be there yet. */
  add(item: T): void {
    this.#byKey.set(item.key, item);
    item.slot = this.#items.length;
    this.#items.push(item);
    this.#sequences.push(this.#nextSequence++);
  }

  remove(item: T): void {
    this.#byKey.delete(item.key);
    this.#items[item.slot] = undefined;
    item.slot = -1;
    const length = this.#items.length;
    if (this.#items[length - 1] === undefined) this.#dropTail();
    else if (length > 32 && length > 2 * this.#byKey.size) this.#compact();
  }

  #dropTail(): void {
    const items = this.#items;
    while (items.length > 0 && items[items.length - 1] === undefined) {
      items.pop();
      this.#sequences.pop();
    }
  }

  #compact(): void {
    const items: T[] = [];
    const sequences: number[] = [];
    for (let i = 0; i < this.#items.length; i++) {
      const item = this.#items[i];
      if (item === undefined) continue;
      item.slot = items.length;
      items.push(item);
      sequences.push(this.#sequences[i] ?? 0);
    }
    this.#items = items;
    this.#sequences = sequences;
  }

  /** All items, oldest first. */
  toArray(): T[] {
    const all: T[] = [];
    for (const item of this.#items) if (item !== undefined) all.push(item);
    return all;
  }

  /** Holes are at most as many as items (or 32), so a few tries find one. */
  random(): T | undefined {
    if (this.#byKey.size === 0) return undefined;
    for (;;) {
      const item = this.#items[Math.floor(Math.random() * this.#items.length)];
      if (item !== undefined) return item;
    }
  }

  /** Appends up to `count` items to `page`; answers the cursor of the next page, 0 at the end. `cursor` 0 starts. */
  scan(cursor: number, count: number, page: T[]): number {
    let index = cursor === 0 ? this.#items.length - 1 : this.#below(cursor);
    let left = count;
    for (; index >= 0 && left > 0; index--) {
      const item = this.#items[index];
      if (item === undefined) continue;
      page.push(item);
      left--;
    }
    while (index >= 0 && this.#items[index] === undefined) index--;
    return index < 0 ? 0 : (this.#sequences[index] ?? 0) + 1;
  }

  /** Index of the last slot whose sequence number is below `cursor`. */
  #below(cursor: number): number {
    let low = 0;
    let high = this.#sequences.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sequences[middle] ?? 0) < cursor) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
