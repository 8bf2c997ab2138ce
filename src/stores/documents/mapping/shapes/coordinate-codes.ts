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
