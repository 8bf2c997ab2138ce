/** Longitude and latitude in degrees, in the order of GeoJSON. */
export type Position = readonly [lon: number, lat: number];

/** A closed row of positions: the last is the first. */
export type Ring = readonly Position[];

/** What a shape consists of, as it was written: not yet cut at the date line. */
export type Geometry =
  | { readonly kind: "point"; readonly at: Position }
  | { readonly kind: "line"; readonly points: readonly Position[] }
  /** The outer ring, then holes. */
  | { readonly kind: "polygon"; readonly rings: readonly Ring[] }
  /** `west > east` crosses the date line. */
  | {
      readonly kind: "box";
      readonly west: number;
      readonly east: number;
      readonly south: number;
      readonly north: number;
    }
  | { readonly kind: "circle"; readonly centre: Position; readonly radius: unknown };

/** How shapes are read. */
export interface ShapeOptions {
  /** Outer rings are written clockwise (`orientation: left`). */
  readonly isClockwise: boolean;
  /** Rings that are open are closed. */
  readonly coerce: boolean;
  /** Third coordinates are left out; refused otherwise. */
  readonly ignoreZ: boolean;
  /** A shape of a query: nothing may follow well-known text, and the points of a multipoint may have parentheses of their own. */
  readonly isQuery: boolean;
}

/** Positions that one shape may have: a polygon of as many is cut into triangles in less than a second. */
export const maxPositions = 20_000;
