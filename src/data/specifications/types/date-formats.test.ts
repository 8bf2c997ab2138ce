import assert from "node:assert/strict";
import { test } from "node:test";
import { dateFormats } from "./date-formats.ts";
import { parseIsoDate } from "./iso-date.ts";

const now = Date.UTC(2026, 0, 15, 12);
const read = (format: string, value: unknown): number | undefined => {
  const reader = dateFormats.get(format);
  assert.ok(reader, format);
  return reader(value, now);
};

/** By name: a text in that format, and what it means. Names with two texts the same day of 2020, 29 February 13:14:15.678 UTC. */
const day = "2020-02-29T00:00:00.000Z";
const instant = "2020-02-29T13:14:15.678Z";
const second = "2020-02-29T13:14:15.000Z";
const today = "2026-01-15T";

const exact: Readonly<Record<string, readonly [text: string, iso: string]>> = {
  basic_date: ["20200229", day],
  basic_date_time: ["20200229T131415.678Z", instant],
  basic_date_time_no_millis: ["20200229T131415Z", second],
  basic_ordinal_date: ["2020060", day],
  basic_ordinal_date_time: ["2020060T131415.678Z", instant],
  basic_ordinal_date_time_no_millis: ["2020060T131415Z", second],
  basic_time: ["131415.678Z", `${today}13:14:15.678Z`],
  basic_time_no_millis: ["131415Z", `${today}13:14:15.000Z`],
  basic_t_time: ["T131415.678Z", `${today}13:14:15.678Z`],
  basic_t_time_no_millis: ["T131415Z", `${today}13:14:15.000Z`],
  strict_basic_week_date: ["2020W096", day],
  strict_basic_week_date_time: ["2020W096T131415.678Z", instant],
  strict_basic_week_date_time_no_millis: ["2020W096T131415Z", second],
  strict_date: ["2020-02-29", day],
  strict_date_hour: ["2020-02-29T13", "2020-02-29T13:00:00.000Z"],
  strict_date_hour_minute: ["2020-02-29T13:14", "2020-02-29T13:14:00.000Z"],
  strict_date_hour_minute_second: ["2020-02-29T13:14:15", second],
  strict_date_hour_minute_second_fraction: ["2020-02-29T13:14:15.678", instant],
  strict_date_hour_minute_second_millis: ["2020-02-29T13:14:15.678", instant],
  strict_date_time: ["2020-02-29T14:14:15.678+01:00", instant],
  strict_date_time_no_millis: ["2020-02-29T11:44:15-0130", second],
  strict_date_optional_time: ["2020-02-29T13:14:15.678Z", instant],
  strict_hour: ["13", `${today}13:00:00.000Z`],
  strict_hour_minute: ["13:14", `${today}13:14:00.000Z`],
  strict_hour_minute_second: ["13:14:15", `${today}13:14:15.000Z`],
  strict_hour_minute_second_fraction: ["13:14:15.678", `${today}13:14:15.678Z`],
  strict_hour_minute_second_millis: ["13:14:15.678", `${today}13:14:15.678Z`],
  strict_ordinal_date: ["2020-060", day],
  strict_ordinal_date_time: ["2020-060T13:14:15.678Z", instant],
  strict_ordinal_date_time_no_millis: ["2020-060T13:14:15Z", second],
  strict_time: ["13:14:15.678Z", `${today}13:14:15.678Z`],
  strict_time_no_millis: ["13:14:15Z", `${today}13:14:15.000Z`],
  strict_t_time: ["T13:14:15.678Z", `${today}13:14:15.678Z`],
  strict_t_time_no_millis: ["T13:14:15Z", `${today}13:14:15.000Z`],
  strict_week_date: ["2020-W09-6", day],
  strict_week_date_time: ["2020-W09-6T13:14:15.678Z", instant],
  strict_week_date_time_no_millis: ["2020-W09-6T13:14:15Z", second],
  strict_weekyear: ["2020", "2019-12-29T00:00:00.000Z"],
  strict_weekyear_week: ["202009", "2020-02-23T00:00:00.000Z"],
  strict_weekyear_week_day: ["2020096", day],
  strict_year: ["2020", "2020-01-01T00:00:00.000Z"],
  strict_year_month: ["202002", "2020-02-01T00:00:00.000Z"],
  strict_year_month_day: ["20200229", day],
};

