import assert from "node:assert/strict";
import { test } from "node:test";
import { LentArrays } from "./lent-arrays.ts";

test("what one search gives back the next one gets, emptied; nobody shares", () => {
  const [first, second] = [new LentArrays(), new LentArrays()];
  const mine = first.words(1_001);
  const numbers = first.numbers(1_001);
  assert.notEqual(second.words(1_001), mine);
  mine.fill(7);
  numbers.fill(0.5);
  first.giveBack();
  assert.equal(second.words(1_001), mine);
  assert.equal(second.numbers(1_001), numbers);
  assert.ok(mine.every((one) => one === 0) && numbers.every((one) => one === 0));
  assert.notEqual(first.words(1_001), mine);
});

test("an array is as long as asked for, and giving back twice lends nothing twice", () => {
  const [one, other, third] = [new LentArrays(), new LentArrays(), new LentArrays()];
  const long = one.words(2_002);
  one.giveBack();
  one.giveBack();
  assert.equal(other.words(2_001).length, 2_001);
  assert.equal(other.words(2_002), long);
  assert.notEqual(third.words(2_002), long);
});

test("very large ones, and more than a few, are not kept", () => {
  const one = new LentArrays();
  const huge = one.words(2_000_000);
  const many = Array.from({ length: 100 }, () => one.words(33));
  one.giveBack();
  const other = new LentArrays();
  assert.notEqual(other.words(2_000_000), huge);
  const again = Array.from({ length: 100 }, () => other.words(33)).filter((array) => many.includes(array));
  assert.ok(again.length > 0 && again.length < 50, String(again.length));
});
