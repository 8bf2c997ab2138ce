import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../kernel/index.ts";
import { geoShapeType } from "./geo-shape-type.ts";

function problems(shape: unknown, typeOptions: JSONObject = {}): string[] {
  const messages: string[] = [];
  const isValid = geoShapeType.validate(geoShapeType.validateFieldSpecification(typeOptions), shape, messages);
  assert.equal(isValid, messages.length === 0);
  return messages;
}

const line = [
  [0, 0],
  [1, 1],
];
const ring = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
];

test("every kind of shape is accepted", () => {
  const shapes: readonly JSONObject[] = [
    { type: "point", coordinates: [180, -90] },
    { type: "linestring", coordinates: line },
    { type: "polygon", coordinates: [ring, ring], orientation: "ccw" },
    { type: "multipoint", coordinates: [[0, 0]] },
    { type: "multilinestring", coordinates: [line, line] },
    { type: "multipolygon", coordinates: [[ring]], orientation: "clockwise" },
    { type: "envelope", coordinates: line },
    { type: "circle", coordinates: [2.35, 48.85], radius: 100 },
    { type: "circle", coordinates: [2.35, 48.85], radius: "10 km" },
    { type: "geometrycollection", geometries: [] },
    {
      type: "geometrycollection",
      geometries: [
        { type: "point", coordinates: [0, 0] },
        { type: "geometrycollection", geometries: [{ type: "linestring", coordinates: line }] },
      ],
    },
  ];
  for (const shape of shapes) assert.deepEqual(problems(shape), [], JSON.stringify(shape));
});

test("shapes that are none are refused", () => {
  const shapes: readonly unknown[] = [
    null,
    "point",
    [0, 0],
    {},
    { type: "Point", coordinates: [0, 0] },
    { type: "hexagon", coordinates: [0, 0] },
    { type: "point" },
    { type: "point", coordinates: [0, 0, 0] },
    { type: "point", coordinates: ["0", "0"] },
    { type: "point", coordinates: [181, 0] },
    { type: "point", coordinates: [0, 91] },
    { type: "point", coordinates: { lon: 0, lat: 0 } },
    { type: "point", coordinates: [0, 0], radius: 3 },
    { type: "point", coordinates: [0, 0], orientation: "cw" },
    { type: "point", coordinates: [0, 0], geometries: [] },
    { type: "point", coordinates: [0, 0], crs: "x" },
    { type: "linestring", coordinates: [[0, 0]] },
    { type: "linestring", coordinates: [0, 0] },
    { type: "polygon", coordinates: ring },
    { type: "polygon", coordinates: [ring.slice(1)] },
    { type: "polygon", coordinates: [[...ring.slice(0, 3), [5, 5]]] },
    { type: "polygon", coordinates: [ring], orientation: "up" },
    { type: "multipoint", coordinates: [[0, 0], [0]] },
    { type: "multilinestring", coordinates: line },
    { type: "multipolygon", coordinates: [ring] },
    { type: "envelope", coordinates: ring },
    { type: "envelope", coordinates: [0, 0] },
    { type: "circle", coordinates: [0, 0] },
    { type: "circle", coordinates: [0, 0], radius: "far" },
    { type: "geometrycollection" },
    { type: "geometrycollection", coordinates: [0, 0], geometries: [] },
    { type: "geometrycollection", geometries: [{ type: "point", coordinates: [200, 0] }] },
  ];
  for (const shape of shapes) assert.notDeepEqual(problems(shape), [], JSON.stringify(shape));
});

test("only the wanted types are accepted, in collections too", () => {
  const options = { shapeTypes: ["point", "geometrycollection"] };
  assert.deepEqual(problems({ type: "point", coordinates: [0, 0] }, options), []);
  assert.equal(problems({ type: "linestring", coordinates: line }, options).length, 1);
  const inside = { type: "geometrycollection", geometries: [{ type: "linestring", coordinates: line }] };
  assert.equal(problems(inside, options).length, 1);
});

test("several things wrong with one shape are all listed, up to ten", () => {
  assert.equal(problems({ type: "point", radius: 3, orientation: "cw" }).length, 3);
  const geometries = new Array(100_000).fill({ type: "point" });
  assert.equal(problems({ type: "geometrycollection", geometries }).length, 10);
});
