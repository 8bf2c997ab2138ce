const floats = new Float64Array(1);
const bits = new BigInt64Array(floats.buffer);
const singles = new Float32Array(1);
const singleBits = new Int32Array(singles.buffer);

/** The next number that a field's type can hold, up or down; with `isDouble` false of 32 bits. */
export function neighbour(value: number, up: boolean, isDouble: boolean): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return (up ? 1 : -1) * (isDouble ? Number.MIN_VALUE : 2 ** -149);
  const away = value > 0 === up;
  if (isDouble) {
    floats[0] = value;
    bits[0] = (bits[0] as bigint) + (away ? 1n : -1n);
    return floats[0];
  }
  singles[0] = value;
  singleBits[0] = (singleBits[0] as number) + (away ? 1 : -1);
  return singles[0];
}
