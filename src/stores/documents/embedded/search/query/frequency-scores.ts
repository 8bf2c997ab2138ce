/** Adds BM25 of given frequencies to the scores of the documents in `bits`; `lengths` undefined: of fields without norms. */
export function addFrequencyScores(
  base: number,
  end: number,
  bits: Uint32Array,
  scores: Float64Array,
  frequencies: Uint32Array | Float64Array,
  weight: number,
  norms: Float64Array,
  lengths: Uint8Array | undefined,
): void {
  for (let at = 0; at < end - base; at++) {
    if ((((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 0) continue;
    const inverse = norms[lengths === undefined ? 1 : (lengths[base + at] as number)] as number;
    scores[at] = (scores[at] as number) + weight - weight / (1 + (frequencies[at] as number) * inverse);
  }
}
