/** Numbers as texts of 16 hexadecimal digits that sort as the numbers do. */

const floats = new Float64Array(1);
const words = new BigUint64Array(floats.buffer);
const sign = 1n << 63n;
const all = (1n << 64n) - 1n;

export function encodeNumber(value: number): string {
  floats[0] = value === 0 ? 0 : value;
  const bits = words[0] as bigint;
  const ordered = (bits & sign) === 0n ? bits | sign : ~bits & all;
  return ordered.toString(16).padStart(16, "0");
}

export function decodeNumber(text: string): number {
  const ordered = BigInt(`0x${text}`);
  words[0] = (ordered & sign) === 0n ? ~ordered & all : ordered & ~sign;
  return floats[0] as number;
}
