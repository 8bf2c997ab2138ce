import { isPlainObject, type JSONObject } from "../../../../../kernel/index.ts";
import { InvalidValue } from "../../../mapping/invalid-value.ts";
import {
  type ContextMapping,
  type ContextTag,
  readContextMappings,
} from "../../../mapping/types/contexts/context-mapping.ts";
import { encodeGeohash, parseGeoPoint } from "../../../mapping/types/geo-point.ts";
import { flagOf, malformed, numberOf, onlyKnown } from "../query/parameters.ts";

/** A context that is asked for. */
interface WantedContext {
  readonly value: string;
  readonly isPrefix: boolean;
  readonly boost: number;
}

/** How the contexts of an input answer to those of a request. */
export interface ContextMatch {
  readonly boost: number;
  /** The ones that do, by name. */
  readonly contexts: JSONObject;
}

/** Undefined when none of the contexts of an input is asked for. */
export type ContextTest = (tags: readonly ContextTag[]) => ContextMatch | undefined;

const maxWanted = 1024;

/**
 * Reads `{place: "cafe", at: {context: {lat, lon}, precision: 4, neighbours: [4], boost: 2}}`; undefined for a field without contexts. Errors
 * (400): contexts that the field does not have, or none where it has some.
 */
export function contextTest(value: unknown, definition: JSONObject, place: string): ContextTest | undefined {
  const mappings = readContextMappings(definition.contexts) ?? [];
  if (mappings.length === 0) {
    if (value === undefined) return undefined;
    throw malformed(`[${place}.contexts] the field has no contexts.`);
  }
  if (value !== undefined && !isPlainObject(value)) throw malformed(`[${place}.contexts] must be an object.`);
  const wanted = new Map<string, WantedContext[]>();
  let count = 0;
  for (const [name, given] of Object.entries(value ?? {})) {
    const at = `${place}.contexts.${name}`;
    const mapping = mappings.find((one) => one.name === name);
    if (mapping === undefined)
      throw malformed(`[${at}] the field has the contexts ${mappings.map((one) => one.name).join(", ")} only.`);
    // A point may be an array of numbers.
    const isList = Array.isArray(given) && (mapping.kind === "category" || typeof given[0] !== "number");
    const list = (isList ? given : [given]).flatMap((one) => readWanted(mapping, one, at));
    count += list.length;
    if (count > maxWanted) throw malformed(`[${place}.contexts] names more than ${maxWanted} contexts.`);
    wanted.set(name, list);
  }
  if (count === 0) throw malformed(`[${place}.contexts] the field has contexts: name those to look in.`);
  return (tags) => matchTags(tags, wanted);
}

function matchTags(
  tags: readonly ContextTag[],
  wanted: ReadonlyMap<string, readonly WantedContext[]>,
): ContextMatch | undefined {
  const found = new Map<string, string[]>();
  let best = 0;
  for (const [name, value] of tags) {
    let isFound = false;
    for (const one of wanted.get(name) ?? []) {
      if (one.isPrefix ? !value.startsWith(one.value) : value !== one.value) continue;
      best = Math.max(best, one.boost);
      isFound = true;
    }
    if (!isFound) continue;
    const list = found.get(name);
    if (list === undefined) found.set(name, [value]);
    else list.push(value);
  }
  if (found.size === 0) return undefined;
  return { boost: best, contexts: Object.fromEntries([...found].map(([name, values]) => [name, values.sort()])) };
}

function readWanted(mapping: ContextMapping, given: unknown, place: string): WantedContext[] {
  const isLong = isPlainObject(given) && given.context !== undefined;
  const options: JSONObject = isLong ? given : { context: given };
  const own = mapping.kind === "geo" ? ["precision", "neighbours"] : ["prefix"];
  if (isLong) onlyKnown(options, ["context", ...own], place);
  const boost = numberOf(options.boost, 1, `${place}.boost`);
  if (!(Number.isInteger(boost) && boost >= 1)) throw malformed(`[${place}.boost] must be a whole number above 0.`);
  if (mapping.kind === "geo") return geoContexts(mapping, options, boost, place);
  const { context } = options;
  if (typeof context !== "string" && typeof context !== "number" && typeof context !== "boolean")
    throw malformed(`[${place}] must be a text, a number or a boolean.`);
  return [{ value: String(context), isPrefix: flagOf(options.prefix, false, `${place}.prefix`), boost }];
}

/** The cell of a place, and the cells around it. */
function geoContexts(mapping: ContextMapping, options: JSONObject, boost: number, place: string): WantedContext[] {
  const point = pointOf(options.context, place);
  const length = Math.min(mapping.precision, lengthOf(options.precision, 12, `${place}.precision`));
  const own = encodeGeohash(point.lat, point.lon, length);
  const { neighbours } = options;
  const around = neighbours === undefined ? [] : Array.isArray(neighbours) ? neighbours : [neighbours];
  const lengths = around.map((one) => lengthOf(one, 0, `${place}.neighbours`)).filter((one) => one < length);
  const cells = new Set([own]);
  if (around.length === 0 && length === mapping.precision) lengths.push(length);
  for (const one of lengths) for (const cell of cellsAround(point.lat, point.lon, one)) cells.add(cell);
  return Array.from(cells, (value) => ({ value, isPrefix: value.length < mapping.precision, boost }));
}

function pointOf(value: unknown, place: string): { readonly lat: number; readonly lon: number } {
  try {
    return parseGeoPoint(value);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw malformed(`[${place}] ${err.message}.`);
  }
}

function lengthOf(value: unknown, byDefault: number, place: string): number {
  const length = numberOf(value, byDefault, place);
  if (Number.isInteger(length) && length >= 1 && length <= 12) return length;
  throw malformed(`[${place}] must be a length of geohashes, from 1 to 12.`);
}

/** The cell of a place and its neighbours: eight, fewer at a pole. */
function cellsAround(lat: number, lon: number, length: number): string[] {
  const height = 180 / 2 ** Math.floor((5 * length) / 2);
  const width = 360 / 2 ** Math.ceil((5 * length) / 2);
  const middle = Math.floor((lat + 90) / height) * height + height / 2 - 90;
  const centre = Math.floor((lon + 180) / width) * width + width / 2 - 180;
  const cells: string[] = [];
  for (const up of [-1, 0, 1]) {
    const y = middle + up * height;
    if (y < -90 || y > 90) continue;
    for (const right of [-1, 0, 1]) {
      const x = centre + right * width;
      cells.push(encodeGeohash(y, x > 180 ? x - 360 : x < -180 ? x + 360 : x, length));
    }
  }
  return cells;
}
