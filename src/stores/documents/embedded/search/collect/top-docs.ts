/** The best `size` documents by one or several keys, each a number; ties go to the lower document. */
export class TopDocs {
  readonly size: number;
  /** Keys of each entry, `width` numbers each. */
  readonly #keys: Float64Array;
  readonly #docs: Float64Array;
  readonly #width: number;
  /** By key: 1 ascending, -1 descending. */
  readonly #directions: readonly number[];
  count = 0;
  /** First key of the worst entry once the heap is full: what is worse cannot enter. */
  worst = Number.NaN;

  constructor(size: number, directions: readonly number[]) {
    this.size = size;
    this.#width = directions.length;
    this.#directions = directions;
    this.#keys = new Float64Array(Math.max(1, size * directions.length));
    this.#docs = new Float64Array(Math.max(1, size));
  }

  get isFull(): boolean {
    return this.count === this.size;
  }

  /** `keys` is read, not kept. `doc` may be any number that orders ties. */
  offer(doc: number, keys: Float64Array): void {
    if (this.size === 0) return;
    if (this.count < this.size) {
      this.#put(this.count, doc, keys);
      this.#up(this.count++);
    } else if (this.#compareTo(0, doc, keys) > 0) {
      this.#put(0, doc, keys);
      this.#down(0);
    }
    if (this.count === this.size) this.worst = this.#keys[0] as number;
  }

  #put(at: number, doc: number, keys: Float64Array): void {
    const width = this.#width;
    for (let k = 0; k < width; k++) this.#keys[at * width + k] = keys[k] as number;
    this.#docs[at] = doc;
  }

  /** Positive when the entry is worse than the candidate. */
  #compareTo(at: number, doc: number, keys: Float64Array): number {
    const width = this.#width;
    for (let k = 0; k < width; k++) {
      const a = this.#keys[at * width + k] as number;
      const b = keys[k] as number;
      if (a !== b) return a < b ? -(this.#directions[k] as number) : (this.#directions[k] as number);
    }
    return (this.#docs[at] as number) - doc;
  }

  #compare(a: number, b: number): number {
    const width = this.#width;
    for (let k = 0; k < width; k++) {
      const left = this.#keys[a * width + k] as number;
      const right = this.#keys[b * width + k] as number;
      if (left !== right) return left < right ? -(this.#directions[k] as number) : (this.#directions[k] as number);
    }
    return (this.#docs[a] as number) - (this.#docs[b] as number);
  }

  #swap(a: number, b: number): void {
    const width = this.#width;
    for (let k = 0; k < width; k++) {
      const key = this.#keys[a * width + k] as number;
      this.#keys[a * width + k] = this.#keys[b * width + k] as number;
      this.#keys[b * width + k] = key;
    }
    const doc = this.#docs[a] as number;
    this.#docs[a] = this.#docs[b] as number;
    this.#docs[b] = doc;
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.#compare(at, parent) <= 0) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      let worst = at;
      if (left < this.count && this.#compare(left, worst) > 0) worst = left;
      if (left + 1 < this.count && this.#compare(left + 1, worst) > 0) worst = left + 1;
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  /** Best first. */
  sorted(): { readonly doc: number; readonly keys: readonly number[] }[] {
    const order: number[] = [];
    for (let at = 0; at < this.count; at++) order.push(at);
    order.sort((a, b) => this.#compare(a, b));
    const width = this.#width;
    return order.map((at) => {
      const keys: number[] = [];
      for (let k = 0; k < width; k++) keys.push(this.#keys[at * width + k] as number);
      return { doc: this.#docs[at] as number, keys };
    });
  }
}
