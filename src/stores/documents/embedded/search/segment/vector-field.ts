import { Existence } from "./existence.ts";
import type { VectorClusters } from "./vector-clusters.ts";

/** Vectors, one row for each document that has one. */
export class VectorField {
  readonly kind = "vector";
  exists = new Existence();
  readonly dims: number;
  /** By row: the document; ascending. */
  docs: Uint32Array = new Uint32Array(0);
  /** Row by row. */
  values: Float32Array = new Float32Array(0);
  /** Where to look first; absent where there are few. */
  clusters: VectorClusters | undefined;

  constructor(dims: number) {
    this.dims = dims;
  }

  /** Rows. */
  get count(): number {
    return this.exists.count;
  }

  get memory(): number {
    return this.docs.byteLength + this.values.byteLength + this.exists.memory + (this.clusters?.memory ?? 0);
  }
}
