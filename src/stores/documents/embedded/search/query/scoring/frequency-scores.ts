/** How frequencies become scores. */
export interface FrequencyWeight {
  readonly weight: number;
  readonly norms: Float64Array;
  /** By document; undefined for fields without norms. */
  readonly lengths: Uint8Array | undefined;
}

/** Adds BM25 of given frequencies to the scores of the documents in `bits`. */
export function addFrequencyScores(
  base: number,
  bits: Uint32Array,
  scores: Float64Array,
  frequencies: Uint32Array | Float64Array,
  { weight, norms, lengths }: FrequencyWeight,
): void {
  for (let i = 0; i < bits.length; i++) {
    let word = bits[i] as number;
    while (word !== 0) {
      const at = (i << 5) + 31 - Math.clz32(word & -word);
      word &= word - 1;
      const inverse = norms[lengths === undefined ? 1 : (lengths[base + at] as number)] as number;
      scores[at] = (scores[at] as number) + weight - weight / (1 + (frequencies[at] as number) * inverse);
    }
  }
}
