import type { SegmentSnapshot } from "./segment.ts";
import type { Space } from "./space.ts";

/** Documents of a segment that are gone, and the nested objects that went with them. */
export function countGone({ segment, deleted, deletedCount, counts }: SegmentSnapshot): number {
  if (deletedCount === 0 || counts.size <= 1) return deletedCount;
  const spaces = [...counts.keys()].flatMap((path) => segment.space(path) ?? []);
  const countWithin = (parent: Space, from: number, to: number): number => {
    if (from >= to) return 0;
    let sum = to - from;
    // Objects of neighbours are neighbours.
    for (const space of spaces)
      if (space.parent === parent) sum += countWithin(space, space.firstChild(from), space.firstChild(to));
    return sum;
  };
  let sum = 0;
  for (const [i, bits] of deleted.entries())
    for (let word = bits; word !== 0; word &= word - 1) {
      const doc = (i << 5) + 31 - Math.clz32(word & -word);
      sum += countWithin(segment.root, doc, doc + 1);
    }
  return sum;
}
