import assert from "node:assert/strict";
import { test } from "node:test";
import { EventQueue } from "./event-queue.ts";

test("events leave in the order in which they came, also after many of them", () => {
  const queue = new EventQueue({ maxEvents: 5_000, maxCharacters: 1e6 });
  const seen: string[] = [];
  for (let n = 0; n < 10_000; n++) {
    assert.ok(queue.push([String(n), null]));
    if (n % 3 > 0) seen.push(queue.shift()?.[0] ?? "none");
  }
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) seen.push(event[0]);
  assert.deepEqual(
    seen,
    Array.from({ length: 10_000 }, (_, n) => String(n)),
  );
  assert.equal(queue.length, 0);
});

test("a full queue refuses, by number and by size, and takes again what fits", () => {
  const byNumber = new EventQueue({ maxEvents: 2, maxCharacters: 100 });
  assert.deepEqual(
    [1, 2, 3].map((n) => byNumber.push([String(n), "x"])),
    [true, true, false],
  );
  byNumber.shift();
  assert.equal(byNumber.push(["4", "x"]), true);
  const bySize = new EventQueue({ maxEvents: 100, maxCharacters: 10 });
  assert.deepEqual(
    ["12345678", "123", "12"].map((text) => bySize.push(["e", text])),
    [true, false, true],
  );
  assert.equal(bySize.clear(), 2);
  assert.equal(bySize.push(["e", "1234567890"]), true);
});
