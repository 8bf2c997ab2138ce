import { degreesOf, distanceBetween } from "./distance.ts";
import type { GeoPoint } from "./geo-point.ts";

/** Degrees, borders included. */
export interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** An area on the globe; `bounds` contains all of it. */
export type Shape =
  | { readonly kind: "box"; readonly bounds: Box }
  | {
      readonly kind: "ring";
      readonly bounds: Box;
      readonly center: GeoPoint;
      /** Metres. */
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "polygon"; readonly bounds: Box; readonly points: readonly GeoPoint[] };

/** How far from an edge, in degrees, a point still counts as on it: a thousandth of a millimetre. */
const onEdge = 1e-11;

export function ring(center: GeoPoint, from: number, to: number): Shape {
  return { kind: "ring", bounds: circleBounds(center, to), center, from, to };
}

export function polygon(points: readonly GeoPoint[]): Shape {
  let [south, west, north, east] = [90, 180, -90, -180];
  for (const { lat, lon } of points) {
    south = Math.min(south, lat);
    north = Math.max(north, lat);
    west = Math.min(west, lon);
    east = Math.max(east, lon);
  }
  return { kind: "polygon", bounds: { south, west, north, east }, points };
}

export function isInside(shape: Shape, { lat, lon }: GeoPoint): boolean {
  const { south, west, north, east } = shape.bounds;
  if (lat < south || lat > north || lon < west || lon > east) return false;
  switch (shape.kind) {
    case "box":
      return true;
    case "ring": {
      const distance = distanceBetween(shape.center.lat, shape.center.lon, lat, lon);
      return distance >= shape.from && distance <= shape.to;
    }
    case "polygon":
      return isInsidePolygon(shape.points, lat, lon);
  }
}

/** A slightly generous box; around a pole or across the antimeridian it spans all longitudes. */
function circleBounds({ lat, lon }: GeoPoint, radius: number): Box {
  const angle = degreesOf(radius) * (1 + 1e-9) + 1e-9;
  const south = lat - angle;
  const north = lat + angle;
  const whole = { south: Math.max(-90, south), north: Math.min(90, north), west: -180, east: 180 };
  if (south <= -90 || north >= 90) return whole;
  const ratio = Math.sin((angle * Math.PI) / 180) / Math.cos((lat * Math.PI) / 180);
  const side = (Math.asin(Math.min(1, ratio)) * 180) / Math.PI + 1e-9;
  if (lon - side < -180 || lon + side > 180) return whole;
  return { south, north, west: lon - side, east: lon + side };
}

/** Even-odd rule in the plane of degrees; edges belong to the polygon. */
function isInsidePolygon(points: readonly GeoPoint[], lat: number, lon: number): boolean {
  let inside = false;
  let from = points[points.length - 1] as GeoPoint; // at least three points
  for (const to of points) {
    if (isOnEdge(from, to, lat, lon)) return true;
    if (from.lat > lat !== to.lat > lat) {
      const crossing = from.lon + ((lat - from.lat) / (to.lat - from.lat)) * (to.lon - from.lon);
      if (lon < crossing) inside = !inside;
    }
    from = to;
  }
  return inside;
}

function isOnEdge(from: GeoPoint, to: GeoPoint, lat: number, lon: number): boolean {
  if (lat < Math.min(from.lat, to.lat) - onEdge || lat > Math.max(from.lat, to.lat) + onEdge) return false;
  if (lon < Math.min(from.lon, to.lon) - onEdge || lon > Math.max(from.lon, to.lon) + onEdge) return false;
  const dLat = to.lat - from.lat;
  const dLon = to.lon - from.lon;
  const cross = dLat * (lon - from.lon) - dLon * (lat - from.lat);
  return Math.abs(cross) <= onEdge * Math.max(Math.abs(dLat), Math.abs(dLon));
}
