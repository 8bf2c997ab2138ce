import { isPlainObject, type JSONObject } from "../../../../../../kernel/index.ts";
import { InvalidValue } from "../../../../mapping/invalid-value.ts";
import type { Geometry } from "../../../../mapping/shapes/geometry.ts";
import { readShape } from "../../../../mapping/shapes/read-shape.ts";
import { countBits } from "../../segment/bits.ts";
import type { ClauseTable } from "../clause-table.ts";
import type { QueryContext, QueryField } from "../context.ts";
import { BitmapMatcher, type Matcher, NoneMatcher } from "../matchers/matcher.ts";
import { fieldClause, flagOf, malformed, numberOf, onlyKnown, textOf } from "../parameters.ts";
import type { Area } from "./shapes/area.ts";
import { AreaMatcher } from "./shapes/area-matcher.ts";
import { areasOf } from "./shapes/areas-of.ts";
import { matchShapes, type ShapeRelation } from "./shapes/match-shapes.ts";

const relations: readonly string[] = ["intersects", "disjoint", "within", "contains"] satisfies ShapeRelation[];
const options = { isClockwise: false, coerce: false, ignoreZ: true, isQuery: true };

export const shapeClauses: ClauseTable = {
  *geo_shape(body, context) {
    const { field: path, value } = fieldClause(body, "geo_shape", ["ignore_unmapped"]);
    const clause = body as JSONObject; // an object, as fieldClause has checked
    // The reference engine scores by 0 what does not name its boost.
    const boost = numberOf(clause.boost, 0, "geo_shape.boost");
    const place = `geo_shape.${path}`;
    if (!isPlainObject(value)) throw malformed(`[${place}] must be an object with "shape".`);
    const relation = readRelation(value, place);
    const geometries = readGeometries(value, place);
    const field = context.field(path);
    if (field === undefined) {
      if (flagOf(clause.ignore_unmapped, false, "geo_shape.ignore_unmapped") || context.mapping.fields.has(path))
        return new NoneMatcher();
      throw malformed(`[geo_shape] field "${path}" is not in the mapping.`);
    }
    const { family } = field.node;
    if (family === "geo_point") return matchPoints(field, geometries, relation, boost, context);
    if (family !== "geo_shape")
      throw malformed(`[geo_shape] field "${path}" of type ${field.node.type} is neither a geo_shape nor a geo_point.`);
    if (relation === "within" && geometries.some(({ kind }) => kind === "line"))
      throw malformed(`[${place}] nothing lies within a line: use "intersects".`);
    return yield* matchField(field, toAreas(geometries, place, true), relation, boost, context);
  },
};

function readRelation(value: JSONObject, place: string): ShapeRelation {
  onlyKnown(value, ["shape", "relation", "indexed_shape"], place);
  if (value.indexed_shape !== undefined)
    throw malformed(
      `[${place}] "indexed_shape" cannot be looked up here, nor beside "shape": give the shape as "shape".`,
    );
  if (value.boost !== undefined) throw malformed(`[${place}] "boost" belongs beside the field.`);
  const { relation } = value;
  if (relation === undefined) return "intersects";
  const wanted = textOf(relation, `${place}.relation`).toLowerCase();
  if (!relations.includes(wanted)) throw malformed(`[${place}.relation] must be one of ${relations.join(", ")}.`);
  return wanted as ShapeRelation; // one of the list, as just checked
}

function readGeometries({ shape }: JSONObject, place: string): Geometry[] {
  if (shape === undefined || shape === null) throw malformed(`[${place}] needs a "shape".`);
  try {
    const geometries = readShape(shape, options);
    if (geometries.length > 0) return geometries;
    throw new InvalidValue("the shape is empty");
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw malformed(`[${place}.shape] ${err.message}.`);
  }
}

function toAreas(geometries: readonly Geometry[], place: string, forShapes: boolean): Area[] {
  try {
    return areasOf(geometries, forShapes);
  } catch (err) {
    if (!(err instanceof InvalidValue)) throw err;
    throw malformed(`[${place}.shape] ${err.message}.`);
  }
}

function* matchField(
  { store }: QueryField,
  areas: readonly Area[],
  relation: ShapeRelation,
  boost: number,
  { maxDoc, budget }: QueryContext,
): Generator<void, Matcher> {
  if (store?.kind !== "geo_shape" || areas.length === 0) return new NoneMatcher();
  const bits = yield* matchShapes(store, areas, relation, maxDoc, budget);
  return new BitmapMatcher(bits, countBits(bits), boost);
}

/** Points are asked whether they lie in an area, and nothing else, as by the reference engine. */
function matchPoints(
  { node, store }: QueryField,
  geometries: readonly Geometry[],
  relation: string,
  boost: number,
  { arrays }: QueryContext,
): Matcher {
  if (relation !== "intersects")
    throw malformed(`[geo_shape] field "${node.path}" is a geo_point: it knows the relation "intersects" only.`);
  if (geometries.some(({ kind }) => kind === "point" || kind === "line"))
    throw malformed(`[geo_shape] field "${node.path}" is a geo_point: it takes polygons and envelopes only.`);
  const areas = toAreas(geometries, `geo_shape.${node.path}`, false);
  return store?.kind === "geo_point" && areas.length > 0
    ? new AreaMatcher(store, areas, boost, arrays)
    : new NoneMatcher();
}
