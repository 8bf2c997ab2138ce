import assert from "node:assert/strict";
import { test } from "node:test";
import { Digest, exactLimit } from "./digest.ts";

let state = 5;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const shapes: Readonly<Record<string, () => number>> = {
  even: () => random() * 1_000,
  "few different": () => Math.floor(random() * 5),
  "the same": () => 7,
  negative: () => -1e9 * random() ** 4,
  "with one far away": () => (random() < 0.001 ? 1e300 : random()),
  dates: () => 1.6e12 + Math.floor(random() * 3_600_000),
};

function digestOf(values: Float64Array): Digest {
  const digest = new Digest();
  for (let at = 0; at < values.length; at += 4_096) digest.addAll(values, at, Math.min(values.length, at + 4_096));
  return digest;
}

for (const [name, make] of Object.entries(shapes))
  test(`quantiles and ranks of values in memory are exact: ${name}`, () => {
    for (const count of [1, 2, 3, 100, 20_000]) {
      const values = Float64Array.from({ length: count }, make);
      const digest = digestOf(values);
      const sorted = values.toSorted();
      const at = (place: number): number => sorted[Math.min(count - 1, Math.max(0, place))] as number;
      for (const q of [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1]) {
        const wanted = q * count - 0.5;
        const place = Math.floor(wanted);
        const between = at(place) + (at(place + 1) - at(place)) * (wanted - place);
        assert.equal(digest.quantile(q), wanted < 0 ? at(0) : between, `${count} ${q}`);
        assert.equal(digest.nearest(q), at(Math.max(1, Math.floor(q * count + 0.5)) - 1), `${count} ${q}`);
      }
      for (const value of [at(0) - 1, at(0), at(count >> 1), at(count - 1), at(count - 1) + 1]) {
        const upTo = sorted.filter((one) => one <= value).length;
        assert.equal(digest.share(value), upTo / count);
        const rank = digest.rank(value);
        assert.ok(rank >= Math.max(0, (upTo - 0.5) / count) && rank <= Math.min(1, (upTo + 0.5) / count), `${rank}`);
      }
      const apart = sorted.map((one) => Math.abs(one - digest.quantile(0.5))).sort();
      const deviation = digest.medianDeviation();
      assert.ok(deviation >= (apart[(count - 1) >> 1] as number) && deviation <= (apart[count >> 1] as number));
    }
  });

test("beyond what is kept, quantiles and ranks are off by some thousandths of the values, in little memory", () => {
  // The square root of a value is its place.
  const values = Float64Array.from({ length: exactLimit + 100_000 }, () => random() ** 2);
  const digest = digestOf(values);
  for (const q of [0.01, 0.1, 0.5, 0.9, 0.99]) {
    const place = Math.sqrt(digest.quantile(q));
    assert.ok(Math.abs(place - q) < 0.005, `${q} ${place}`);
    const rank = digest.rank(q ** 2);
    assert.ok(Math.abs(rank - q) < 0.005, `${q} ${rank}`);
  }
  assert.ok(digest.bytes < 200_000, String(digest.bytes));
});
