import { isPlainObject, type JSONObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import { boxOf, lineOf, ringOf } from "./build-geometry.ts";
import type { Geometry, Position, ShapeOptions } from "./geometry.ts";
import { readOrientation } from "./orientation.ts";

/** Collections within collections: deeper ones are refused. */
const maxDepth = 50;

/** Reads `{type, coordinates}`, `{type: "geometrycollection", geometries}` and `{type: "circle", coordinates, radius}`. */
export class GeoJsonReader {
  readonly #options: ShapeOptions;

  constructor(options: ShapeOptions) {
    this.#options = options;
  }

  read(shape: JSONObject, into: Geometry[], depth = 1): void {
    const { type, geometries, coordinates, orientation, radius } = shape;
    if (typeof type !== "string") throw new InvalidValue('a shape needs its "type"');
    const name = type.toLowerCase();
    if (name === "geometrycollection") {
      if (coordinates !== undefined) throw new InvalidValue('a collection has "geometries" and no "coordinates"');
      this.#readCollection(geometries, into, depth);
      return;
    }
    if (geometries !== undefined) throw new InvalidValue(`a ${name} has no "geometries"`);
    if (radius !== undefined && name !== "circle") throw new InvalidValue(`a ${name} has no "radius"`);
    const isArea = name === "polygon" || name === "multipolygon";
    if (orientation !== undefined && !isArea) throw new InvalidValue(`a ${name} has no "orientation"`);
    const isClockwise = orientation === undefined ? undefined : readOrientation(orientation);
    if (orientation !== undefined && isClockwise === undefined)
      throw new InvalidValue(`the orientation ${JSON.stringify(orientation)} is neither right nor left`);
    if (coordinates === undefined) throw new InvalidValue('a shape needs its "coordinates"');
    // As in the reference engine: "left" turns the rings around, whatever the field says, and queries know no orientation.
    const isReversed = isClockwise === true && !this.#options.isQuery;
    this.#readCoordinates(name, coordinates, { isReversed, radius }, into);
  }

  #readCollection(geometries: unknown, into: Geometry[], depth: number): void {
    if (!Array.isArray(geometries) || geometries.length === 0)
      throw new InvalidValue('a collection needs a list of "geometries"');
    if (depth >= maxDepth) throw new InvalidValue(`collections are nested deeper than ${maxDepth} levels`);
    for (const one of geometries) {
      if (!isPlainObject(one)) throw new InvalidValue("the members of a collection are objects");
      this.read(one, into, depth + 1);
    }
  }

  #readCoordinates(
    name: string,
    coordinates: unknown,
    { isReversed, radius }: { isReversed: boolean; radius: unknown },
    into: Geometry[],
  ): void {
    const polygon = (value: unknown): Geometry => {
      const rings = listOf(value, "a polygon").map((ring) => ringOf(this.#positions(ring), this.#options));
      return { kind: "polygon", rings: isReversed ? rings.map((ring) => ring.toReversed()) : rings };
    };
    switch (name) {
      case "point":
        into.push({ kind: "point", at: this.#position(coordinates) });
        return;
      case "multipoint":
        for (const at of this.#positions(coordinates)) into.push({ kind: "point", at });
        if (into.length === 0) throw new InvalidValue("a multipoint has no points");
        return;
      case "linestring":
        into.push(lineOf(this.#positions(coordinates)));
        return;
      case "multilinestring":
        for (const line of listOf(coordinates, name)) into.push(lineOf(this.#positions(line)));
        return;
      case "polygon":
        into.push(polygon(coordinates));
        return;
      case "multipolygon":
        for (const one of listOf(coordinates, name)) into.push(polygon(one));
        return;
      case "envelope":
      case "bbox": {
        const corners = this.#positions(coordinates);
        const [first, second] = corners;
        if (first === undefined || second === undefined || corners.length > 2)
          throw new InvalidValue("an envelope has two corners: top left, bottom right");
        into.push(boxOf(first[0], second[0], first[1], second[1]));
        return;
      }
      case "circle":
        if (radius === undefined) throw new InvalidValue('a circle needs its "radius"');
        into.push({ kind: "circle", centre: this.#position(coordinates), radius });
        return;
      default:
        throw new InvalidValue(`"${name}" is not a type of shape`);
    }
  }

  #positions(value: unknown): Position[] {
    if (!Array.isArray(value)) throw new InvalidValue("a list of positions is missing");
    return value.map((one) => this.#position(one));
  }

  #position(value: unknown): Position {
    if (!Array.isArray(value) || value.length < 2 || value.length > 3)
      throw new InvalidValue("a position is [lon, lat]");
    const [lon, lat, z] = value;
    if (typeof lon !== "number" || typeof lat !== "number" || (z !== undefined && typeof z !== "number"))
      throw new InvalidValue("coordinates must be numbers");
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) throw new InvalidValue("a coordinate is too large");
    if (z !== undefined && !this.#options.ignoreZ)
      throw new InvalidValue('a position has a third coordinate, and "ignore_z_value" is false');
    return [lon, lat];
  }
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw new InvalidValue(`${what} has no coordinates`);
  return value;
}
