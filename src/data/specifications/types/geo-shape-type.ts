import { parseDistance } from "../../../filters/index.ts";
import { isPlainObject, type JSONObject, kerror } from "../../../kernel/index.ts";
import { readTexts } from "./type-options.ts";
import type { ValidationType } from "./validation-type.ts";

/** What is wrong with some coordinates, undefined when nothing is. */
type CoordinatesRule = (coordinates: unknown) => string | undefined;

const isPoint = (value: unknown): boolean => {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [lon, lat] = value as readonly unknown[];
  return typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
};

const point: CoordinatesRule = (value) =>
  isPoint(value) ? undefined : "a point must be [longitude, latitude], within 180 and 90 degrees";

const listOf =
  (rule: CoordinatesRule, atLeast: number, noun: string): CoordinatesRule =>
  (value) => {
    if (!Array.isArray(value) || value.length < atLeast) return noun;
    for (const item of value as readonly unknown[]) {
      const problem = rule(item);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

const linestring = listOf(point, 2, "a line must be an array of at least 2 points");
const openRing = listOf(point, 4, "a ring must be an array of at least 4 points");

const ring: CoordinatesRule = (value) => {
  const problem = openRing(value);
  if (problem !== undefined) return problem;
  const points = value as readonly (readonly [number, number])[]; // openRing has looked
  const [first, last] = [points[0], points.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1] ? undefined : "a ring must end where it starts";
};

const polygon = listOf(ring, 1, "a polygon must be an array of rings");

const envelope: CoordinatesRule = (value) =>
  Array.isArray(value) && value.length === 2 ? listOf(point, 2, "")(value) : "an envelope must be an array of 2 points";

/** By type; a collection has geometries in their place. */
const coordinateRules: ReadonlyMap<string, CoordinatesRule | undefined> = new Map([
  ["point", point],
  ["linestring", linestring],
  ["polygon", polygon],
  ["multipoint", listOf(point, 1, "must be an array of points")],
  ["multilinestring", listOf(linestring, 1, "must be an array of lines")],
  ["multipolygon", listOf(polygon, 1, "must be an array of polygons")],
  ["geometrycollection", undefined],
  ["envelope", envelope],
  ["circle", point],
]);

const members = new Set(["type", "coordinates", "radius", "orientation", "geometries"]);
const orientations = new Set<unknown>(["right", "ccw", "counterclockwise", "left", "cw", "clockwise"]);
const maxDepth = 20;
const maxMessages = 10;

interface ShapeOptions {
  readonly shapeTypes: ReadonlySet<string>;
}

export const geoShapeType: ValidationType<ShapeOptions> = {
  typeName: "geo_shape",
  allowedTypeOptions: ["shapeTypes"],
  validateFieldSpecification({ shapeTypes }) {
    if (shapeTypes === undefined) return { shapeTypes: new Set(coordinateRules.keys()) };
    const names = readTexts(shapeTypes, "shapeTypes");
    const unknown = names.filter((name) => !coordinateRules.has(name));
    if (unknown.length > 0) throw kerror("validation.types.invalid_geoshape", unknown.join(", "));
    return { shapeTypes: new Set(names) };
  },
  validate({ shapeTypes }, value, messages) {
    const before = messages.length;
    checkShape(shapeTypes, value, messages, 0);
    return messages.length === before;
  },
};

function checkShape(shapeTypes: ReadonlySet<string>, shape: unknown, messages: string[], depth: number): void {
  if (messages.length >= maxMessages) return;
  if (!isPlainObject(shape)) {
    messages.push("a shape must be an object");
    return;
  }
  if (depth > maxDepth) {
    messages.push(`geometry collections nest at most ${maxDepth} levels deep`);
    return;
  }
  const { type } = shape;
  if (typeof type !== "string" || !shapeTypes.has(type)) {
    messages.push(`the type of a shape must be one of ${[...shapeTypes].join(", ")}`);
    return;
  }
  const unknown = Object.keys(shape).find((key) => !members.has(key));
  if (unknown !== undefined) messages.push(`a shape has no member "${unknown}"`);
  checkRadius(shape, type, messages);
  checkOrientation(shape, type, messages);
  if (type === "geometrycollection") checkCollection(shapeTypes, shape, messages, depth);
  else checkCoordinates(shape, type, messages);
}

function checkRadius({ radius }: JSONObject, type: string, messages: string[]): void {
  if (type !== "circle") {
    if (radius !== undefined) messages.push('only a circle has a "radius"');
  } else if (!Number.isFinite(radius) && parseDistance(radius) === undefined) {
    messages.push('a circle needs a "radius": a number, or a distance such as "10 km"');
  }
}

function checkOrientation({ orientation }: JSONObject, type: string, messages: string[]): void {
  if (orientation === undefined) return;
  if (type !== "polygon" && type !== "multipolygon") messages.push('only polygons have an "orientation"');
  else if (!orientations.has(orientation))
    messages.push(`"orientation" must be one of ${[...orientations].join(", ")}`);
}

function checkCoordinates({ coordinates, geometries }: JSONObject, type: string, messages: string[]): void {
  if (geometries !== undefined) messages.push('only a geometrycollection has "geometries"');
  const problem =
    coordinates === undefined ? `a ${type} needs "coordinates"` : coordinateRules.get(type)?.(coordinates);
  if (problem !== undefined) messages.push(problem);
}

function checkCollection(
  shapeTypes: ReadonlySet<string>,
  { coordinates, geometries }: JSONObject,
  messages: string[],
  depth: number,
): void {
  if (coordinates !== undefined) messages.push('a geometrycollection has no "coordinates"');
  if (!Array.isArray(geometries)) {
    messages.push('a geometrycollection needs an array "geometries"');
    return;
  }
  for (const geometry of geometries as readonly unknown[]) {
    if (messages.length >= maxMessages) return;
    checkShape(shapeTypes, geometry, messages, depth + 1);
  }
}
