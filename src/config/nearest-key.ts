import { editDistance } from "../kernel/index.ts";
import { optionsOf } from "./schema/defaults.ts";
import { configSchema } from "./schema/schema.ts";

const longest = 120;

/**
 * The known key that an unknown one most likely stands for: the same name in other letters' case, at another place,
 * or with a few letters changed. Undefined when nothing is near.
 */
export function nearestKey(unknown: string): string | undefined {
  if (unknown.length > longest) return undefined;
  const wanted = unknown.toLowerCase();
  const wantedName = lastName(wanted);
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(unknown.length / 5)) + 1;
  for (const key of knownKeys()) {
    const candidate = key.toLowerCase();
    // The right name in the wrong section is nearer than a chance likeness of letters.
    const distance = lastName(candidate) === wantedName ? 1.5 : distanceWithin(wanted, candidate, least);
    if (candidate === wanted) return key;
    if (distance < least) {
      least = distance;
      nearest = key;
    }
  }
  return nearest;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function* knownKeys(): Generator<string> {
  const seen = new Set<string>();
  for (const [path] of optionsOf(configSchema)) {
    yield path;
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
      const section = path.slice(0, dot);
      if (seen.has(section)) break;
      seen.add(section);
      yield section;
    }
  }
}

/** Two names that differ much in length cannot be near: then `limit` is answered without comparing. */
const distanceWithin = (a: string, b: string, limit: number): number =>
  Math.abs(a.length - b.length) >= limit ? limit : editDistance(a, b);
