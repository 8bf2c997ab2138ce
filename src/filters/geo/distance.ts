const earthRadius = 6_378_137;
const radians = Math.PI / 180;

const units: readonly (readonly [metres: number, names: readonly string[]])[] = [
  [1, ["m", "meter", "meters"]],
  [0.3048, ["ft", "feet", "feets"]],
  [0.0254, ["in", "inch", "inches"]],
  [0.9144, ["yd", "yard", "yards"]],
  [1609.34, ["mi", "mile", "miles"]],
];

const shortPrefixes: readonly (readonly [string, number])[] = [
  ["y", 1e-24],
  ["z", 1e-21],
  ["a", 1e-18],
  ["f", 1e-15],
  ["p", 1e-12],
  ["n", 1e-9],
  ["mu", 1e-6],
  ["m", 1e-3],
  ["c", 1e-2],
  ["d", 1e-1],
  ["da", 1e1],
  ["h", 1e2],
  ["k", 1e3],
];

const longPrefixes: readonly (readonly [string, number])[] = [
  ["yocto", 1e-24],
  ["zepto", 1e-21],
  ["atto", 1e-18],
  ["femto", 1e-15],
  ["pico", 1e-12],
  ["nano", 1e-9],
  ["micro", 1e-6],
  ["milli", 1e-3],
  ["centi", 1e-2],
  ["deci", 1e-1],
  ["deka", 1e1],
  ["hecto", 1e2],
  ["kilo", 1e3],
  ["mega", 1e6],
  ["giga", 1e9],
  ["tera", 1e12],
  ["peta", 1e15],
  ["exa", 1e18],
  ["zeta", 1e21],
  ["yotta", 1e24],
];

/** `nmi` would read as a billionth of a mile and `min` as a thousandth of an inch; nobody means that. */
const misleading = ["nmi", "min"];

const metresByUnit = listUnits();
const distanceForm = /^(\d+(?:\.\d*)?|\.\d+)([a-z]*)$/;
const maxTextLength = 100;

function listUnits(): ReadonlyMap<string, number> {
  const table = new Map<string, number>([["", 1]]);
  for (const [metres, names] of units) {
    for (const name of names) {
      table.set(name, metres);
    }
  }
  for (const [metres, names] of units) {
    for (const name of names) {
      const prefixes = name.length > 3 ? [...shortPrefixes, ...longPrefixes] : shortPrefixes;
      for (const [prefix, factor] of prefixes) {
        if (!table.has(prefix + name)) table.set(prefix + name, metres * factor);
      }
    }
  }
  for (const name of misleading) table.delete(name);
  return table;
}

/**
 * Reads a distance in metres: `"1.5 km"` is 1500. Units are metres, feet, inches, yards and miles with metric prefixes;
 * none means metres. Spaces and hyphens are skipped, a comma is a decimal point, case does not matter.
 * Undefined for anything else, numbers included.
 *
 * Source: contract/koncorde.md, section 5.
 */
export function parseDistance(text: unknown): number | undefined {
  if (typeof text !== "string" || text.length > maxTextLength) return undefined;
  const parts = distanceForm.exec(text.replace(/[\s-]/g, "").replace(",", ".").toLowerCase());
  if (parts === null) return undefined;
  const metres = metresByUnit.get(parts[2] ?? "");
  return metres === undefined ? undefined : Number(parts[1]) * metres;
}

/** Great-circle distance in metres between two points given in degrees. */
export function distanceBetween(latA: number, lonA: number, latB: number, lonB: number): number {
  const halfLat = Math.sin(((latB - latA) * radians) / 2);
  const halfLon = Math.sin(((lonB - lonA) * radians) / 2);
  const h = halfLat * halfLat + Math.cos(latA * radians) * Math.cos(latB * radians) * halfLon * halfLon;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The angle in degrees that a distance in metres spans along a great circle. */
export function degreesOf(metres: number): number {
  return metres / earthRadius / radians;
}
