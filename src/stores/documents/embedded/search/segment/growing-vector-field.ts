import { grow32 } from "./growing.ts";
import { VectorField } from "./vector-field.ts";

/** The vectors of documents as they come. */
export class GrowingVectorField extends VectorField {
  /** One for each document: of two, which no checked document has, the first stays. */
  add(doc: number, vector: Float32Array): void {
    if (this.exists.has(doc) || vector.length !== this.dims) return;
    const row = this.count;
    this.docs = grow32(this.docs, row + 1);
    this.docs[row] = doc;
    const needed = (row + 1) * this.dims;
    if (needed > this.values.length) {
      const larger = new Float32Array(Math.max(needed, this.values.length * 1.5, 16 * this.dims));
      larger.set(this.values);
      this.values = larger;
    }
    this.values.set(vector, row * this.dims);
    this.exists.add(doc);
  }
}
