import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldBudget } from "./field-budget.ts";

function holder(budget: FieldBudget) {
  const dropped: string[] = [];
  const own = { drop: (path: string) => void dropped.push(path) };
  return {
    dropped,
    load: (path: string, bytes: number) => budget.loaded(own, path, bytes),
    use: (path: string) => budget.used(own, path),
    release: (...paths: string[]) => budget.release(own, paths),
  };
}

test("what was not used for longest is let go, whoever holds it", () => {
  const budget = new FieldBudget(100);
  const [a, b] = [holder(budget), holder(budget)];
  a.load("title", 40);
  b.load("title", 40);
  a.use("title");
  a.use("unknown");
  a.load("price", 40);
  assert.deepEqual([a.dropped, b.dropped], [[], ["title"]]);
  assert.equal(budget.bytes, 80);
  b.load("place", 90);
  assert.deepEqual(a.dropped, ["title", "price"]);
  assert.equal(budget.bytes, 90);
});

test("the newest stays, however large; loaded again it counts once", () => {
  const budget = new FieldBudget(100);
  const a = holder(budget);
  a.load("title", 500);
  a.load("title", 300);
  assert.equal(budget.bytes, 300);
  assert.deepEqual(a.dropped, []);
  a.load("price", 10);
  assert.deepEqual(a.dropped, ["title"]);
});

test("what is released is forgotten, and nobody is told", () => {
  const budget = new FieldBudget(100);
  const a = holder(budget);
  a.load("title", 60);
  a.load("price", 30);
  a.release("title", "unknown");
  assert.equal(budget.bytes, 30);
  a.load("place", 70);
  assert.deepEqual(a.dropped, []);
  a.load("at", 1);
  assert.deepEqual(a.dropped, ["price"]);
});
