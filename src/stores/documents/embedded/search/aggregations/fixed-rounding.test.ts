import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimeZone, type TimeZone } from "../../../mapping/dates/time-zone.ts";
import { fixedRounding } from "./fixed-rounding.ts";

const hour = 3_600_000;
const local = (zone: TimeZone, ms: number): string => {
  const offset = zone.offsetAt(ms);
  return `${new Date(ms + offset).toISOString().slice(8, 16)}${offset < 0 ? "-" : "+"}${Math.abs(offset) / hour}`;
};

/** The starts of all buckets that hold something between two instants, and those that come after each other without any. */
function startsOf(name: string, interval: number, from: string, to: string): string {
  const zone = parseTimeZone(name) as TimeZone;
  const rounding = fixedRounding(interval, zone, 0);
  const held = new Set<number>();
  for (let at = Date.parse(from); at <= Date.parse(to); at += hour / 4) {
    assert.ok(rounding.floor(at) <= at, `${local(zone, at)} lies in a bucket that begins later`);
    held.add(rounding.floor(at));
  }
  const listed: number[] = [];
  for (let at = rounding.floor(Date.parse(from)); at <= Date.parse(to); at = rounding.next(at)) listed.push(at);
  assert.deepEqual([...held], listed);
  return listed.map((at) => local(zone, at)).join(" ");
}

test("where clocks are set back, buckets of local time follow each other as those of the reference engine do", () => {
  assert.equal(
    startsOf("Europe/Paris", hour / 2, "2020-10-24T23:30:00Z", "2020-10-25T02:00:00Z"),
    "25T01:30+2 25T02:00+2 25T02:30+2 25T02:00+1 25T02:30+1 25T03:00+1",
  );
  assert.equal(
    startsOf("America/New_York", 1.5 * hour, "2020-11-01T04:00:00Z", "2020-11-01T09:00:00Z"),
    "01T00:00-4 01T01:30-4 01T01:30-5 01T03:00-5",
  );
  // What is shown again has no bucket that begins there.
  assert.equal(
    startsOf("America/Sao_Paulo", 3 * hour, "2019-02-16T20:00:00Z", "2019-02-17T06:00:00Z"),
    "16T18:00-2 16T21:00-2 17T00:00-3 17T03:00-3",
  );
  assert.equal(
    startsOf("Australia/Lord_Howe", hour, "2019-04-06T13:00:00Z", "2019-04-06T16:30:00Z"),
    "07T00:00+11 07T01:00+11 07T02:00+10.5 07T03:00+10.5",
  );
});

test("where clocks are set forward, a bucket that would begin in the gap begins behind it", () => {
  assert.equal(
    startsOf("America/Sao_Paulo", 24 * hour, "2018-11-03T03:00:00Z", "2018-11-06T02:00:00Z"),
    "03T00:00-3 04T01:00-2 05T00:00-2 06T00:00-2",
  );
  assert.equal(
    startsOf("Australia/Lord_Howe", 2 * hour, "2019-10-05T11:30:00Z", "2019-10-05T17:00:00Z"),
    "05T22:00+10.5 06T00:00+10.5 06T02:30+11 06T04:00+11",
  );
  assert.equal(
    startsOf("Europe/Paris", 12 * hour, "2020-03-28T23:00:00Z", "2020-03-30T09:59:00Z"),
    "29T00:00+1 29T12:00+2 30T00:00+2",
  );
});
