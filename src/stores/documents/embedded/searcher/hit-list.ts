import type { IndexHit } from "../search/collection-index.ts";

/** The hits of a cursor, best first. */
export interface HitList {
  readonly length: number;
  /** Approximate memory that it holds. */
  readonly bytes: number;
  at(position: number): IndexHit | undefined;
}

/** All that a hit has (sort values, highlights); a guess of its bytes. */
const bytesPerHit = 200;

export const fullHits = (hits: readonly IndexHit[]): HitList => ({
  length: hits.length,
  bytes: hits.length * bytesPerHit,
  at: (position) => hits[position],
});

/** Numbers only, for what has no order but the one in which it was stored. The id is read with the row. */
export const numberedHits = (numbers: Uint32Array, score: number | null): HitList => ({
  length: numbers.length,
  bytes: numbers.byteLength,
  at: (position) => {
    const docNumber = numbers[position];
    return docNumber === undefined ? undefined : { index: 0, docNumber, id: "", score };
  },
});

/** Numbers, scores and places in typed arrays: hits that carry nothing else. */
export function compactHits(hits: readonly IndexHit[]): HitList {
  const numbers = new Uint32Array(hits.length);
  const scores = new Float64Array(hits.length);
  const places = new Uint32Array(hits.length);
  for (let i = 0; i < hits.length; i++) {
    const hit = hits[i];
    numbers[i] = hit?.docNumber ?? 0;
    scores[i] = hit?.score ?? Number.NaN;
    places[i] = hit?.index ?? 0;
  }
  return {
    length: hits.length,
    bytes: numbers.byteLength + scores.byteLength + places.byteLength,
    at: (position) => {
      const docNumber = numbers[position];
      if (docNumber === undefined) return undefined;
      const score = scores[position] ?? Number.NaN;
      return { index: places[position] ?? 0, docNumber, id: "", score: Number.isNaN(score) ? null : score };
    },
  };
}
