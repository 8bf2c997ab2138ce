/** So many different digits that the places where each goes stay in the caches. */
const digits = 2_048;
const shifts = [0, 11, 22] as const;

/**
 * Orders documents by keys of so many times 32 bits, the lowest ones first in `keys`; those of equal keys stay in their order. `keys` go by the place of
 * a document in `docs`. Takes some twenty milliseconds for a hundred thousand documents.
 */
export function* orderByKeys(
  docs: Uint32Array,
  keys: readonly Uint32Array[],
  pause: () => Generator<void, void>,
): Generator<void, Uint32Array> {
  let places: Uint32Array = new Uint32Array(docs.length);
  for (let place = 0; place < places.length; place++) places[place] = place;
  const starts = new Uint32Array(digits + 1);
  // By the lowest digit first: what is equal in a digit stays in the order of those below.
  for (const part of keys)
    for (const shift of shifts) {
      if (!countDigits(part, shift, starts)) continue;
      yield* pause();
      const sorted = new Uint32Array(places.length);
      for (let i = 0; i < places.length; i++) {
        if ((i & 16_383) === 16_383) yield* pause();
        const place = places[i] as number;
        const digit = ((part[place] as number) >>> shift) & (digits - 1);
        const to = starts[digit] as number;
        starts[digit] = to + 1;
        sorted[to] = place;
      }
      places = sorted;
    }
  const ordered = new Uint32Array(docs.length);
  for (let i = 0; i < places.length; i++) ordered[i] = docs[places[i] as number] as number;
  return ordered;
}

/** Where each digit begins; false when all are the same, so that there is nothing to do. */
function countDigits(keys: Uint32Array, shift: number, starts: Uint32Array): boolean {
  starts.fill(0);
  for (const key of keys) {
    const behind = ((key >>> shift) & (digits - 1)) + 1;
    starts[behind] = (starts[behind] as number) + 1;
  }
  const [first = 0] = keys;
  if (starts[((first >>> shift) & (digits - 1)) + 1] === keys.length) return false;
  for (let digit = 0; digit < digits; digit++)
    starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
  return true;
}
