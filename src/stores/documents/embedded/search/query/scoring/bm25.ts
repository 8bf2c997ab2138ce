import { decodeLength } from "../../segment/text-length.ts";

const k1 = 1.2;
const b = 0.75;

/** Inverse document frequency, as Lucene 8 computes it. */
export function idf(docCount: number, docFreq: number): number {
  return Math.log(1 + (docCount - docFreq + 0.5) / (docFreq + 0.5));
}

const lengths = Float64Array.from({ length: 256 }, (_, byte) => decodeLength(byte));

/** Searches of the same state of a collection need the same tables: by average length. */
const tables = new Map<number, Float64Array>();
const maxTables = 256;

/** By length in one byte: `1 / (k1 * (1 - b + b * length / average))`. It may not be changed. */
export function inverseNorms(averageLength: number): Float64Array {
  const known = tables.get(averageLength);
  if (known !== undefined) return known;
  if (tables.size >= maxTables) tables.clear();
  const table = lengths.map((length) => inverseNorm(length, averageLength));
  tables.set(averageLength, table);
  return table;
}

const inverseNorm = (length: number, averageLength: number): number =>
  1 / (k1 * (1 - b + (b * length) / averageLength));

/** Lengths and frequencies do not count: a score is its weight. */
export const flatNorms: Float64Array = new Float64Array(256).fill(Number.POSITIVE_INFINITY);

/** What a weight needs to know of a field. */
export interface Weighed {
  readonly docCount: number;
  readonly isPlain?: boolean;
}

export function bm25Weight({ docCount, isPlain = false }: Weighed, docFreq: number, boost: number): number {
  // Elasticsearch 7 and 8 keep the factor k1 + 1 that Lucene 8 has dropped.
  return boost * (isPlain ? 1 : k1 + 1) * idf(docCount, docFreq);
}

/** The score of a term without lengths, in a field that holds so many terms for each document. */
export function plainScore(of: Weighed, docFreq: number, terms: number, boost: number): number {
  const weight = bm25Weight(of, docFreq, boost);
  return weight - weight / (1 + inverseNorm(decodeLength(1), terms / of.docCount));
}
