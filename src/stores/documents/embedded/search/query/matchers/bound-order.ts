import { isBelow } from "./matcher.ts";

/** What the parts of a sum of scores can add to it in the present window: those that cannot lift a match above the worst of the best need not be looked at. */
export class BoundOrder {
  /** By part; written before {@link spare} is asked. */
  readonly bounds: Float64Array;
  /** The parts by their bounds, the least first. */
  readonly order: Uint32Array;

  constructor(parts: number) {
    this.bounds = new Float64Array(parts);
    this.order = Uint32Array.from(this.bounds, (_, i) => i);
  }

  /** How many parts, the first of the order, do not lift `sum` above `floor` all together; `boost` multiplies the whole. */
  spare(floor: number, sum = 0, boost = 1): number {
    const { bounds, order } = this;
    this.#sort();
    let most = sum;
    let spare = 0;
    for (; spare < order.length; spare++) {
      most += bounds[order[spare] as number] as number;
      if (!isBelow(boost * most, floor)) break;
    }
    return spare;
  }

  /** By insertion: the order changes little from one window to the next. */
  #sort(): void {
    const { bounds, order } = this;
    for (let i = 1; i < order.length; i++) {
      const moved = order[i] as number;
      const bound = bounds[moved] as number;
      let to = i;
      for (; to > 0 && (bounds[order[to - 1] as number] as number) > bound; to--) order[to] = order[to - 1] as number;
      order[to] = moved;
    }
  }
}
