import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { type CollectionIndex, createCollectionIndex } from "./collection-index.ts";
import { finish } from "./people-fixture.ts";
import { metresBetween, metresToBox } from "./query/geo/geo-distance.ts";
import { GeoField } from "./segment/geo-field.ts";
import { putTogether, takeApart } from "./segment/stored/field-parts.ts";

let state = 11;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const mappings = parseMappings({ properties: { at: { type: "geo_point" }, n: { type: "integer" } } });
const far = { headDocuments: 1_000_000, mergedAtOnce: 8, maxDocuments: 1_000_000 };
const soon = { ...far, headDocuments: 9_000 };

test("points in their order are found as those are that are looked at one by one, also over the date line and at the poles", () => {
  const growing = createCollectionIndex(mappings, {}, far);
  const frozen = createCollectionIndex(mappings, {}, soon);
  for (let n = 1; n <= 9_001; n++) {
    const near = n % 3 === 0;
    const at = { lat: near ? 48 + random() : random() * 180 - 90, lon: near ? 2 + random() : random() * 360 - 180 };
    for (const index of [growing, frozen]) index.add(n, `d${n}`, n % 50 === 0 ? { n } : { n, at });
  }
  assert.equal(finish(frozen.maintain())?.kind, "frozen");
  for (const index of [growing, frozen]) for (let n = 5; n < 9_000; n += 40) index.remove(n);
  const store = frozen.frozen()[0]?.root.fields.get("at");
  assert.ok(store instanceof GeoField && store.order !== undefined);
  assert.deepEqual(putTogether(takeApart(store)), store);
  const box = (top: number, left: number, bottom: number, right: number): JSONObject => ({
    geo_bounding_box: { at: { top, left, bottom, right } },
  });
  const within = (lat: number, lon: number, distance: string): JSONObject => ({
    geo_distance: { distance, at: { lat, lon } },
  });
  const clauses = [
    box(48.5, 2.2, 48.2, 2.4),
    box(10, 170, -10, -170),
    box(90, -180, 89, 180),
    box(90, -180, -90, 180),
    within(48.5, 2.5, "20km"),
    within(0, 180, "700km"),
    within(90, 0, "500km"),
    within(-33, 18, "50km"),
    { geo_polygon: { at: { points: ["48.1,2.1", "48.1,2.6", "48.7,2.3"] } } },
    { bool: { filter: [{ range: { n: { lt: 3_000 } } }, within(48.5, 2.5, "30km")] } },
  ];
  let found = 0;
  for (const query of clauses) {
    const [one, other] = [growing, frozen].map((index) =>
      finish(index.search({ body: { query }, from: 0, size: 10_000, now: 0 })),
    );
    assert.deepEqual(other, one, JSON.stringify(query));
    found += one?.total ?? 0;
  }
  assert.ok(found > 9_000, String(found));
  for (const [lat, lon] of [
    [48.5, 2.5],
    [0, 180],
    [-89.9, 12],
    [90, 0],
    [12, -179.99],
    [-33, 18],
  ])
    for (const query of [{ match_all: {} }, { range: { n: { lt: 4_000 } } }, { range: { n: { gte: 8_990 } } }])
      for (const more of [[], [{ n: "desc" }]]) {
        const sort = [{ _geo_distance: { at: { lat, lon }, unit: "km" } }, ...more];
        for (const size of [1, 10, 500]) assertSame(growing, frozen, { query, sort }, size);
        const [last] = finish(growing.search({ body: { query, sort }, from: 0, size: 60, now: 0 })).hits.slice(-1);
        assertSame(growing, frozen, { query, sort, search_after: [...(last?.sort ?? [])] }, 10);
      }
  // More than have a point: the others come last.
  assertSame(growing, frozen, { sort: [{ _geo_distance: { at: "48,2" } }] }, 10_000);
});

function assertSame(one: CollectionIndex, other: CollectionIndex, body: JSONObject, size: number): void {
  const [a, b] = [one, other].map((index) => finish(index.search({ body, from: 0, size, now: 0 })));
  assert.deepEqual(b, a, JSON.stringify(body));
}

test("a box is never nearer than the nearest of its points", () => {
  for (let i = 0; i < 2_000; i++) {
    const [lat, lon] = [random() * 180 - 90, random() * 360 - 180];
    const [south, west] = [random() * 170 - 90, random() * 350 - 180];
    const [north, east] = [south + random() * (90 - south) * random(), west + random() * (180 - west) * random()];
    const least = metresToBox(lat, lon, south, north, west, east);
    for (let j = 0; j < 20; j++) {
      const [y, x] = [south + random() * (north - south), west + random() * (east - west)];
      const metres = metresBetween(lat, lon, y, x);
      assert.ok(least <= metres, `${lat},${lon} ${south},${north},${west},${east}: ${least} and ${metres}`);
    }
  }
});
