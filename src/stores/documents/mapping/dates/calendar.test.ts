import assert from "node:assert/strict";
import { test } from "node:test";
import { dateOf, dayMs, dayOf, daysInMonth, utcOf } from "./calendar.ts";

test("each day of two cycles of leap years, before and after 1970, has the date that the platform gives it", () => {
  for (let day = -500_000; day < 200_000; day++) {
    const date = new Date(day * dayMs);
    const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    const own = dateOf(day);
    if (own.year !== expected.year || own.month !== expected.month || own.day !== expected.day)
      assert.deepEqual(own, expected);
    if (dayOf(own.year, own.month, own.day) !== day) assert.equal(dayOf(own.year, own.month, own.day), day);
  }
});

test("the first and the last days that the platform knows have their dates", () => {
  assert.deepEqual(dateOf(-1e8), { year: -271_821, month: 4, day: 20 });
  assert.deepEqual(dateOf(1e8), { year: 275_760, month: 9, day: 13 });
  assert.equal(dayOf(-271_821, 4, 20), -1e8);
  assert.equal(dayOf(275_760, 9, 13), 1e8);
  for (const none of [1e9, -1e9, Number.POSITIVE_INFINITY, Number.NaN])
    assert.deepEqual(dateOf(none), { year: Number.NaN, month: Number.NaN, day: Number.NaN });
});

test("an instant counts days beyond its month, and is none where the platform has none", () => {
  assert.equal(utcOf(2023, 1, 60, 0, 0, 0, 0), Date.parse("2023-03-01T00:00:00Z"));
  assert.equal(utcOf(50, 2, 3, 4, 5, 6, 7), Date.parse("0050-02-03T04:05:06.007Z"));
  assert.equal(utcOf(0, 2, 29, 23, 59, 59, 999), Date.parse("0000-02-29T23:59:59.999Z"));
  assert.ok(Number.isNaN(utcOf(275_761, 1, 1, 0, 0, 0, 0)));
});

test("months have their days", () => {
  for (const year of [1900, 2000, 2023, 2024])
    for (let month = 1; month <= 12; month++)
      assert.equal(daysInMonth(year, month), new Date(Date.UTC(year, month, 0)).getUTCDate(), `${year}-${month}`);
});
