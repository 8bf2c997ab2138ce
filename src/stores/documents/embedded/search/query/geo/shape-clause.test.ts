import assert from "node:assert/strict";
import { test } from "node:test";
import { type JSONObject, KuzzleError } from "../../../../../../kernel/index.ts";
import { parseMappings } from "../../../../mapping/parse-mappings.ts";
import { finish, indexOf } from "../../people-fixture.ts";

const mappings = parseMappings({
  properties: {
    s: { type: "geo_shape", ignore_malformed: true },
    p: { type: "geo_point" },
    k: { type: "keyword" },
    n: { type: "nested", properties: { s: { type: "geo_shape" } } },
  },
});

const index = indexOf(
  [
    { s: "POINT (5 5)", p: "5,5" },
    { s: "LINESTRING (0 0, 10 10)" },
    { s: "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))", p: [3, 3] },
    { s: { type: "envelope", coordinates: [[2, 8], [8, 2]] } }, // biome-ignore format: one row
    { s: { type: "Polygon", coordinates: [[[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]]] } }, // biome-ignore format: one row
    { s: ["POINT (1 1)", "POINT (60 60)"], n: [{ s: "POINT (1 1)" }, { s: "POINT (7 7)" }] },
    { s: "no shape" },
    { k: "none" },
    { s: "GEOMETRYCOLLECTION EMPTY" },
    { s: { type: "LineString", coordinates: [[1, 2]] } },
  ],
  mappings,
);

const hitsOf = (query: JSONObject): string =>
  finish(index.search({ body: { query, sort: ["_doc"] }, from: 0, size: 20, now: 0 }))
    .hits.map(({ id }) => id.slice(1))
    .join("");
const shapes = (shape: unknown, relation: string, field = "s"): string =>
  hitsOf({ geo_shape: { [field]: { shape, relation } } });

// Frozen answers of the reference engine.
test("shapes are found by how they lie to another", () => {
  const box = "BBOX (1, 9, 9, 1)";
  assert.equal(shapes(box, "intersects"), "0123");
  assert.equal(shapes(box, "disjoint"), "45");
  assert.equal(shapes(box, "within"), "03");
  assert.equal(shapes("POINT (3 3)", "contains"), "123");
  assert.equal(shapes("BBOX (4.5, 5.5, 5.5, 4.5)", "contains"), "3");
  assert.equal(shapes("POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))", "within"), "");
  assert.equal(shapes("POINT (175 5)", "intersects"), "4");
  assert.equal(shapes("BBOX (175, -175, 7, 3)", "intersects"), "4");
  assert.equal(shapes("MULTIPOINT (1 1, 5 5)", "intersects"), "0235");
});

test("a box that is no more than a pole or the date line has no points, though it meets shapes", () => {
  const corners = indexOf(
    [
      { p: [0, 90], s: "POINT (0 90)" },
      { p: [180, 0], s: "POINT (180 0)" },
    ],
    mappings,
  );
  const count = (field: string, coordinates: readonly (readonly number[])[]): number => {
    const query = { geo_shape: { [field]: { shape: { type: "envelope", coordinates } } } };
    return finish(corners.search({ body: { query }, from: 0, size: 0, now: 0 })).total;
  };
  assert.equal(count("p", [[0, 90], [0, 90]]), 0); // biome-ignore format: one row
  assert.equal(count("s", [[0, 90], [0, 90]]), 1); // biome-ignore format: one row
  assert.equal(count("p", [[0, 90], [0, 89]]), 1); // biome-ignore format: one row
  assert.equal(count("p", [[180, 1], [180, 0]]), 0); // biome-ignore format: one row
  assert.equal(count("p", [[179, 1], [180, 0]]), 1); // biome-ignore format: one row
});

test("a line across a shape divides what else would contain it; one inside of it, or a point, does not", () => {
  const beside = [
    "LINESTRING (3 4, 3.5 4)",
    "POINT (3 4)",
    "LINESTRING (3 4, 5 4)",
    "LINESTRING (3 2, 3 6)",
    "POINT (2 4)",
  ];
  const around = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))";
  const mixed = indexOf(
    beside.map((one) => ({ s: [around, one] })),
    mappings,
  );
  for (const shape of ["BBOX (2, 4, 5, 3)", "POLYGON ((2 3, 4 3, 4 5, 2 5, 2 3))"]) {
    const body = { query: { geo_shape: { s: { shape, relation: "contains" } } }, sort: ["_doc"] };
    const { hits } = finish(mixed.search({ body, from: 0, size: 20, now: 0 }));
    assert.deepEqual(
      hits.map(({ id }) => id),
      ["d0", "d1", "d4"],
    );
  }
});

