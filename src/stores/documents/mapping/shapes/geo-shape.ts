import { InvalidValue } from "../invalid-value.ts";
import { encodeLat, encodeLon } from "./coordinate-codes.ts";
import type { Corner } from "./corners.ts";
import { cutLine } from "./cut-line.ts";
import { cutPolygon } from "./cut-polygon.ts";
import type { Geometry, Position, ShapeOptions } from "./geometry.ts";
import { placePolygon } from "./place-polygon.ts";
import { triangulate } from "./triangulate.ts";

/** A shape as the index keeps it: triangles, of which points and pieces of lines are special cases. */
export interface GeoShape {
  /** Encoded longitude and latitude of three corners each: six numbers. */
  readonly triangles: Int32Array;
  /** For each triangle, which sides are edges of the shape: 1 from the first corner to the second, 2 to the third, 4 back. */
  readonly edges: Uint8Array;
}

/** Makes triangles of the parts of a document's shape. Throws `InvalidValue` for what has no inside, or lies outside of the world. */
export function toGeoShape(geometries: readonly Geometry[], options: ShapeOptions): GeoShape {
  const builder = new ShapeBuilder();
  for (const geometry of geometries) addGeometry(builder, geometry, options);
  return builder.finish();
}

function addGeometry(builder: ShapeBuilder, geometry: Geometry, options: ShapeOptions): void {
  switch (geometry.kind) {
    case "point":
      builder.addPoint(intoWorld(geometry.at));
      return;
    case "line":
      for (const piece of cutLine(geometry.points.map(overPoles)))
        for (let i = 1; i < piece.length; i++) builder.addSegment(piece[i - 1] as Position, piece[i] as Position);
      return;
    case "polygon":
      for (const part of cutPolygon(placePolygon(geometry.rings, options.isClockwise)))
        builder.addPolygon(part.map((ring) => ring.map(reflected)));
      return;
    case "box":
      for (const part of boxRings(geometry)) builder.addPolygon([part]);
      return;
    case "circle":
      throw new InvalidValue("a circle cannot be stored: write it as a polygon");
  }
}

/** Over a pole to the other side, and around the world. */
function intoWorld([lon, lat]: Position): Position {
  let north = lat % 360;
  if (north > 180) north -= 360;
  else if (north < -180) north += 360;
  const isBeyond = Math.abs(north) > 90;
  if (isBeyond) north = Math.sign(north) * 180 - north;
  return [wrapLon(isBeyond ? lon + 180 : lon), north];
}

function wrapLon(lon: number): number {
  if (lon >= -180 && lon <= 180) return lon;
  const turned = lon % 360;
  return turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned;
}

/** Places of lines beyond a pole lie on the other side of it; longitudes may go on beyond 180. */
export function overPoles([lon, lat]: Position): Position {
  return Math.abs(lat) > 90 ? intoWorld([lon, lat]) : [lon, lat];
}

/** Corners beyond a pole come back on the same side. */
export function reflected([lon, lat]: Position): Position {
  return [lon, Math.abs(lat) > 90 ? intoWorld([0, lat])[1] : lat];
}

function boxRings(box: Box): Position[][] {
  return cutBox(box).map(({ west, east, south, north }) => [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ]);
}

/** A box on both sides of the date line is two. Throws `InvalidValue` for what lies outside of the world. */
export function cutBox(box: Box): Box[] {
  const { west, east, south, north } = box;
  for (const at of [
    [west, south],
    [east, north],
  ] as const)
    checkPosition(at);
  return west <= east
    ? [box]
    : [
        { kind: "box", west, east: 180, south, north },
        { kind: "box", west: -180, east, south, north },
      ];
}

export function checkPosition([lon, lat]: Position): void {
  if (!(lon >= -180 && lon <= 180)) throw new InvalidValue(`longitude ${lon} is not between -180 and 180`);
  if (!(lat >= -90 && lat <= 90)) throw new InvalidValue(`latitude ${lat} is not between -90 and 90`);
}

type Box = Geometry & { kind: "box" };

class ShapeBuilder {
  readonly #triangles: number[] = [];
  readonly #edges: number[] = [];

  addPoint([lon, lat]: Position): void {
    const [x, y] = [encodeLon(lon), encodeLat(lat)];
    this.#add(x, y, x, y, x, y, 7);
  }

  addSegment(a: Position, b: Position): void {
    const [x, y] = [encodeLon(a[0]), encodeLat(a[1])];
    this.#add(x, y, encodeLon(b[0]), encodeLat(b[1]), x, y, 7);
  }

  addPolygon(rings: readonly (readonly Position[])[]): void {
    triangulate(rings, (a, ab, b, bc, c, ca) => this.#addTriangle(a, ab, b, bc, c, ca));
  }

  #addTriangle(a: Corner, ab: boolean, b: Corner, bc: boolean, c: Corner, ca: boolean): void {
    const [ax, ay] = [encodeLon(a.lon), encodeLat(a.lat)];
    const [bx, by] = [encodeLon(b.lon), encodeLat(b.lat)];
    const [cx, cy] = [encodeLon(c.lon), encodeLat(c.lat)];
    this.#add(ax, ay, bx, by, cx, cy, (ab ? 1 : 0) + (bc ? 2 : 0) + (ca ? 4 : 0));
  }

  #add(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, edges: number): void {
    this.#triangles.push(ax, ay, bx, by, cx, cy);
    this.#edges.push(edges);
  }

  finish(): GeoShape {
    return { triangles: Int32Array.from(this.#triangles), edges: Uint8Array.from(this.#edges) };
  }
}
