import { decodeLat, decodeLon } from "../../../mapping/shapes/coordinate-codes.ts";
import type { Existence } from "./existence.ts";
import { orderByKeys } from "./order-by-keys.ts";

/** Points of one block. */
const blockSize = 128;
/** Fewer are looked at one by one, which takes no longer. */
const fewPoints = 4_096;

/** The points of a field in an order in which neighbours in space are neighbours, in blocks with a box around each. */
export class GeoOrder {
  readonly docs: Uint32Array;
  /** By block: south, north, west, east, encoded. */
  readonly boxes: Int32Array;

  constructor(docs: Uint32Array, boxes: Int32Array) {
    this.docs = docs;
    this.boxes = boxes;
  }

  get memory(): number {
    return this.docs.byteLength + this.boxes.byteLength;
  }

  /** `least` answers a bound for the documents of a box in degrees. */
  bounded(least: (south: number, north: number, west: number, east: number) => number): DocGroups {
    const { docs, boxes } = this;
    const bounds = new Float64Array(boxes.length / 4);
    for (let block = 0; block < bounds.length; block++) {
      const at = 4 * block;
      bounds[block] = least(
        decodeLat(boxes[at] as number),
        decodeLat(boxes[at + 1] as number),
        decodeLon(boxes[at + 2] as number),
        decodeLon(boxes[at + 3] as number),
      );
    }
    return { docs, size: blockSize, bounds };
  }

  /** Documents of the blocks that touch a box; `left > right` crosses the date line. */
  near(south: number, north: number, left: number, right: number): readonly Uint32Array[] {
    const { boxes, docs } = this;
    const found: Uint32Array[] = [];
    for (let block = 0; block * 4 < boxes.length; block++) {
      if ((boxes[4 * block] as number) > north || (boxes[4 * block + 1] as number) < south) continue;
      const west = boxes[4 * block + 2] as number;
      const east = boxes[4 * block + 3] as number;
      const isBeside = left <= right ? west > right || east < left : west > right && east < left;
      if (!isBeside) found.push(docs.subarray(block * blockSize, (block + 1) * blockSize));
    }
    return found;
  }
}

/** Groups of documents, each with a number that none of its keys falls below. */
export interface DocGroups {
  /** All documents, group after group. */
  readonly docs: Uint32Array;
  /** Documents of each group but the last. */
  readonly size: number;
  /** By group. */
  readonly bounds: Float64Array;
}

/** Undefined for few points. */
export function* orderPoints(
  lats: Int32Array,
  lons: Int32Array,
  exists: Existence,
  pause: () => Generator<void, void>,
): Generator<void, GeoOrder | undefined> {
  if (exists.count < fewPoints) return undefined;
  const found = new Uint32Array(exists.count);
  const keys = new Uint32Array(exists.count);
  for (let doc = 0, used = 0; doc < lats.length; doc++) {
    if ((doc & 4_095) === 4_095) yield* pause();
    if (!exists.has(doc)) continue;
    found[used] = doc;
    keys[used++] = curveKey(lats[doc] as number, lons[doc] as number);
  }
  const docs = yield* orderByKeys(found, [keys], pause);
  return new GeoOrder(docs, boxesOf(docs, lats, lons));
}

/** The bits of both coordinates, one of each in turn: what begins alike lies in the same square. */
function curveKey(lat: number, lon: number): number {
  return ((spread((lat >>> 16) ^ 0x8000) << 1) | spread((lon >>> 16) ^ 0x8000)) >>> 0;
}

/** 16 bits with a gap behind each. */
function spread(bits: number): number {
  let wide = bits & 0xffff;
  wide = (wide | (wide << 8)) & 0x00ff00ff;
  wide = (wide | (wide << 4)) & 0x0f0f0f0f;
  wide = (wide | (wide << 2)) & 0x33333333;
  return (wide | (wide << 1)) & 0x55555555;
}

function boxesOf(docs: Uint32Array, lats: Int32Array, lons: Int32Array): Int32Array {
  const blocks = Math.ceil(docs.length / blockSize);
  const boxes = new Int32Array(4 * blocks);
  for (let block = 0; block < blocks; block++) {
    let [south, north, west, east] = [0x7fffffff, -0x80000000, 0x7fffffff, -0x80000000];
    const end = Math.min(docs.length, (block + 1) * blockSize);
    for (let at = block * blockSize; at < end; at++) {
      const lat = lats[docs[at] as number] as number;
      const lon = lons[docs[at] as number] as number;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
      if (lon < west) west = lon;
      if (lon > east) east = lon;
    }
    boxes.set([south, north, west, east], 4 * block);
  }
  return boxes;
}
