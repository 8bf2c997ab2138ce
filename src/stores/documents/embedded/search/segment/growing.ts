// Reads of typed arrays inside their bounds are written `as number` in this folder: the compiler cannot know the bounds,
// and a check for each element would cost more than the read.

/** How far an array grows when it is full: by half, so that large columns do not double. */
function nextLength(length: number, needed: number): number {
  return Math.max(needed, length + (length >> 1), 16);
}

export function grow32(array: Uint32Array, needed: number): Uint32Array {
  if (needed <= array.length) return array;
  const larger = new Uint32Array(nextLength(array.length, needed));
  larger.set(array);
  return larger;
}

export function growInt32(array: Int32Array, needed: number): Int32Array {
  if (needed <= array.length) return array;
  const larger = new Int32Array(nextLength(array.length, needed));
  larger.set(array);
  return larger;
}

export function grow64(array: Float64Array, needed: number): Float64Array {
  if (needed <= array.length) return array;
  const larger = new Float64Array(nextLength(array.length, needed));
  larger.set(array);
  return larger;
}

export function grow8(array: Uint8Array, needed: number): Uint8Array {
  if (needed <= array.length) return array;
  const larger = new Uint8Array(nextLength(array.length, needed));
  larger.set(array);
  return larger;
}
