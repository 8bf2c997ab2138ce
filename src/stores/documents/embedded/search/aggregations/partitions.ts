/** Shares of all terms, by the hashes that the reference engine divides them with. */

const seed = 31;
const encoder = new TextEncoder();

export function partitionOfTerm(term: string, parts: number): number {
  return floorMod(murmur3(encoder.encode(term), seed), parts);
}

/** Whole numbers are hashed as 64 bits, others as the bits of their double. */
export function partitionOfNumber(value: number, parts: number): number {
  const bits = Number.isSafeInteger(value) ? BigInt(value) : BigInt(Math.trunc(value));
  const hash = BigInt.asIntN(64, mix64(BigInt.asUintN(64, bits)));
  const part = hash % BigInt(parts);
  return Number(part < 0n ? part + BigInt(parts) : part);
}

const floorMod = (value: number, parts: number): number => ((value % parts) + parts) % parts;

/** A published finaliser of 64-bit hashes (D. Stafford, variant 9 of "Better bit mixing"). */
function mix64(bits: bigint): bigint {
  let mixed = BigInt.asUintN(64, (bits ^ (bits >> 32n)) * 0x4cd6944c5cc20b6dn);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 29n)) * 0xfc12c5b19d3259e9n);
  return mixed ^ (mixed >> 32n);
}

/** MurmurHash3 for 32 bits (A. Appleby, public domain specification). */
function murmur3(bytes: Uint8Array, start: number): number {
  let hash = start;
  const words = bytes.length & ~3;
  const scramble = (word: number): number => Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  for (let i = 0; i < words; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = [bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]];
    hash ^= scramble(a | (b << 8) | (c << 16) | (d << 24));
    hash = (Math.imul(rotate(hash, 13), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = bytes.length - 1; i >= words; i--) rest = (rest << 8) | (bytes[i] as number);
  if (bytes.length > words) hash ^= scramble(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
