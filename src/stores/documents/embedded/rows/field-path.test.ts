import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePath, removeField } from "./field-path.ts";

test("paths are read with dots, brackets and quotes", () => {
  assert.deepEqual(parsePath("a"), ["a"]);
  assert.deepEqual(parsePath("a.b.c"), ["a", "b", "c"]);
  assert.deepEqual(parsePath("list[0].x"), ["list", "0", "x"]);
  assert.deepEqual(parsePath("[0][1]"), ["0", "1"]);
  assert.deepEqual(parsePath(`a["b.c"].d`), ["a", "b.c", "d"]);
  assert.deepEqual(parsePath("a['x']"), ["a", "x"]);
  assert.deepEqual(parsePath("open[0"), ["open[0"]);
  assert.deepEqual(parsePath(""), [""]);
});

test("a long path of brackets that are never closed is read in one go", () => {
  const start = performance.now();
  assert.equal(parsePath("[".repeat(1_000_000)).length, 1);
  assert.ok(performance.now() - start < 2_000);
});

test("removing a path that leads into prototypes or nowhere changes nothing", () => {
  const document = { a: { b: 1 }, list: [1], text: "x" };
  const before = structuredClone(document);
  for (const path of [
    "__proto__.x",
    "constructor.prototype.x",
    "a.b.c",
    "text.length",
    "list[5]",
    "list.length",
    "",
    ".",
  ]) {
    assert.equal(removeField(document, path), false, path);
  }
  assert.deepEqual(document, before);
});
