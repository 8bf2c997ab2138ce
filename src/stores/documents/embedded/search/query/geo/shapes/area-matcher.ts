import type { LentArrays } from "../../../lent-arrays.ts";
import { decodeLat, decodeLon, encodeLat, encodeLon, type GeoField } from "../../../segment/geo-field.ts";
import { PointMatcher } from "../geo-matchers.ts";
import type { Area } from "./area.ts";

/** Documents with a point in one of several areas. */
export class AreaMatcher extends PointMatcher {
  readonly #areas: readonly Area[];

  constructor(field: GeoField, areas: readonly Area[], boost: number, arrays: LentArrays) {
    super(
      field,
      {
        left: encodeLon(Math.min(...areas.map(({ west }) => west))) - 1,
        right: encodeLon(Math.max(...areas.map(({ east }) => east))) + 1,
        south: encodeLat(Math.min(...areas.map(({ south }) => south))) - 1,
        north: encodeLat(Math.max(...areas.map(({ north }) => north))) + 1,
      },
      boost,
      arrays,
    );
    this.#areas = areas;
  }

  accepts(lat: number, lon: number): boolean {
    const [x, y] = [decodeLon(lon), decodeLat(lat)];
    return this.#areas.some((area) => area.has(x, y));
  }
}
