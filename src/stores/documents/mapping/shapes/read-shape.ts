import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type Geometry, maxPositions, type ShapeOptions } from "./geometry.ts";
import { GeoJsonReader } from "./read-geojson.ts";
import { WktReader } from "./read-wkt.ts";

/**
 * Reads a shape as GeoJSON or well-known text and answers its parts, collections and multiples taken apart. Throws `InvalidValue`.
 * What the positions make is not looked at here.
 */
export function readShape(value: unknown, options: ShapeOptions): Geometry[] {
  const geometries: Geometry[] = [];
  if (typeof value === "string") new WktReader(value, options).read(geometries);
  else if (isPlainObject(value)) new GeoJsonReader(options).read(value, geometries);
  else throw new InvalidValue("a shape is an object of GeoJSON or well-known text");
  let positions = 0;
  for (const geometry of geometries) {
    positions += countPositions(geometry);
    refuseTurns(geometry);
  }
  if (positions > maxPositions) throw new InvalidValue(`a shape has ${maxPositions} positions at most`);
  return geometries;
}

function countPositions(geometry: Geometry): number {
  if (geometry.kind === "line") return geometry.points.length;
  return geometry.kind === "polygon" ? geometry.rings.reduce((sum, ring) => sum + ring.length, 0) : 1;
}

/** A line or ring may go around the world, but each turn is a piece of its own. */
function refuseTurns(geometry: Geometry): void {
  const rings = geometry.kind === "line" ? [geometry.points] : geometry.kind === "polygon" ? geometry.rings : [];
  for (const ring of rings)
    for (const [lon] of ring)
      if (Math.abs(lon) > maxLongitude) throw new InvalidValue(`longitude ${lon} is not between -3600 and 3600`);
}

const maxLongitude = 3600;
