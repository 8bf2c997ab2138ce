/** Field lengths in one byte, as Lucene writes them (`SmallFloat.intToByte4`): exact up to 39, then four significant bits. */

const freeValues = 24;

export function encodeLength(length: number): number {
  if (length < freeValues) return length;
  const rest = length - freeValues;
  const bits = 32 - Math.clz32(rest);
  if (bits < 4) return freeValues + rest;
  const shift = bits - 4;
  return freeValues + (((rest >>> shift) & 7) | ((shift + 1) << 3));
}

export function decodeLength(byte: number): number {
  if (byte < freeValues) return byte;
  const encoded = byte - freeValues;
  const bits = encoded & 7;
  const shift = (encoded >>> 3) - 1;
  return freeValues + (shift < 0 ? bits : (bits | 8) * 2 ** shift);
}
