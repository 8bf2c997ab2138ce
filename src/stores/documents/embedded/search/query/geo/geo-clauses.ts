import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import type { GeoPoint } from "../../../../mapping/types/field-type.ts";
import type { GeoField } from "../../segment/geo-field.ts";
import { readPoints } from "../../sort/parse-sort.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext } from "../context.ts";
import { NoneMatcher } from "../matchers/matcher.ts";
import { fieldClause, flagOf, malformed, numberOf, onlyKnown } from "../parameters.ts";
import { parseDistance } from "./geo-distance.ts";
import { BoxMatcher, DistanceMatcher, encodeBox } from "./geo-matchers.ts";
import { AreaMatcher } from "./shapes/area-matcher.ts";
import { PolygonArea } from "./shapes/polygon-area.ts";

const shared = ["validation_method", "ignore_unmapped"];

export const geoClauses: ClauseTable = {
  geo_distance(body, context) {
    const beside = [...shared, "distance", "distance_type", "unit"];
    const { field: path, value, boost } = fieldClause(body, "geo_distance", beside);
    const options = body as JSONObject; // an object, as fieldClause has checked
    const unit = options.unit === undefined ? "m" : String(options.unit);
    const metres = parseDistance(options.distance, "geo_distance.distance", unit);
    if (!(metres > 0)) throw malformed("[geo_distance.distance] must be greater than 0.");
    const centre = readPoint(value, `geo_distance.${path}`);
    const store = geoStore(context, path, "geo_distance", options);
    return store === undefined ? new NoneMatcher() : new DistanceMatcher(store, centre, metres, boost, context.arrays);
  },

  geo_bounding_box(body, context) {
    const { field: path, value, boost } = fieldClause(body, "geo_bounding_box", [...shared, "type"]);
    const { top, left, bottom, right } = readBox(value, `geo_bounding_box.${path}`);
    if (top < bottom) throw malformed(`[geo_bounding_box.${path}] the top (${top}) lies below the bottom (${bottom}).`);
    if (top === bottom || left === right)
      throw malformed(`[geo_bounding_box.${path}] the box has no ${top === bottom ? "height" : "width"}.`);
    const store = geoStore(context, path, "geo_bounding_box", body as JSONObject);
    const box = encodeBox(top, left, bottom, right);
    return store === undefined || box === undefined
      ? new NoneMatcher()
      : new BoxMatcher(store, box, boost, context.arrays);
  },

  geo_polygon(body, context) {
    const { field: path, value, boost } = fieldClause(body, "geo_polygon", shared);
    const place = `geo_polygon.${path}`;
    if (!isPlainObject(value) || !Array.isArray(value.points)) throw malformed(`[${place}] needs "points".`);
    onlyKnown(value, ["points"], place);
    if (value.points.length > 10_000) throw malformed(`[${place}] has more than 10000 points.`);
    const points = value.points.map((point) => readPoint(point, place));
    if (points.length < 3) throw malformed(`[${place}] needs at least three points.`);
    const store = geoStore(context, path, "geo_polygon", body as JSONObject);
    return store === undefined ? new NoneMatcher() : new AreaMatcher(store, [polygonOf(points)], boost, context.arrays);
  },
};

function polygonOf(points: readonly GeoPoint[]): PolygonArea {
  return new PolygonArea([points.map(({ lat, lon }) => [lon, lat] as const)]);
}

function geoStore(context: QueryContext, path: string, clause: string, options: JSONObject): GeoField | undefined {
  const field = context.field(path);
  if (field === undefined) {
    if (flagOf(options.ignore_unmapped, false, `${clause}.ignore_unmapped`) || context.mapping.fields.has(path))
      return undefined;
    throw malformed(`[${clause}] field "${path}" is not in the mapping.`);
  }
  if (field.node.family !== "geo_point")
    throw malformed(`[${clause}] field "${path}" of type ${field.node.type} is not a geo_point.`);
  return field.store?.kind === "geo_point" ? field.store : undefined;
}

function readPoint(value: unknown, place: string): GeoPoint {
  const [point, ...others] = readPoints(value, place);
  if (point === undefined || others.length > 0) throw malformed(`[${place}] needs one point.`);
  return point;
}

export interface Bounds {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A box by two corners, by its four sides, or as `BBOX (left, right, top, bottom)`. */
export function readBox(value: unknown, place: string): Bounds {
  if (!isPlainObject(value)) throw malformed(`[${place}] must be an object with top_left and bottom_right.`);
  onlyKnown(
    value,
    ["top_left", "bottom_right", "top_right", "bottom_left", "top", "left", "bottom", "right", "wkt"],
    place,
  );
  if (typeof value.wkt === "string") {
    const match = /^\s*BBOX\s*\(\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s]+)\s*,\s*([^,\s]+)\s*\)\s*$/i.exec(value.wkt);
    if (match === null) throw malformed(`[${place}.wkt] must read BBOX(left, right, top, bottom).`);
    const [left, right, top, bottom] = match.slice(1).map((number) => numberOf(number, 0, `${place}.wkt`));
    if (Number(top) < Number(bottom))
      throw malformed(`[${place}.wkt] the top (${top}) lies below the bottom (${bottom}).`);
    return { top: top ?? 0, left: left ?? 0, bottom: bottom ?? 0, right: right ?? 0 };
  }
  const corner = (name: string): GeoPoint | undefined =>
    value[name] === undefined ? undefined : readPoint(value[name], `${place}.${name}`);
  const first = corner("top_left");
  const second = corner("bottom_right");
  const third = corner("top_right");
  const fourth = corner("bottom_left");
  const pick = (name: string, ...corners: (number | undefined)[]): number => {
    const found = corners.find((one) => one !== undefined) ?? value[name];
    if (found === undefined) throw malformed(`[${place}] lacks its "${name}".`);
    return numberOf(found, 0, `${place}.${name}`);
  };
  return {
    top: pick("top", first?.lat, third?.lat),
    left: pick("left", first?.lon, fourth?.lon),
    bottom: pick("bottom", second?.lat, fourth?.lat),
    right: pick("right", second?.lon, third?.lon),
  };
}
