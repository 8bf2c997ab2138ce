import type { GeoShape } from "../../../mapping/shapes/geo-shape.ts";
import { grow8, grow32, growInt32 } from "./growing.ts";
import { ShapeField } from "./shape-field.ts";

/** The shapes of documents as they come. */
export class GrowingShapeField extends ShapeField {
  #used = 0;
  /** Documents whose place in `starts` and `boxes` is set. */
  #reached = 0;

  override get count(): number {
    return this.#reached;
  }

  add(doc: number, { triangles, edges }: GeoShape): void {
    this.exists.add(doc);
    this.#reach(doc + 1);
    const added = edges.length;
    this.triangles = growInt32(this.triangles, (this.#used + added) * 6);
    this.edges = grow8(this.edges, this.#used + added);
    this.triangles.set(triangles, this.#used * 6);
    this.edges.set(edges, this.#used);
    this.#used += added;
    this.starts[doc + 1] = this.#used;
    for (let at = 0; at < triangles.length; at += 2)
      this.#stretch(doc * 4, triangles[at] as number, triangles[at + 1] as number);
  }

  #reach(count: number): void {
    this.starts = grow32(this.starts, count + 1);
    this.boxes = growInt32(this.boxes, count * 4);
    for (let doc = this.#reached; doc < count; doc++) {
      this.starts[doc + 1] = this.#used;
      this.boxes[doc * 4] = 0x7fffffff;
      this.boxes[doc * 4 + 1] = -0x80000000;
      this.boxes[doc * 4 + 2] = 0x7fffffff;
      this.boxes[doc * 4 + 3] = -0x80000000;
    }
    this.#reached = Math.max(this.#reached, count);
  }

  #stretch(box: number, lon: number, lat: number): void {
    const { boxes } = this;
    if (lon < (boxes[box] as number)) boxes[box] = lon;
    if (lon > (boxes[box + 1] as number)) boxes[box + 1] = lon;
    if (lat < (boxes[box + 2] as number)) boxes[box + 2] = lat;
    if (lat > (boxes[box + 3] as number)) boxes[box + 3] = lat;
  }
}
