/** What can expire: its owner writes `expiresAt`, the heap writes `place`. */
export interface Mortal {
  /** Epoch milliseconds; 0 means never. */
  expiresAt: number;
  /** Index in the heap, -1 when outside. */
  place: number;
}

/** The items that will expire, soonest first: a binary heap in which an item knows its place, so a changed deadline costs O(log n). */
export class Deadlines<T extends Mortal> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  soonest(): T | undefined {
    return this.#heap[0];
  }

  set(item: T, expiresAt: number): void {
    item.expiresAt = expiresAt;
    if (item.place < 0) {
      item.place = this.#heap.length;
      this.#heap.push(item);
    }
    this.#rise(item, item.place);
    this.#sink(item, item.place);
  }

  clear(item: T): void {
    item.expiresAt = 0;
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  reset(): void {
    this.#heap.length = 0;
  }

  #rise(item: T, from: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = heap[parentPlace];
      if (parent === undefined || parent.expiresAt <= item.expiresAt) break;
      heap[place] = parent;
      parent.place = place;
      place = parentPlace;
    }
    heap[place] = item;
    item.place = place;
  }

  #sink(item: T, from: number): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const child = right !== undefined && left !== undefined && right.expiresAt < left.expiresAt ? right : left;
      if (child === undefined || child.expiresAt >= item.expiresAt) break;
      const childPlace = child.place;
      heap[place] = child;
      child.place = place;
      place = childPlace;
    }
    heap[place] = item;
    item.place = place;
  }
}
