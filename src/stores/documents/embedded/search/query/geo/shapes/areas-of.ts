import { cutLine } from "../../../../../mapping/shapes/cut-line.ts";
import { cutPolygon } from "../../../../../mapping/shapes/cut-polygon.ts";
import { checkPosition, cutBox, overPoles, reflected } from "../../../../../mapping/shapes/geo-shape.ts";
import type { Geometry } from "../../../../../mapping/shapes/geometry.ts";
import { placePolygon } from "../../../../../mapping/shapes/place-polygon.ts";
import { ceilLat, ceilLon, decodeLat, decodeLon, encodeLat, encodeLon } from "../../../segment/geo-field.ts";
import { parseDistance } from "../geo-distance.ts";
import type { Area } from "./area.ts";
import { BoxArea } from "./box-area.ts";
import { CircleArea } from "./circle-area.ts";
import { LineArea } from "./line-area.ts";
import { PointArea } from "./point-area.ts";
import { PolygonArea } from "./polygon-area.ts";

/**
 * The parts of a query's shape on the map, cut at the date line. Boxes without width or height may have none when their bounds are rounded to
 * the grid of coordinates: points do not lie in them then, as in the reference engine, but `forShapes` they keep one. Throws `InvalidValue`.
 */
export function areasOf(geometries: readonly Geometry[], forShapes: boolean): Area[] {
  return geometries.flatMap((geometry) => toAreas(geometry, forShapes));
}

function toAreas(geometry: Geometry, forShapes: boolean): Area[] {
  switch (geometry.kind) {
    case "point":
      checkPosition(geometry.at);
      return [new PointArea(geometry.at)];
    case "line":
      return cutLine(geometry.points.map(overPoles)).map((piece) => new LineArea(piece));
    case "polygon": {
      const parts = cutPolygon(placePolygon(geometry.rings, false));
      return parts.map((part) => new PolygonArea(part.map((ring) => ring.map(reflected))));
    }
    case "box":
      return cutBox(geometry).flatMap(({ west, east, south, north }) => {
        // Beyond the last code of a coordinate, which stands for places just before it.
        if (!forShapes && (south >= 90 || west >= 180)) return [];
        const [right, top] = [encodeLon(east), encodeLat(north)];
        const [least, lowest] = [ceilLon(west), ceilLat(south)];
        const [left, bottom] = forShapes ? [Math.min(least, right), Math.min(lowest, top)] : [least, lowest];
        return [new BoxArea(decodeLon(left), decodeLon(right), decodeLat(bottom), decodeLat(top))];
      });
    case "circle":
      checkPosition(geometry.centre);
      return [new CircleArea(geometry.centre, parseDistance(geometry.radius, "geo_shape.shape.radius"))];
  }
}