for (const [format, [text, iso]] of Object.entries(exact)) {
  test(`${format} reads ${text}, and nothing longer or shorter`, () => {
    assert.equal(read(format, text), Date.parse(iso));
    assert.equal(read(format, `${text}x`), undefined);
    assert.equal(read(format, ` ${text}`), undefined);
    if (format !== "strict_date_optional_time") assert.equal(read(format, text.slice(0, -1)), undefined);
    assert.equal(read(format, Date.parse(iso)), undefined);
    const lenient = format.replace("strict_", "");
    if (lenient === format || format === "strict_date_optional_time") return;
    assert.equal(read(lenient, text), Date.parse(iso));
    assert.equal(read(lenient, `${text} or so`), Date.parse(iso));
  });
}

test("every format of the contract is there, and no other", () => {
  const lenient = Object.keys(exact).filter(
    (name) => name.startsWith("strict_") && name !== "strict_date_optional_time",
  );
  const expected = [...Object.keys(exact), ...lenient.map((name) => name.slice(7)), "epoch_millis", "epoch_second"];
  assert.deepEqual([...dateFormats.keys()].sort(), expected.sort());
});

test("a lenient format is content with fewer digits and with a beginning", () => {
  assert.equal(read("date", "2020-2-9"), Date.UTC(2020, 1, 9));
  assert.equal(read("date", "2020-02"), Date.UTC(2020, 1, 1));
  assert.equal(read("date_time", "2020-02-29"), Date.UTC(2020, 1, 29));
  assert.equal(read("hour_minute_second_millis", "1:2:3.5"), Date.UTC(2026, 0, 15, 1, 2, 3, 500));
  assert.equal(read("date", "about 2020"), undefined);
  assert.equal(read("date", ""), undefined);
  assert.equal(read("date", "2020-13-01"), undefined);
  assert.equal(read("date", "2020-02-30"), undefined);
});

test("parts out of their range make no date", () => {
  for (const [format, text] of [
    ["strict_date", "2021-02-29"],
    ["strict_date", "2020-00-10"],
    ["strict_date", "2020-10-00"],
    ["strict_ordinal_date", "2021-366"],
    ["strict_ordinal_date", "2020-000"],
    ["strict_week_date", "2020-W54-1"],
    ["strict_week_date", "2020-W00-1"],
    ["strict_week_date", "2020-W01-7"],
    ["strict_hour_minute", "24:01"],
    ["strict_hour_minute", "25:00"],
    ["strict_hour_minute_second", "10:60:00"],
    ["strict_hour_minute_second", "10:00:60"],
    ["strict_time_no_millis", "10:00:00+24:00"],
  ] as const) {
    assert.equal(read(format, text), undefined, `${format} ${text}`);
  }
  assert.equal(read("strict_hour", "24"), Date.UTC(2026, 0, 16));
  assert.equal(read("strict_ordinal_date", "2020-366"), Date.UTC(2020, 11, 31));
});

test("numbers count milliseconds or seconds", () => {
  assert.equal(read("epoch_millis", 1_500), 1_500);
  assert.equal(read("epoch_second", 1.5), 1_500);
  assert.equal(read("epoch_millis", "1500"), undefined);
  assert.equal(read("epoch_millis", Number.NaN), undefined);
});

test("ISO 8601 is read in all its forms", () => {
  const forms: Readonly<Record<string, string>> = {
    "2020": "2020-01-01T00:00:00.000Z",
    "2020-02": "2020-02-01T00:00:00.000Z",
    "20200229": day,
    "2020-060": day,
    "2020060": day,
    "2020-W09-6": day,
    "2020W096": day,
    "2020-W53-7": "2021-01-03T00:00:00.000Z",
    "2020-02-29T13": "2020-02-29T13:00:00.000Z",
    "20200229T131415,678Z": instant,
    "2020-02-29 13:14:15.678999": instant,
    "2020-02-29T15:14:15.678+02": instant,
    "2020-02-29T24:00": "2020-03-01T00:00:00.000Z",
    "+002020-02-29": day,
    "-000001-01-01": "-000001-01-01T00:00:00.000Z",
    "0033-04-03": "0033-04-03T00:00:00.000Z",
  };
  for (const [text, iso] of Object.entries(forms)) assert.equal(parseIsoDate(text), Date.parse(iso), text);
});

test("what only looks like ISO 8601 is none", () => {
  for (const text of [
    "",
    "T",
    "20",
    "2020-2-9",
    "2020-02-29T",
    "2020-02-29T1",
    "2020-02-29T13:14.5",
    "2020-02-29T13:14:15.",
    "2020-02-29T13:14:15+1",
    "2020-02-29Z",
    "2021-W53-1",
    "2020-W09-0",
    "2020-W09-8",
    "29.02.2020",
    "NOW",
    `2020-02-29T13:14:15.${"0".repeat(1_000_000)}`,
  ]) {
    assert.equal(parseIsoDate(text), undefined, text.slice(0, 40));
  }
});
