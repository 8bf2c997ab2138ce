/** Sets of document numbers as bits in 32-bit words. */

export function wordsFor(count: number): number {
  return (count + 31) >>> 5;
}

export function hasBit(words: Uint32Array, at: number): boolean {
  return (((words[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

/** How many bits of a word are set. */
export function countOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Empty words are counted as the others: where one in three is empty, nothing foretells which, and to be wrong takes longer than to count. */
export function countBits(words: Uint32Array, count = words.length): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += countOf(words[i] as number);
  return total;
}

/** Writes the positions of the set bits, plus `base`, to `out`; answers how many. */
export function listBits(words: Uint32Array, count: number, base: number, out: Uint32Array): number {
  let found = 0;
  for (let i = 0; i < count; i++) {
    let word = words[i] as number;
    const start = base + (i << 5);
    while (word !== 0) {
      const lowest = word & -word;
      out[found++] = start + 31 - Math.clz32(lowest);
      word ^= lowest;
    }
  }
  return found;
}
