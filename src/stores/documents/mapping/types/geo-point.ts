import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { type FieldType, flag, type GeoPoint, isAnything, isFlag } from "./field-type.ts";
import { toNumber } from "./numbers.ts";

const geohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz";

/** Every way to write a point: `{lat, lon}`, `[lon, lat]`, `"lat,lon"`, a geohash, `POINT (lon lat)`. Throws `InvalidValue`. */
export function parseGeoPoint(value: unknown, checkBounds = true): GeoPoint {
  const point = readPoint(value);
  if (!checkBounds) return point;
  if (!(point.lat >= -90 && point.lat <= 90)) throw new InvalidValue(`latitude ${point.lat} is not between -90 and 90`);
  if (!(point.lon >= -180 && point.lon <= 180))
    throw new InvalidValue(`longitude ${point.lon} is not between -180 and 180`);
  return point;
}

function readPoint(value: unknown): GeoPoint {
  if (typeof value === "string") return readText(value);
  if (Array.isArray(value)) {
    if (value.length !== 2 && value.length !== 3) throw new InvalidValue("a point in an array is [lon, lat]");
    return numbers(value[1], value[0]);
  }
  if (!isPlainObject(value)) throw new InvalidValue("not a geographic point");
  if (typeof value.geohash === "string") return decodeGeohash(value.geohash);
  if (value.type === "Point" && Array.isArray(value.coordinates))
    return numbers(value.coordinates[1], value.coordinates[0]);
  if (value.lat === undefined || value.lon === undefined) throw new InvalidValue('a point needs "lat" and "lon"');
  return numbers(value.lat, value.lon);
}

function numbers(lat: unknown, lon: unknown): GeoPoint {
  const point = { lat: toNumber(lat), lon: toNumber(lon) };
  if (Number.isNaN(point.lat) || Number.isNaN(point.lon)) throw new InvalidValue("a coordinate is not a number");
  return point;
}

function readText(text: string): GeoPoint {
  const wkt = /^\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*$/i.exec(text.slice(0, 200));
  if (wkt !== null) return numbers(wkt[2], wkt[1]);
  const parts = text.split(",");
  if (parts.length === 2 || parts.length === 3) return numbers(parts[0], parts[1]);
  return decodeGeohash(text);
}

/** The south-west corner of the cell, as the reference engine takes it. */
function decodeGeohash(hash: string): GeoPoint {
  if (hash === "" || hash.length > 12) throw new InvalidValue("not a geographic point");
  let [south, north, west, east] = [-90, 90, -180, 180];
  let isLon = true;
  for (const char of hash) {
    const digit = geohashDigits.indexOf(char);
    if (digit < 0) throw new InvalidValue(`"${char}" is no digit of a geohash`);
    for (let bit = 16; bit >= 1; bit >>= 1) {
      const upper = (digit & bit) !== 0;
      if (isLon) {
        const middle = (west + east) / 2;
        if (upper) west = middle;
        else east = middle;
      } else {
        const middle = (south + north) / 2;
        if (upper) south = middle;
        else north = middle;
      }
      isLon = !isLon;
    }
  }
  return { lat: south, lon: west };
}

export function encodeGeohash(lat: number, lon: number, precision: number): string {
  let [south, north, west, east] = [-90, 90, -180, 180];
  let isLon = true;
  let hash = "";
  while (hash.length < precision) {
    let digit = 0;
    for (let bit = 0; bit < 5; bit++) {
      const middle = isLon ? (west + east) / 2 : (south + north) / 2;
      const upper = isLon ? lon >= middle : lat >= middle;
      digit = digit * 2 + (upper ? 1 : 0);
      if (isLon) {
        if (upper) west = middle;
        else east = middle;
      } else if (upper) south = middle;
      else north = middle;
      isLon = !isLon;
    }
    hash += geohashDigits[digit];
  }
  return hash;
}

export const geoPointType: FieldType = {
  name: "geo_point",
  parameters: {
    doc_values: isFlag,
    ignore_malformed: isFlag,
    ignore_z_value: isFlag,
    index: isFlag,
    null_value: isAnything,
    store: isFlag,
  },
  compile: (definition) => ({
    family: "geo_point",
    takesObjects: true,
    docValues: flag(definition, "doc_values", true),
    parse: (value) => parseGeoPoint(value),
  }),
};
