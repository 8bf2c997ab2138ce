import { Existence } from "./existence.ts";

// Coordinates take 32 bits each, about a centimetre, as Lucene keeps them: equal rounding gives equal answers.
const latUnit = 180 / 2 ** 32;
const lonUnit = 360 / 2 ** 32;

export function encodeLat(lat: number): number {
  return lat >= 90 ? 0x7fffffff : Math.floor(lat / latUnit);
}

export function encodeLon(lon: number): number {
  return lon >= 180 ? 0x7fffffff : Math.floor(lon / lonUnit);
}

export function decodeLat(encoded: number): number {
  return encoded * latUnit;
}

export function decodeLon(encoded: number): number {
  return encoded * lonUnit;
}

/** The lowest encoded value that is not below a bound. */
export function ceilLat(lat: number): number {
  return lat >= 90 ? 0x7fffffff : Math.ceil(lat / latUnit);
}

export function ceilLon(lon: number): number {
  return lon >= 180 ? 0x7fffffff : Math.ceil(lon / lonUnit);
}

/** Points: two columns, and a side store for documents with several. */
export class GeoField {
  readonly kind = "geo_point";
  exists = new Existence();
  lats: Int32Array = new Int32Array(0);
  lons: Int32Array = new Int32Array(0);
  /** By document: place in `many` of its count and points, 0 when it has at most one. */
  manyStarts: Uint32Array = new Uint32Array(0);
  /** Count, then latitude and longitude of each point. */
  many: Int32Array = new Int32Array(0);

  get isMultiple(): boolean {
    return this.manyStarts.length > 0;
  }

  get memory(): number {
    return 2 * this.lats.byteLength + this.manyStarts.byteLength + this.many.byteLength + this.exists.memory;
  }

  countOf(doc: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    if (start !== 0) return this.many[start] as number;
    return this.exists.has(doc) ? 1 : 0;
  }

  latAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.lats[doc] as number) : (this.many[start + 1 + 2 * position] as number);
  }

  lonAt(doc: number, position: number): number {
    const start = doc < this.manyStarts.length ? (this.manyStarts[doc] as number) : 0;
    return start === 0 ? (this.lons[doc] as number) : (this.many[start + 2 + 2 * position] as number);
  }
}
