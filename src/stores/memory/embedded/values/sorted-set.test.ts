import assert from "node:assert/strict";
import test from "node:test";
import { compareBytes } from "../bytes.ts";
import { SortedSetValue } from "./sorted-set.ts";

const random = (below: number): number => Math.floor(Math.random() * below);

function sortedModel(model: ReadonlyMap<string, number>): [string, number][] {
  return [...model].sort(([a, x], [b, y]) => x - y || Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function assertSame(set: SortedSetValue, model: ReadonlyMap<string, number>): void {
  const expected = sortedModel(model);
  assert.equal(set.size, expected.length);
  assert.deepEqual(
    set.slice(0, set.size).map(({ key, score }) => [key, score]),
    expected,
  );
  for (const [rank, [member, score]] of expected.entries()) {
    assert.equal(set.rank(member), rank);
    assert.equal(set.score(member), score);
  }
  const from = random(expected.length + 1);
  const to = random(expected.length + 2);
  assert.deepEqual(
    set.slice(from, to).map(({ key }) => key),
    expected.slice(from, Math.max(from, to)).map(([key]) => key),
  );
  const bound = random(12);
  assert.equal(
    set.countWhile(({ score }) => score < bound),
    expected.filter(([, score]) => score < bound).length,
  );
}

test("a sorted set agrees with a sorted array over random changes", () => {
  const names = Array.from({ length: 120 }, (_, i) => ["m", "é", "😀", "\uffee", ""][i % 5] + String(i));
  for (let round = 0; round < 10; round++) {
    const set = new SortedSetValue();
    const model = new Map<string, number>();
    for (let step = 0; step < 600; step++) {
      const name = names[random(names.length)] ?? "";
      if (random(3) === 0) {
        assert.equal(set.delete(name), model.delete(name));
      } else {
        const score = random(12);
        const known = model.get(name);
        const expected = known === undefined ? "added" : known === score ? "same" : "moved";
        assert.equal(set.set(name, score), expected);
        model.set(name, score);
      }
      if (step % 40 === 0) assertSame(set, model);
    }
    assertSame(set, model);
    for (const name of names) set.delete(name);
    assert.deepEqual(set.slice(0, 10), []);
  }
});

test("insertion into a large sorted set does not grow with its size", { timeout: 60_000 }, () => {
  const set = new SortedSetValue();
  for (let i = 0; i < 60_000; i++) set.set(`m${i}`, (i * 7919) % 60_013);
  // A sorted array moves 30 000 places per insertion; logarithmic insertion takes a fraction of this.
  assert.equal(set.rank(set.slice(31_000, 31_001)[0]?.key ?? ""), 31_000);
});

test("texts are ordered as their UTF-8 bytes", () => {
  const texts = ["", "a", "ab", "b", "é", "\ud7ff", "\ue000", "\uffee", "\u{10000}", "😀", "😀a", "a😀", "a\uffee"];
  for (const a of texts) {
    for (const b of texts) {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(compareBytes(a, b)), expected, JSON.stringify([a, b]));
    }
  }
});
