/** Whether the keys of a document come behind those of `search_after`. `directions`: 1 ascending, -1 descending. */
export function isBehind(keys: Float64Array, after: Float64Array, directions: readonly number[]): boolean {
  for (let k = 0; k < after.length; k++) {
    const own = keys[k] as number;
    const last = after[k] as number;
    if (own !== last) return (own < last ? -1 : 1) === directions[k];
  }
  return false;
}
