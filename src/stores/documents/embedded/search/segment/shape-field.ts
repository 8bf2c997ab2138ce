import { Existence } from "./existence.ts";

/** Shapes: the triangles of all documents one behind the other, and a box around those of each. */
export class ShapeField {
  readonly kind = "geo_shape";
  exists = new Existence();
  /** By document: where its triangles begin; the next document's is where they end. */
  starts: Uint32Array = new Uint32Array(1);
  /** Encoded longitude and latitude of three corners each. */
  triangles: Int32Array = new Int32Array(0);
  /** By triangle, which sides are edges of the shape: 1, 2 and 4. */
  edges: Uint8Array = new Uint8Array(0);
  /** By document: west, east, south, north; west lies east of east when it has no triangle. */
  boxes: Int32Array = new Int32Array(0);

  get memory(): number {
    const { starts, triangles, edges, boxes, exists } = this;
    return starts.byteLength + triangles.byteLength + edges.byteLength + boxes.byteLength + exists.memory;
  }

  /** Documents that the columns reach. */
  get count(): number {
    return this.boxes.length >>> 2;
  }

  startOf(doc: number): number {
    return this.starts[doc] as number;
  }

  endOf(doc: number): number {
    return this.starts[doc + 1] as number;
  }
}
