import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidValue } from "../invalid-value.ts";
import { decodeLat, decodeLon } from "./coordinate-codes.ts";
import { cutLine } from "./cut-line.ts";
import { cutPolygon } from "./cut-polygon.ts";
import { type GeoShape, toGeoShape } from "./geo-shape.ts";
import type { Position } from "./geometry.ts";
import { readShape } from "./read-shape.ts";

const options = { isClockwise: false, coerce: false, ignoreZ: true, isQuery: false };
const shapeOf = (value: unknown, more: Partial<typeof options> = {}): GeoShape =>
  toGeoShape(readShape(value, { ...options, ...more }), { ...options, ...more });

/** Square degrees that the triangles cover together. */
function areaOf({ triangles }: GeoShape): number {
  let sum = 0;
  for (let at = 0; at < triangles.length; at += 6) {
    const lon = (i: number): number => decodeLon(triangles[at + 2 * i] as number);
    const lat = (i: number): number => decodeLat(triangles[at + 2 * i + 1] as number);
    sum += Math.abs((lon(1) - lon(0)) * (lat(2) - lat(0)) - (lon(2) - lon(0)) * (lat(1) - lat(0))) / 2;
  }
  return sum;
}

const isArea = (value: unknown, area: number, more: Partial<typeof options> = {}): void => {
  const found = areaOf(shapeOf(value, more));
  assert.ok(Math.abs(found - area) < 1e-4, `${found}, not ${area}: ${JSON.stringify(value)}`);
};

test("the triangles of a polygon cover it and nothing else, holes left out", () => {
  isArea("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", 100);
  isArea("POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))", 100);
  isArea("POLYGON ((0 0, 10 0, 10 10, 5 1, 0 10, 0 0))", 55);
  isArea("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2), (6 6, 6 8, 8 8, 8 6, 6 6))", 92);
  isArea("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (0 0, 4 2, 4 4, 2 4, 0 0))", 92);
  isArea("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 7 5, 7 7, 5 7, 5 5)))", 4.5);
  isArea({ type: "envelope", coordinates: [[0, 10], [10, 0]] }, 100); // biome-ignore format: one row
});

test("what lies over the date line is cut there", () => {
  isArea("POLYGON ((170 0, -170 0, -170 10, 170 10, 170 0))", 200);
  isArea("POLYGON ((170 0, 190 0, 190 10, 170 10, 170 0))", 200);
  isArea({ type: "envelope", coordinates: [[170, 10], [-170, 0]] }, 200); // biome-ignore format: one row
  isArea("POLYGON ((-100 0, 100 0, 100 10, -100 10, -100 0))", 2000);
  isArea("POLYGON ((-100 0, -100 10, 100 10, 100 0, -100 0))", 1600);
  isArea("POLYGON ((-100 0, -100 10, 100 10, 100 0, -100 0))", 2000, { isClockwise: true });
  assert.deepEqual(cutLine([[170, 0], [190, 10], [185, 0]]), [[[170, 0], [180, 5]], [[-180, 5], [-170, 10], [-175, 0]]]); // biome-ignore format: one row
  assert.deepEqual(cutLine([[0, 0], [720, 8]]).length, 3); // biome-ignore format: one row
  const parts = cutPolygon([[[170, 0], [190, 0], [190, 10], [170, 10]], [[175, 2], [185, 2], [185, 8], [175, 8]]]); // biome-ignore format: one row
  assert.deepEqual(
    parts.map((part) => part.length),
    [1, 1],
    "a hole across the line makes two horseshoes",
  );
});

test("what is no shape is refused, and says why", () => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [5, /GeoJSON or well-known text/],
    [{ type: "__proto__", coordinates: [] }, /not a type of shape/],
    [{ type: "point", coordinates: ["1", "2"] }, /must be numbers/],
    [{ type: "point", coordinates: [Number.POSITIVE_INFINITY, 2] }, /too large/],
    [{ type: "circle", coordinates: [0, 0], radius: "1km" }, /circle/],
    [{ type: "polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1]]] }, /not closed/], // biome-ignore format: one row
    ["POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", /triangles/],
    ["POLYGON ((0 0, 10 0, 20 0, 0 0))", /coincide/],
    ["POLYGON ((0 0, 10 0, 10 10, 0 0), (20 20, 21 20, 21 21, 20 20))", /outside/],
    ["POLYGON ((0 0, 5 5, 10 0, 10 10, 5 5, 0 10, 0 0))", /crosses itself/],
    ["BBOX (0, 10, 0, 10)", /below/],
    ["POINT (1", /expected/],
    ["LINESTRING (0 0, 1e9 0)", /longitude/],
    [`${"GEOMETRYCOLLECTION (".repeat(9_999)}`, /deeper/],
  ];
  for (const [value, why] of refused) {
    assert.throws(
      () => shapeOf(value),
      (error) => error instanceof InvalidValue && why.test(error.message),
      JSON.stringify(value).slice(0, 80),
    );
  }
  assert.throws(() => shapeOf({ type: "point", coordinates: [1, 2, 3] }, { ignoreZ: false }), /third coordinate/);
  isArea("POLYGON ((0 0, 10 0, 10 10, 0 10))", 100, { coerce: true });
});

test("a shape of thousands of corners is cut in a moment", () => {
  const count = 10_000;
  const ring = Array.from({ length: count }, (_, i): Position => {
    const angle = (i / count) * 2 * Math.PI;
    const radius = i % 2 === 0 ? 20 : 19;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
  const start = performance.now();
  const { edges } = shapeOf({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  assert.equal(edges.length, count - 2);
  assert.ok(performance.now() - start < 2_000, `${performance.now() - start} ms`);
});