test("shapes in nested objects, points in shapes, and which documents have a shape", () => {
  const inner = { geo_shape: { "n.s": { shape: "BBOX (6, 8, 8, 6)" } } };
  assert.equal(hitsOf({ nested: { path: "n", query: inner } }), "5");
  assert.equal(shapes("POLYGON ((4 4, 6 4, 6 6, 4 6, 4 4))", "intersects", "p"), "0");
  assert.equal(hitsOf({ exists: { field: "s" } }), "0123458");
});

test("a shape query scores by its boost alone, and by nothing without one", () => {
  const scoreOf = (more: JSONObject): unknown =>
    finish(
      index.search({
        body: { query: { geo_shape: { s: { shape: "POINT (5 5)" }, ...more } } },
        from: 0,
        size: 1,
        now: 0,
      }),
    ).hits[0]?.score;
  assert.equal(scoreOf({}), 0);
  assert.equal(scoreOf({ boost: 3 }), 3);
});

test("what a shape query cannot do is refused by name", () => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{}, /needs a field/],
    [{ s: 3 }, /must be an object/],
    [{ s: {} }, /needs a "shape"/],
    [{ s: { shape: "POINT EMPTY" } }, /empty/],
    [{ s: { shape: "POINT (1 95)" } }, /latitude 95/],
    [{ s: { shape: "LINESTRING (0 0, 1 1)", relation: "within" } }, /line/],
    [{ s: { shape: "POINT (1 1)", relation: "near" } }, /relation/],
    [{ s: { shape: "POINT (1 1)", strategy: "recursive" } }, /strategy/],
    [{ s: { indexed_shape: { id: "a", index: "i" } } }, /indexed_shape/],
    [{ p: { shape: "POINT (1 1)" } }, /geo_point/],
    [{ p: { shape: "BBOX (0, 1, 1, 0)", relation: "within" } }, /geo_point/],
    [{ k: { shape: "POINT (1 1)" } }, /neither/],
    [{ nope: { shape: "POINT (1 1)" } }, /not in the mapping/],
  ];
  for (const [body, why] of refused) {
    assert.throws(
      () => hitsOf({ geo_shape: body }),
      (error) => error instanceof KuzzleError && error.status === 400 && why.test(error.message),
      JSON.stringify(body),
    );
  }
  assert.equal(hitsOf({ geo_shape: { nope: { shape: "POINT (1 1)" }, ignore_unmapped: true } }), "");
  for (const query of [
    { term: { s: "x" } },
    { terms: { s: ["x"] } },
    { range: { s: { gt: 1 } } },
    { prefix: { s: "x" } },
  ])
    assert.throws(() => hitsOf(query), KuzzleError, JSON.stringify(query));
});

test("shapes are found by how they lie to a circle", () => {
  const circle = (lon: number, lat: number, radius: unknown): JSONObject => ({
    type: "circle",
    coordinates: [lon, lat],
    radius,
  });
  assert.equal(shapes(circle(5, 5, "10km"), "intersects"), "013");
  assert.equal(shapes(circle(5, 5, "10km"), "contains"), "3");
  assert.equal(shapes(circle(5, 5, "10km"), "disjoint"), "245");
  assert.equal(shapes(circle(5, 5, 1_000_000), "within"), "0123");
  // An edge that passes by the centre, with both of its ends outside.
  assert.equal(shapes(circle(10.05, 5, "10km"), "intersects"), "2");
  assert.equal(shapes(circle(180, 5, "10km"), "intersects"), "4");
  assert.equal(shapes(circle(180, 5, "10km"), "contains"), "");
  assert.equal(shapes(circle(0, 90, "10km"), "intersects"), "");
  assert.equal(shapes(circle(3.05, 3, "10km"), "intersects", "p"), "2");
  const refused = (shape: unknown, reason: RegExp): void => {
    assert.throws(() => shapes(shape, "intersects"), reason);
  };
  refused(circle(5, 5, 0), /must be above 0/);
  refused(circle(5, 5, "30000km"), /must be below/);
  refused(circle(5, 5, "5 parsecs"), /not a unit of length/);
  refused(circle(5, 95, "5km"), /latitude|95/);
  refused({ type: "circle", coordinates: [1, 1] }, /needs its "radius"/);
});
