/** Stands for a document that is not taken over. */
export const gone = 0xffffffff;

/** Where the documents (or nested objects) of one space of one source go. */
export interface DocMap {
  /** By old number: the new one, or `gone`. */
  readonly numbers: Uint32Array;
  /** Old numbers below this are looked at. */
  readonly count: number;
}
