import type { Condition } from "../filter.ts";
import { FilterError } from "../filter-error.ts";
import { parseDistance } from "../geo/distance.ts";
import { type GeoPoint, parseGeoPoint, readCoordinate } from "../geo/geo-point.ts";
import { type Box, polygon, ring, type Shape } from "../geo/shape.ts";
import { isPlainObject, type JSONObject } from "../plain-object.ts";
import { checkField, readOnlyMember } from "./parse-field.ts";

export type GeoKeyword = "geoBoundingBox" | "geoDistance" | "geoDistanceRange" | "geoPolygon";

/** A guess: detailed borders fit, and a test stays far below a millisecond. */
const maxPolygonPoints = 10_000;

const pointForms = `a geopoint: [lat, lon], {lat, lon}, "lat, lon" or a geohash, latitude within ±90 and longitude within ±180`;

export function parseGeo(keyword: GeoKeyword, content: unknown, path: string): Condition {
  switch (keyword) {
    case "geoBoundingBox": {
      const [field, value] = readOnlyMember(content, keyword, path);
      return geo(field, { kind: "box", bounds: parseBox(value, `${path}.${field}`) });
    }
    case "geoPolygon": {
      const [field, value] = readOnlyMember(content, keyword, path);
      return geo(field, parsePolygon(value, `${path}.${field}`));
    }
    case "geoDistance": {
      const [field, center, members] = readCircle(content, keyword, ["distance"], path);
      return geo(field, ring(center, 0, readDistance(members.distance, keyword, `${path}.distance`)));
    }
    case "geoDistanceRange": {
      const [field, center, members] = readCircle(content, keyword, ["from", "to"], path);
      const from = readDistance(members.from, keyword, `${path}.from`);
      const to = readDistance(members.to, keyword, `${path}.to`);
      if (from >= to) throw new FilterError(`"from" must be below "to"`, keyword, path);
      return geo(field, ring(center, from, to));
    }
  }
}

function geo(path: string, shape: Shape): Condition {
  return { kind: "geo", path, shape };
}

function readPoint(value: unknown, keyword: string, path: string): GeoPoint {
  const point = parseGeoPoint(value);
  if (point === undefined) throw new FilterError(`must be ${pointForms}`, keyword, path);
  return point;
}

function readDistance(value: unknown, keyword: string, path: string): number {
  const metres = parseDistance(value);
  if (metres === undefined) {
    throw new FilterError(`must be a distance with its unit in a string, such as "1.5 km"`, keyword, path);
  }
  return metres;
}

/** The field, its point and the other members, which must be exactly the named ones. */
function readCircle(
  content: unknown,
  keyword: string,
  names: readonly string[],
  path: string,
): [field: string, center: GeoPoint, members: JSONObject] {
  if (!isPlainObject(content)) throw new FilterError("must be an object", keyword, path);
  const fields = Object.keys(content).filter((key) => !names.includes(key));
  const [field] = fields;
  if (field === undefined || fields.length > 1 || Object.keys(content).length !== names.length + 1) {
    throw new FilterError(`takes exactly one field, and ${names.join(", ")}`, keyword, path);
  }
  checkField(field, keyword, path);
  return [field, readPoint(content[field], keyword, `${path}.${field}`), content];
}

function parseBox(value: unknown, path: string): Box {
  const keyword = "geoBoundingBox";
  if (!isPlainObject(value)) throw new FilterError("must be an object", keyword, path);
  const topLeft = value.topLeft ?? value.top_left;
  const bottomRight = value.bottomRight ?? value.bottom_right;
  let box: Box;
  if (topLeft !== undefined && bottomRight !== undefined) {
    const from = readPoint(topLeft, keyword, path);
    const to = readPoint(bottomRight, keyword, path);
    box = { north: from.lat, west: from.lon, south: to.lat, east: to.lon };
  } else {
    box = {
      north: readBorder(value, "top", 90, path),
      west: readBorder(value, "left", 180, path),
      south: readBorder(value, "bottom", 90, path),
      east: readBorder(value, "right", 180, path),
    };
  }
  if (box.south >= box.north) throw new FilterError("the bottom must be below the top", keyword, path);
  if (box.west >= box.east) {
    throw new FilterError("the left must be west of the right; a box cannot cross longitude 180", keyword, path);
  }
  return box;
}

function readBorder(value: JSONObject, name: string, limit: number, path: string): number {
  const degrees = readCoordinate(value[name]);
  if (degrees >= -limit && degrees <= limit) return degrees;
  throw new FilterError(
    `a box takes top, left, bottom and right in degrees, or topLeft and bottomRight; "${name}" must be within ±${limit}`,
    "geoBoundingBox",
    path,
  );
}

function parsePolygon(value: unknown, path: string): Shape {
  const keyword = "geoPolygon";
  const points = isPlainObject(value) ? value.points : undefined;
  if (!Array.isArray(points)) throw new FilterError(`must be an object with an array "points"`, keyword, path);
  if (points.length < 3) throw new FilterError("needs at least three points", keyword, `${path}.points`);
  if (points.length > maxPolygonPoints) {
    throw new FilterError(`takes at most ${maxPolygonPoints} points`, keyword, `${path}.points`);
  }
  return polygon((points as readonly unknown[]).map((point) => readPoint(point, keyword, `${path}.points`)));
}
