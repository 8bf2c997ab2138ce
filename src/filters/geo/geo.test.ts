import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDistance, parseGeoPoint } from "../index.ts";

test("every form of a geopoint reads the same", () => {
  const forms: unknown[] = [
    [48.5, 2.25],
    ["48.5", "2.25"],
    "48.5, 2.25",
    "48.5,2.25",
    " 48.5 , 2.25 ",
    { lat: 48.5, lon: 2.25 },
    { lat: "48.5", lon: "2.25 east" },
    { latLon: [48.5, 2.25] },
    { lat_lon: { lat: 48.5, lon: 2.25 } },
    { latLon: "48.5, 2.25" },
  ];
  for (const form of forms) assert.deepEqual(parseGeoPoint(form), { lat: 48.5, lon: 2.25 }, JSON.stringify(form));
});

test("a geohash is the centre of its cell", () => {
  for (const form of ["u09tvw0", { latLon: "u09tvw0" }, { lat_lon: "u09tvw0" }]) {
    const point = parseGeoPoint(form);
    assert.ok(point !== undefined);
    assert.ok(Math.abs(point.lat - 48.857) < 0.001, String(point.lat));
    assert.ok(Math.abs(point.lon - 2.352) < 0.02, String(point.lon));
  }
  const point = parseGeoPoint("ezs42");
  assert.ok(point !== undefined && Math.abs(point.lat - 42.605) < 0.001 && Math.abs(point.lon + 5.603) < 0.001);
});

test("what is no geopoint is none", () => {
  const wrong: unknown[] = [
    undefined,
    null,
    1,
    true,
    "",
    "u09",
    "U09TVW0",
    "ailo",
    "paris, france",
    "1, 2, 3",
    [],
    [1],
    [1, 2, 3],
    [1, null],
    [[1, 2], 3],
    {},
    { latitude: 1, longitude: 2 },
    { lat: 1 },
    { latLon: 1 },
    { latLon: { latLon: [1, 2] } },
    { lat: 90.1, lon: 0 },
    { lat: 0, lon: 180.1 },
    [Number.NaN, 0],
    "Infinity, 0",
    Object.create({ lat: 1, lon: 2 }),
  ];
  for (const value of wrong) assert.equal(parseGeoPoint(value), undefined, JSON.stringify(value));
});

test("distances read in every unit", () => {
  const table: readonly [text: string, metres: number][] = [
    ["1m", 1],
    ["1 meter", 1],
    ["2 METERS", 2],
    ["1.5 km", 1_500],
    ["1,5km", 1_500],
    ["-3 m", 3],
    ["1 ft", 0.3048],
    ["10 feet", 3.048],
    ["1feets", 0.3048],
    ["1in", 0.0254],
    ["2 inches", 0.0508],
    ["1 inch", 0.0254],
    ["1 yd", 0.9144],
    ["1 yard", 0.9144],
    ["2yards", 1.8288],
    ["1 mi", 1_609.34],
    ["2 miles", 3_218.68],
    ["1 mile", 1_609.34],
    ["1 kilometer", 1_000],
    ["1 kilometers", 1_000],
    ["1 Mm", 0.001],
    ["1 megameters", 1e6],
    ["1 dam", 10],
    ["1 dekameter", 10],
    ["1 hm", 100],
    ["1 cm", 0.01],
    ["1 mum", 1e-6],
    ["1 kft", 304.8],
    ["1 kilofeet", 304.8],
    ["12", 12],
    [".5 m", 0.5],
    ["1 000 m", 1_000],
  ];
  for (const [text, metres] of table) {
    const parsed = parseDistance(text);
    assert.ok(parsed !== undefined && Math.abs(parsed - metres) <= metres * 1e-12, `${text}: ${parsed}`);
  }
});

test("what is no distance is none", () => {
  for (const text of [
    "",
    "m",
    "1 foot",
    "1e3 m",
    "1 parsec",
    "1 nmi",
    "1 min",
    "1 s",
    "1.000.000 m",
    "kilom",
    "1 kilom",
    1,
    null,
    {},
  ]) {
    assert.equal(parseDistance(text), undefined, JSON.stringify(text));
  }
});
