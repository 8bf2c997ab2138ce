import assert from "node:assert/strict";
import { test } from "node:test";
import { Circle, metresBetween } from "./geo-distance.ts";

let state = 11;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const wrap = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

test("a circle has the points that are no farther than its radius, however near its edge they lie", () => {
  let inside = 0;
  for (let i = 0; i < 100_000; i++) {
    const [lat, lon] = [(random() - 0.5) * 180, (random() - 0.5) * 360];
    const metres = 10 ** (random() * 8 - 1);
    const degrees = (metres / 111_195) * (1 + (random() - 0.5) * 10 ** (-random() * 9));
    const angle = random() * 2 * Math.PI;
    const other = Math.max(-90, Math.min(90, lat + degrees * Math.sin(angle)));
    const beside = wrap(lon + (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180));
    const isNear = metresBetween(lat, lon, other, beside) <= metres;
    if (isNear) inside++;
    assert.equal(new Circle(lat, lon, metres).has(other, beside), isNear, `${lat},${lon} ${metres} ${other},${beside}`);
  }
  assert.ok(inside > 20_000 && inside < 80_000);
});

test("a circle without a radius has its centre, and one around the earth has everything", () => {
  assert.equal(new Circle(12, 34, 0).has(12, 34), true);
  assert.equal(new Circle(12, 34, 0).has(12, 34.001), false);
  assert.equal(new Circle(12, 34, 3e7).has(-12, -146), true);
});
