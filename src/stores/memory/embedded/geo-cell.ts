/** A point in degrees. */
export interface Position {
  readonly longitude: number;
  readonly latitude: number;
}

export const maxLatitude = 85.05112878;
const earthRadiusM = 6_372_797.560856;
const bits = 26;
const cells = 2 ** bits;
const half = 2 ** 13;
const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz";

const scale = (value: number, min: number, max: number): number =>
  Math.min(Math.floor(((value - min) / (max - min)) * cells), cells - 1);

/** Spreads 13 bits so that a zero lies between any two of them. */
function spread(value: number): number {
  let spreaded = 0;
  for (let bit = 0; bit < 13; bit++) spreaded += ((value >> bit) & 1) * 4 ** bit;
  return spreaded;
}

function gather(value: number): number {
  let gathered = 0;
  for (let bit = 0; bit < 13; bit++) gathered |= ((value >> (2 * bit)) & 1) << bit;
  return gathered;
}

/** Bits of both in turn, longitude in the higher of each pair. Works in halves: 52 bits are more than bit operators take. */
function interleave(longitude: number, latitude: number): number {
  const high = spread(Math.floor(longitude / half)) * 2 + spread(Math.floor(latitude / half));
  const low = spread(longitude % half) * 2 + spread(latitude % half);
  return high * 2 ** bits + low;
}

/** The number of the cell that holds a point: 26 bits of longitude and 26 of latitude. Source: contract/memory-storage.md section 6.7. */
export function cellOf({ longitude, latitude }: Position, latitudeLimit = maxLatitude): number {
  return interleave(scale(longitude, -180, 180), scale(latitude, -latitudeLimit, latitudeLimit));
}

/** The centre of a cell. */
export function centreOf(cell: number): Position {
  const high = Math.floor(cell / 2 ** bits);
  const low = cell % 2 ** bits;
  const x = gather(Math.floor(high / 2)) * half + gather(Math.floor(low / 2));
  const y = gather(high) * half + gather(low);
  return { longitude: middle(x, -180, 180), latitude: middle(y, -maxLatitude, maxLatitude) };
}

/** The mean of a cell's two borders: computed otherwise, the last digits of the text would differ from Redis'. */
function middle(index: number, min: number, max: number): number {
  const low = min + (index / cells) * (max - min);
  const high = min + ((index + 1) / cells) * (max - min);
  return Math.min(Math.max((low + high) / 2, min), max);
}

/** Along a great circle, in metres. */
export function distanceM(a: Position, b: Position): number {
  const u = Math.sin(radians(b.latitude - a.latitude) / 2);
  const v = Math.sin(radians(b.longitude - a.longitude) / 2);
  const chord = u * u + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * v * v;
  return 2 * earthRadiusM * Math.asin(Math.min(Math.sqrt(chord), 1));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** The usual geohash text: 50 bits as 10 characters, and a 0. It counts latitudes from pole to pole. */
export function geohashText(position: Position): string {
  const cell = cellOf(position, 90);
  let text = "";
  for (let i = 0; i < 10; i++) text += alphabet.charAt(Math.floor(cell / 2 ** (47 - 5 * i)) % 32);
  return `${text}0`;
}

/** Cell numbers `[from, to)`. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Ranges of cell numbers that together hold every point within a radius, and some others: the blocks, of a size near the radius, that
 * the circle's bounding box touches.
 */
export function cellsAround(centre: Position, radiusM: number): readonly CellRange[] {
  const everywhere = [{ from: 0, to: 2 ** (2 * bits) }];
  const dLatitude = ((radiusM / earthRadiusM) * 180) / Math.PI;
  const furthest = Math.abs(centre.latitude) + dLatitude;
  if (!(furthest < 89)) return everywhere;
  // Widest where the meridian touches the circle: sin(dLongitude) = sin(radius) / cos(latitude).
  const sine = Math.sin(radiusM / earthRadiusM) / Math.cos(radians(centre.latitude));
  if (!(sine < 1)) return everywhere;
  const dLongitude = (Math.asin(sine) * 180) / Math.PI;
  const west = centre.longitude - dLongitude;
  const east = centre.longitude + dLongitude;
  if (west < -180 || east > 180) return everywhere;
  const south = scale(Math.max(centre.latitude - dLatitude, -maxLatitude), -maxLatitude, maxLatitude);
  const north = scale(Math.min(centre.latitude + dLatitude, maxLatitude), -maxLatitude, maxLatitude);
  return blocks(scale(west, -180, 180), scale(east, -180, 180), south, north);
}

/** The box in the largest blocks of which it touches at most three in each direction. */
function blocks(west: number, east: number, south: number, north: number): CellRange[] {
  let shift = 0;
  while ((east >> shift) - (west >> shift) > 2 || (north >> shift) - (south >> shift) > 2) shift++;
  const ranges: CellRange[] = [];
  const size = 4 ** shift;
  for (let x = west >> shift; x <= east >> shift; x++) {
    for (let y = south >> shift; y <= north >> shift; y++) {
      const from = interleave(x, y) * size;
      ranges.push({ from, to: from + size });
    }
  }
  return ranges;
}
