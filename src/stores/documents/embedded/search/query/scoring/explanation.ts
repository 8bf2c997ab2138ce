/** How a score came about: `value` is made of the values of `details`, as `description` says. */
export interface Explanation {
  readonly value: number;
  readonly description: string;
  readonly details: readonly Explanation[];
}

/** A value that is made of no other one. */
export const given = (value: number, description: string): Explanation => ({ value, description, details: [] });

/** What BM25 made the score of one term or phrase of. */
export interface TermWeight {
  readonly boost: number;
  readonly idf: Explanation;
  readonly frequency: number;
  /** In words, as the index keeps it: in one byte. */
  readonly length: number;
  readonly averageLength: number;
}

/** The score of a term: boost, rarity and saturation by frequency and length. */
export function explainTerm(value: number, what: string, weight: TermWeight): Explanation {
  const { boost, idf, frequency, length, averageLength } = weight;
  const tf = frequency / (frequency + 1.2 * (0.25 + (0.75 * length) / averageLength));
  const score: Explanation = {
    value,
    description: `score(freq=${frequency}), computed as boost * idf * tf from:`,
    details: [
      given(boost * 2.2, "boost"),
      idf,
      {
        value: tf,
        description: "tf, computed as freq / (freq + k1 * (1 - b + b * dl / avgdl)) from:",
        details: [
          given(frequency, "freq, occurrences within the document"),
          given(1.2, "k1, saturation of frequency"),
          given(0.75, "b, influence of length"),
          given(length, "dl, length of the field"),
          given(averageLength, "avgdl, average length of the field"),
        ],
      },
    ],
  };
  return { value, description: `weight(${what}), result of:`, details: [score] };
}

/** The rarity of a term among the documents that have the field. */
export const explainIdf = (value: number, docFreq: number, docCount: number): Explanation => ({
  value,
  description: "idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) from:",
  details: [given(docFreq, "n, documents with the term"), given(docCount, "N, documents with the field")],
});
