const smallestCapacity = 8;

/** A list: a ring of texts, with constant time at both ends and at any index. Inserting in the middle moves the shorter part. */
export class ListValue {
  readonly type = "list";
  #ring: string[] = new Array<string>(smallestCapacity).fill("");
  #head = 0;
  #length = 0;

  static of(items: readonly string[]): ListValue {
    const list = new ListValue();
    for (const item of items) list.pushTail(item);
    return list;
  }

  get size(): number {
    return this.#length;
  }

  /** The index must be in range. */
  at(index: number): string {
    return this.#ring[(this.#head + index) & (this.#ring.length - 1)] ?? "";
  }

  set(index: number, item: string): void {
    this.#ring[(this.#head + index) & (this.#ring.length - 1)] = item;
  }

  pushHead(item: string): void {
    if (this.#length === this.#ring.length) this.#resize(2 * this.#length);
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = item;
    this.#length++;
  }

  pushTail(item: string): void {
    if (this.#length === this.#ring.length) this.#resize(2 * this.#length);
    this.#length++;
    this.set(this.#length - 1, item);
  }

  /** The list must not be empty. */
  popHead(): string {
    const item = this.at(0);
    this.set(0, "");
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
    this.#shrink();
    return item;
  }

  popTail(): string {
    const item = this.at(this.#length - 1);
    this.set(this.#length - 1, "");
    this.#length--;
    this.#shrink();
    return item;
  }

  insert(index: number, item: string): void {
    if (index * 2 < this.#length) {
      this.pushHead(item);
      for (let i = 0; i < index; i++) this.set(i, this.at(i + 1));
    } else {
      this.pushTail(item);
      for (let i = this.#length - 1; i > index; i--) this.set(i, this.at(i - 1));
    }
    this.set(index, item);
  }

  /** Items of `[from, to)`; the range must lie inside. */
  slice(from: number, to: number): string[] {
    const items: string[] = [];
    for (let i = from; i < to; i++) items.push(this.at(i));
    return items;
  }

  /** First index of an item, or -1. */
  indexOf(item: string): number {
    for (let i = 0; i < this.#length; i++) if (this.at(i) === item) return i;
    return -1;
  }

  /** Keeps `[from, to)`. */
  keep(from: number, to: number): void {
    this.#adopt(this.slice(from, to));
  }

  /** Removes up to `limit` items equal to `item`, from the tail when asked; answers how many. */
  removeAll(item: string, limit: number, fromTail: boolean): number {
    const length = this.#length;
    const kept: string[] = [];
    let removed = 0;
    for (let i = 0; i < length; i++) {
      const candidate = this.at(fromTail ? length - 1 - i : i);
      if (candidate === item && removed < limit) removed++;
      else kept.push(candidate);
    }
    if (removed > 0) this.#adopt(fromTail ? kept.reverse() : kept);
    return removed;
  }

  #adopt(items: readonly string[]): void {
    this.#ring = [...items];
    this.#head = 0;
    this.#length = items.length;
    let capacity = smallestCapacity;
    while (capacity < items.length) capacity *= 2;
    while (this.#ring.length < capacity) this.#ring.push("");
  }

  #shrink(): void {
    const capacity = this.#ring.length;
    if (capacity > 64 && this.#length * 4 < capacity) this.#resize(capacity / 2);
  }

  #resize(capacity: number): void {
    const ring = this.slice(0, this.#length);
    while (ring.length < capacity) ring.push("");
    this.#ring = ring;
    this.#head = 0;
  }
}
