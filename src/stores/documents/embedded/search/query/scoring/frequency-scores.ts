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
  end: number,
  bits: Uint32Array,
  scores: Float64Array,
  frequencies: Uint32Array | Float64Array,
  { weight, norms, lengths }: FrequencyWeight,
): void {
  for (let at = 0; at < end - base; at++) {
    if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
    const inverse = norms[lengths === undefined ? 1 : (lengths[base + at] as number)] as number;
    scores[at] = (scores[at] as number) + weight - weight / (1 + (frequencies[at] as number) * inverse);
  }
}
