import { isPlainObject, type JSONObject, readOwn } from "../plain-object.ts";

/** Degrees; `lat` within ±90 and `lon` within ±180. */
export interface GeoPoint {
  readonly lat: number;
  readonly lon: number;
}

const base32 = "0123456789bcdefghjkmnpqrstuvwxyz";
const geohashForm = /^[0-9b-hjkmnp-z]{4,}$/;
/** 24 characters are 60 bits a coordinate: more change nothing in a double. */
const maxGeohashPrecision = 24;

/**
 * Reads a geopoint, latitude first: `[48.85, 2.35]`, `"48.85, 2.35"`, `{lat: 48.85, lon: 2.35}`, a geohash of at least
 * four characters (its centre), or one of these as `latLon` or `lat_lon` of an object. Numbers may be strings, of which
 * the leading number counts. Undefined for anything else, and outside of ±90 and ±180 degrees.
 *
 * Source: contract/koncorde.md, section 5.
 */
export function parseGeoPoint(value: unknown): GeoPoint | undefined {
  if (typeof value !== "object") return readBare(value);
  if (isPlainObject(value)) {
    const nested = readOwn(value, "latLon") ?? readOwn(value, "lat_lon");
    if (nested !== undefined) return readBare(nested);
  }
  return readBare(value);
}

function readBare(value: unknown): GeoPoint | undefined {
  if (typeof value === "string") return readText(value);
  if (Array.isArray(value)) return value.length === 2 ? makePoint(value[0], value[1]) : undefined;
  return isPlainObject(value) ? readMembers(value) : undefined;
}

function readMembers(value: JSONObject): GeoPoint | undefined {
  return makePoint(readOwn(value, "lat"), readOwn(value, "lon"));
}

function readText(text: string): GeoPoint | undefined {
  const comma = text.indexOf(",");
  if (comma === -1) return geohashForm.test(text) ? decodeGeohash(text) : undefined;
  if (text.includes(",", comma + 1)) return undefined;
  return makePoint(text.slice(0, comma), text.slice(comma + 1));
}

function makePoint(lat: unknown, lon: unknown): GeoPoint | undefined {
  const latitude = readCoordinate(lat);
  const longitude = readCoordinate(lon);
  if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180)) return undefined;
  return { lat: latitude, lon: longitude };
}

/** A number, or a string that begins with one; NaN otherwise. */
export function readCoordinate(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Number.parseFloat(value) : Number.NaN;
}

/** The centre of the cell. Bits alternate, longitude first. */
function decodeGeohash(text: string): GeoPoint {
  let [south, north, west, east] = [-90, 90, -180, 180];
  let isLongitude = true;
  for (let i = 0; i < text.length && i < maxGeohashPrecision; i++) {
    const bits = base32.indexOf(text[i] as string); // the form was checked
    for (let mask = 16; mask > 0; mask >>= 1) {
      const upper = (bits & mask) !== 0;
      if (isLongitude) {
        const middle = (west + east) / 2;
        if (upper) west = middle;
        else east = middle;
      } else {
        const middle = (south + north) / 2;
        if (upper) south = middle;
        else north = middle;
      }
      isLongitude = !isLongitude;
    }
  }
  return { lat: (south + north) / 2, lon: (west + east) / 2 };
}
