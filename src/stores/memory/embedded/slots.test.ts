import assert from "node:assert/strict";
import test from "node:test";
import { Slots, type Slotted } from "./slots.ts";

const item = (key: string): Slotted => ({ key, slot: -1 });
const random = (below: number): number => Math.floor(Math.random() * below);

test("a scan meets every item that stays, whatever is added and removed meanwhile, and ends", () => {
  for (let round = 0; round < 30; round++) {
    const slots = new Slots<Slotted>();
    for (let i = 0; i < 500; i++) slots.add(item(`k${i}`));
    const seen = new Set<string>();
    const removed = new Set<string>();
    let cursor = 0;
    let pages = 0;
    do {
      const page: Slotted[] = [];
      cursor = slots.scan(cursor, 7, page);
      for (const { key } of page) seen.add(key);
      for (let i = 0; i < 8; i++) {
        const victim = slots.get(`k${random(500)}`);
        if (victim !== undefined && random(2) === 0) {
          slots.remove(victim);
          removed.add(victim.key);
        }
        slots.add(item(`new${round}-${pages}-${i}`));
      }
      pages++;
      assert.ok(pages < 200, "the scan does not end");
    } while (cursor !== 0);
    for (let i = 0; i < 500; i++) assert.ok(seen.has(`k${i}`) || removed.has(`k${i}`), `k${i} was missed`);
  }
});

test("items keep the order they came in, through removals", () => {
  const slots = new Slots<Slotted>();
  const model: string[] = [];
  for (let step = 0; step < 5000; step++) {
    if (random(5) < 2 && model.length > 0) {
      const [key = ""] = model.splice(random(model.length), 1);
      const victim = slots.get(key);
      assert.ok(victim);
      slots.remove(victim);
    } else {
      slots.add(item(`k${step}`));
      model.push(`k${step}`);
    }
    assert.equal(slots.size, model.length);
  }
  assert.deepEqual(
    slots.toArray().map(({ key }) => key),
    model,
  );
  for (let i = 0; i < 100; i++) assert.ok(slots.has(slots.random()?.key ?? ""));
});

test("stale and invented cursors are no error", () => {
  const slots = new Slots<Slotted>();
  slots.add(item("a"));
  const page: Slotted[] = [];
  assert.equal(slots.scan(1e20, 10, page), 0);
  assert.equal(page.length, 1);
  assert.equal(new Slots<Slotted>().scan(5, 10, []), 0);
});
