import { malformed } from "../parameters.ts";

/** Mean radius in metres, as Lucene has it. */
const earthRadius = 6_371_008.7714;
const toRadians = Math.PI / 180;

const units: Readonly<Record<string, number>> = {
  m: 1,
  meters: 1,
  km: 1000,
  kilometers: 1000,
  mi: 1609.344,
  miles: 1609.344,
  yd: 0.9144,
  yards: 0.9144,
  ft: 0.3048,
  feet: 0.3048,
  in: 0.0254,
  inch: 0.0254,
  cm: 0.01,
  centimeters: 0.01,
  mm: 0.001,
  millimeters: 0.001,
  NM: 1852,
  nmi: 1852,
  nauticalmiles: 1852,
};

/** Metres in one unit. */
export function unitMetres(unit: string, place: string): number {
  const metres = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (metres === undefined) throw malformed(`[${place}] "${unit}" is not a unit of length.`);
  return metres;
}

/** `"10km"`, `12`, `"3 mi"` in metres. */
export function parseDistance(value: unknown, place: string, unit = "m"): number {
  const match = /^\s*([\d.]+(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)\s*$/.exec(String(value));
  const number = Number(match?.[1]);
  if (match === null || !Number.isFinite(number))
    throw malformed(`[${place}] ${JSON.stringify(value)} is not a distance.`);
  return number * unitMetres(match[2] === "" ? unit : (match[2] ?? unit), place);
}

/** Metres between two points on the sphere (haversine). */
export function metresBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const x1 = lat1 * toRadians;
  const x2 = lat2 * toRadians;
  const h = 1 - Math.cos(x1 - x2) + Math.cos(x1) * Math.cos(x2) * (1 - Math.cos((lon1 - lon2) * toRadians));
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h * 0.5)));
}

/** Whether points lie within a distance of one point, as {@link metresBetween} says, which is asked where a quick look cannot tell. */
export class Circle {
  readonly #lat: number;
  readonly #lon: number;
  readonly #metres: number;
  readonly #sin: number;
  readonly #cos: number;
  /** Twice the haversine of the distance, */
  readonly #most: number;
  /** and by how much another must differ from it to be known for greater or smaller. */
  readonly #doubt: number;

  constructor(lat: number, lon: number, metres: number) {
    this.#lat = lat;
    this.#lon = lon;
    this.#metres = metres;
    this.#sin = Math.sin(lat * toRadians);
    this.#cos = Math.cos(lat * toRadians);
    this.#most = 1 - Math.cos(Math.min(Math.PI, metres / earthRadius));
    // The second: what the difference of numbers near 1 loses.
    this.#doubt = Math.max(1e-6 * this.#most, 4e-15);
  }

  has(lat: number, lon: number): boolean {
    const y = (lat - this.#lat) * toRadians;
    const x = (lon - this.#lon) * toRadians;
    if (Math.abs(y) < smallAngle && Math.abs(x) < smallAngle) {
      const versineOfY = smallVersine(y);
      const cosOfLat = this.#cos * (1 - versineOfY) - this.#sin * smallSine(y);
      const h = versineOfY + this.#cos * cosOfLat * smallVersine(x);
      if (Math.abs(h - this.#most) > this.#doubt) return h < this.#most;
    }
    return metresBetween(this.#lat, this.#lon, lat, lon) <= this.#metres;
  }
}

/** Radians up to which a few terms of the series are exact to some billionths. */
const smallAngle = 0.2;

/** One minus the cosine. */
function smallVersine(x: number): number {
  const square = x * x;
  return (square / 2) * (1 - (square / 12) * (1 - (square / 30) * (1 - square / 56)));
}

function smallSine(x: number): number {
  const square = x * x;
  return x * (1 - (square / 6) * (1 - (square / 20) * (1 - square / 42)));
}

/** Metres between two points as if the earth were flat between them; quick, and wrong for long ways and near the poles. */
export function planeMetresBetween(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const x = (lon2 - lon1) * toRadians * Math.cos(((lat1 + lat2) / 2) * toRadians);
  return Math.hypot(x, (lat2 - lat1) * toRadians) * earthRadius;
}

/**
 * Metres that no point of a box is nearer to another point; a little less than the truth. A box does not cross the date line.
 */
export function metresToBox(
  lat: number,
  lon: number,
  south: number,
  north: number,
  west: number,
  east: number,
): number {
  const apartInLat = Math.max(0, south - lat, lat - north);
  let metres = apartInLat * toRadians * earthRadius;
  const apartInLon = lon >= west && lon <= east ? 0 : Math.min(around(lon - east), around(west - lon));
  if (apartInLon > 0) {
    // To the nearest meridian of the box: straight over, or by way of a pole.
    const angle = apartInLon < 90 ? Math.asin(Math.cos(lat * toRadians) * Math.sin(apartInLon * toRadians)) : undefined;
    metres = Math.max(metres, earthRadius * (angle ?? (90 - Math.abs(lat)) * toRadians));
  }
  return metres * 0.999_999;
}

const around = (degrees: number): number => (degrees < 0 ? degrees + 360 : degrees);

/** Degrees of latitude that a distance spans. */
export function latitudeSpan(metres: number): number {
  return metres / earthRadius / toRadians;
}

/** Degrees of longitude that a distance spans at a latitude; 180 and more when it reaches around a pole. */
export function longitudeSpan(metres: number, lat: number): number {
  const angle = metres / earthRadius;
  if (Math.abs(lat) + latitudeSpan(metres) >= 90) return 180;
  return Math.asin(Math.min(1, Math.sin(angle) / Math.cos(lat * toRadians))) / toRadians;
}
