/** The place of a number among the first `count` of an ascending list, -1 when it is not there. */
export function findNumber(numbers: Uint32Array, count: number, wanted: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low < count && numbers[low] === wanted ? low : -1;
}
