import type { Budget } from "../../budget.ts";
import { Heap } from "../../heap.ts";

/** Values that lie next to each other. */
export interface ValueGroup {
  /** The mean of its values. */
  readonly centroid: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** Two neighbours and how far apart they were when this was written down. */
interface Pair {
  readonly distance: number;
  readonly left: number;
}

/** The nearest pair is taken first; of several the first. */
const isNearer = (a: Pair, b: Pair): boolean =>
  a.distance < b.distance || (a.distance === b.distance && a.left < b.left);

/**
 * Joins neighbours, those with the nearest means first, until `most` groups are left. `values` are different and ascending, `counts` says how
 * often each is there.
 */
export function* nearestGroups(
  values: Float64Array,
  counts: Float64Array,
  most: number,
  budget: Budget,
): Generator<void, ValueGroup[]> {
  const { length } = values;
  const centroids = values.slice();
  const sizes = counts.slice();
  /** The group behind each, and the last value of each. */
  const next = Int32Array.from(values, (_, i) => (i + 1 < length ? i + 1 : -1));
  const before = Int32Array.from(values, (_, i) => i - 1);
  const last = Int32Array.from(values, (_, i) => i);
  const isGone = new Uint8Array(length);
  const distanceOf = (left: number): number =>
    (centroids[next[left] as number] as number) - (centroids[left] as number);
  const pairs = new Heap<Pair>(isNearer);
  for (let i = 0; i + 1 < length; i++) pairs.add({ distance: distanceOf(i), left: i });
  for (let left = length; left > most; ) {
    const pair = pairs.take();
    if (pair === undefined) break;
    const { left: a } = pair;
    // Written down before one of the two was joined to another.
    if (isGone[a] === 1 || next[a] === -1 || distanceOf(a) !== pair.distance) continue;
    const b = next[a] as number;
    const size = (sizes[a] as number) + (sizes[b] as number);
    centroids[a] =
      ((centroids[a] as number) * (sizes[a] as number) + (centroids[b] as number) * (sizes[b] as number)) / size;
    sizes[a] = size;
    last[a] = last[b] as number;
    next[a] = next[b] as number;
    isGone[b] = 1;
    if (next[a] !== -1) {
      before[next[a] as number] = a;
      pairs.add({ distance: distanceOf(a), left: a });
    }
    const previous = before[a] as number;
    if (previous >= 0) pairs.add({ distance: distanceOf(previous), left: previous });
    if ((--left & 511) === 0) yield* budget.pause();
  }
  const groups: ValueGroup[] = [];
  for (let at = length === 0 ? -1 : 0; at >= 0; at = next[at] as number) {
    const end = last[at] as number;
    let sum = 0;
    for (let i = at; i <= end; i++) sum += (values[i] as number) * (counts[i] as number);
    const count = sizes[at] as number;
    groups.push({ centroid: sum / count, min: values[at] as number, max: values[end] as number, count });
  }
  return groups;
}
