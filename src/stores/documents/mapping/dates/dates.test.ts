import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDateFormat } from "./date-format.ts";
import { addUnits, floorTo, parseDateMath } from "./date-math.ts";
import { instantOf, parseTimeZone, type TimeZone, utc } from "./time-zone.ts";

const at = (text: string): number => Date.parse(text);
const format = (name = "strict_date_optional_time||epoch_millis") => {
  const compiled = compileDateFormat(name);
  assert.ok(compiled !== undefined, name);
  return compiled;
};
const paris = () => {
  const zone = parseTimeZone("Europe/Paris");
  assert.ok(zone !== undefined);
  return zone;
};

test("ISO dates parse with any part of the time left out", () => {
  const iso = format();
  assert.equal(iso.parse("2024"), at("2024-01-01T00:00:00Z"));
  assert.equal(iso.parse("2024-05-06T07:08"), at("2024-05-06T07:08:00Z"));
  assert.equal(iso.parse("2024-05-06T07:08:09.5+02:00"), at("2024-05-06T05:08:09.500Z"));
  assert.equal(iso.parse("0050-01-01"), at("0050-01-01T00:00:00Z"));
  for (const wrong of [
    "2024-13",
    "2024-02-30",
    "24-01-01",
    "2024-01-01T25",
    "2024-01-01Z",
    "2024-1-1",
    "2024-01-01T10:00:00.",
    "x",
  ]) {
    assert.equal(iso.parse(wrong), undefined, wrong);
  }
});

test("an instant is printed as the platform prints it, but for the zeros of long years", () => {
  const print = (ms: number) => format().print(ms);
  for (let i = 0; i < 20_000; i++) {
    const ms = Math.round(Math.sin(i) * 6.2e13 + 9.3e13);
    assert.equal(print(ms), new Date(ms).toISOString());
  }
  for (const ms of [0, -1, 999, -62_167_219_200_000, 253_402_300_799_999])
    assert.equal(print(ms), new Date(ms).toISOString());
  assert.equal(print(253_402_300_800_000), "+10000-01-01T00:00:00.000Z");
  assert.equal(print(-62_167_219_200_001), "-0001-12-31T23:59:59.999Z");
  assert.equal(print(1.5), "1970-01-01T00:00:00.001Z");
  assert.equal(print(9e15), "9000000000000000");
});

test("rounding up fills the time of day, not the month", () => {
  assert.equal(format().parse("2024-05-06", true), at("2024-05-06T23:59:59.999Z"));
  assert.equal(format().parse("2024-05", true), at("2024-05-01T23:59:59.999Z"));
});

test("patterns and named formats parse and print", () => {
  assert.equal(format("dd/MM/yyyy HH:mm:ss").parse("31/12/2020 23:59:58"), at("2020-12-31T23:59:58Z"));
  assert.equal(format("yyyy-MM-dd'T'HH:mm[:ss]").parse("2020-12-31T10:20"), at("2020-12-31T10:20:00Z"));
  assert.equal(format("d MMM yyyy").parse("7 Mar 2021"), at("2021-03-07T00:00:00Z"));
  assert.equal(format("basic_date_time").parse("20210307T101112.345Z"), at("2021-03-07T10:11:12.345Z"));
  assert.equal(format("epoch_second").parse(1_600_000_000), 1_600_000_000_000);
  assert.equal(format("yyyy-MM").print(at("2021-03-07T00:00:00Z")), "2021-03");
  assert.equal(format().print(at("2021-03-07T00:00:00Z"), paris()), "2021-03-07T01:00:00.000+01:00");
  assert.equal(compileDateFormat("yyyy-GG"), undefined);
});

test("date math adds units, rounds down, and up to the last millisecond", () => {
  const now = at("2024-03-15T10:20:30.456Z");
  const math = (text: string, roundUp = false) => parseDateMath(text, format(), now, roundUp, utc);
  assert.equal(math("now-1d/d"), at("2024-03-14T00:00:00Z"));
  assert.equal(math("now/M", true), at("2024-03-31T23:59:59.999Z"));
  assert.equal(math("2024-01-31||+1M"), at("2024-02-29T00:00:00Z"));
  assert.equal(math("now/w"), at("2024-03-11T00:00:00Z"));
  assert.equal(math("now-x"), undefined);
  assert.equal(math("now+1d!"), undefined);
});

test("days in a zone with summer time are 23 or 25 hours long", () => {
  const zone = paris();
  const day = floorTo(at("2024-03-31T12:00:00Z"), "d", zone);
  assert.equal(day, at("2024-03-30T23:00:00Z"));
  assert.equal(addUnits(day, "d", 1, zone) - day, 23 * 3_600_000);
  const autumn = floorTo(at("2024-10-27T12:00:00Z"), "d", zone);
  assert.equal(addUnits(autumn, "d", 1, zone) - autumn, 25 * 3_600_000);
  assert.equal(parseTimeZone("+01:30")?.offsetAt(0), 5_400_000);
  assert.equal(parseTimeZone("Nowhere/Land"), undefined);
});

test("date_time takes any fraction and any way to write a zone, but needs time and zone", () => {
  const format = compileDateFormat("strict_date_time");
  const read = (text: string) => format?.parse(text);
  assert.equal(read("2020-01-02T03:04:05.678901Z"), Date.UTC(2020, 0, 2, 3, 4, 5, 678));
  for (const zone of ["+02:00", "+0200", "+02"]) {
    assert.equal(read(`2020-01-02T03:04:05${zone}`), Date.UTC(2020, 0, 2, 1, 4, 5), zone);
  }
  for (const text of ["2020-01-02", "2020-01-02T03:04:05", "2020-01-02T03:04Z"])
    assert.equal(read(text), undefined, text);
});

test("weeks begin on Monday, and the first of a year has its fourth of January", () => {
  const read = (name: string, text: string, roundUp = false) => format(name).parse(text, roundUp);
  assert.equal(read("strict_week_date", "2020-W01-1"), at("2019-12-30T00:00:00Z"));
  assert.equal(read("strict_week_date", "2020-W53-7"), at("2021-01-03T00:00:00Z"));
  assert.equal(read("basic_week_date", "2020W533"), at("2020-12-30T00:00:00Z"));
  assert.equal(read("basic_week_date_time", "2020W011T030405.678Z"), at("2019-12-30T03:04:05.678Z"));
  assert.equal(read("week_date_time_no_millis", "2020-W01-1T03:04:05+02:00"), at("2019-12-30T01:04:05Z"));
  assert.equal(read("weekyear", "2020"), at("2019-12-30T00:00:00Z"));
  assert.equal(read("weekyear_week", "2020-W02"), at("2020-01-06T00:00:00Z"));
  assert.equal(read("weekyear_week", "2020-W02", true), at("2020-01-06T23:59:59.999Z"));
  assert.equal(read("YYYY-ww-EEE", "2020-02-Wed"), at("2020-01-08T00:00:00Z"));
  assert.equal(read("YYYY-MM-dd", "2020-06-15"), at("2019-12-30T00:00:00Z"), "the year of a week goes before months");
  assert.equal(read("YYYY-MM-dd", "2020-02-29"), at("2019-12-30T00:00:00Z"));
  for (const wrong of ["2020-W54-1", "2020-W00-1", "2020-W01-0", "2020-W01-8", "2021-W53-1", "2020-W01"])
    assert.equal(read("strict_week_date", wrong), undefined, wrong);
});

test("a week 53 that the year does not have is its last with a day, and the next year's first without", () => {
  assert.equal(format("weekyear_week_day").parse("2021-W53-1"), at("2021-12-27T00:00:00Z"));
  assert.equal(format("YYYY-'W'ww").parse("2021-W53"), at("2022-01-03T00:00:00Z"));
});

test("weeks are printed", () => {
  const print = (name: string, text: string) => format(name).print(at(text));
  assert.equal(print("week_date", "2019-12-31T06:00:00Z"), "2020-W01-2");
  assert.equal(print("basic_week_date_time_no_millis", "2019-12-31T06:00:00Z"), "2020W012T060000Z");
  assert.equal(print("weekyear_week", "2021-01-03T23:59:59Z"), "2020-W53");
  assert.equal(print("YY-w-e-EEEE", "2021-01-03T23:59:59Z"), "20-53-7-Sunday");
  assert.equal(format("strict_weekyear_week_day").print(at("2021-01-03T23:30:00Z"), paris()), "2021-W01-1");
});

test("years of more digits than their pattern have a sign", () => {
  assert.equal(format("yyyy-MM-dd").print(at("+051969-08-29T00:00:00Z")), "+51969-08-29");
  assert.equal(format("YYYY-'W'ww").print(at("+051969-08-29T00:00:00Z")), "+51969-W35");
  assert.equal(format("y").print(at("+051969-08-29T00:00:00Z")), "51969");
  assert.equal(format("uuuu").print(at("-000012-08-29T00:00:00Z")), "-0012");
});

test("names are taken in both spellings, and seconds are printed with their fraction", () => {
  assert.equal(format("strictDateHourMinute").print(at("2021-03-07T10:11:12Z")), "2021-03-07T10:11");
  assert.equal(format("basicWeekDate").print(at("2021-03-07T10:11:12Z")), "2021W097");
  assert.equal(format("epoch_second").print(1_600_000_000_678), "1600000000.678");
  assert.equal(format("epoch_second").print(1_600_000_000_000), "1600000000");
  assert.equal(compileDateFormat("dateSomething"), undefined);
});

test("a second without fraction stands for the whole of it, in searches", () => {
  assert.equal(format("epoch_second").parse("1577836800", true), 1_577_836_800_999);
  assert.equal(format("epoch_second").parse("1577836800.5", true), 1_577_836_800_500);
  assert.equal(format("epoch_second").parse(1_577_836_800), 1_577_836_800_000);
  assert.equal(format("epoch_millis").parse("1577836800000", true), 1_577_836_800_000);
});

test("zones are read by their names, as feeds and letters write them", () => {
  const read = (name: string, text: string) => format(name).parse(text);
  const rfc = "EEE, dd MMM yyyy HH:mm:ss zzz";
  assert.equal(read(rfc, "Wed, 01 Jan 2020 10:00:00 GMT"), at("2020-01-01T10:00:00Z"));
  assert.equal(read(rfc, "Wed, 01 Jan 2020 10:00:00 CET"), at("2020-01-01T09:00:00Z"));
  assert.equal(read(rfc, "Wed, 01 Jan 2020 10:00:00 Nowhere"), undefined);
  assert.equal(read("yyyy-MM-dd HH:mm z", "2020-01-01 10:00 +01:00"), at("2020-01-01T09:00:00Z"));
  assert.equal(read("yyyy-MM-dd HH:mm VV", "2020-07-01 10:00 Europe/Paris"), at("2020-07-01T08:00:00Z"));
  assert.equal(format(rfc).print(at("2020-01-01T10:00:00Z")), "Wed, 01 Jan 2020 10:00:00 Z");
  assert.equal(compileDateFormat("yyyy V"), undefined);
});

test("hours of half a day are 1 to 12, and a year of one letter is as it is written", () => {
  const half = format("dd/MM/yyyy hh:mm a");
  assert.equal(half.parse("02/01/2020 12:04 AM"), at("2020-01-02T00:04:00Z"));
  for (const wrong of ["02/01/2020 13:04 PM", "02/01/2020 00:04 AM"]) assert.equal(half.parse(wrong), undefined, wrong);
  assert.equal(format("y-M-d").parse("20-1-1"), at("0020-01-01T00:00:00Z"));
  assert.equal(format("yy-M-d").parse("20-1-1"), at("2020-01-01T00:00:00Z"));
});

test("years before the first are counted by era where the pattern says so", () => {
  const early = Date.UTC(-221, 8, 4);
  assert.equal(format("y-M-d").print(early), "222-9-4");
  assert.equal(format("yyyy-MM-dd").print(early), "0222-09-04");
  assert.equal(format("uuuu-MM-dd").print(early), "-0221-09-04");
  assert.equal(format("year_month_day").print(early), "-0221-09-04");
});

test("of a local time that clocks show twice the first is meant, and one that they skip lies behind the gap, in every zone", () => {
  const instant = (zone: string, text: string): string =>
    new Date(instantOf(parseTimeZone(zone) as TimeZone, Date.parse(`${text}Z`))).toISOString().slice(0, 16);
  assert.equal(instant("Europe/Paris", "2020-10-25T02:30"), "2020-10-25T00:30");
  assert.equal(instant("Europe/Paris", "2020-03-29T02:30"), "2020-03-29T01:30");
  assert.equal(instant("America/New_York", "2020-11-01T01:30"), "2020-11-01T05:30");
  assert.equal(instant("America/New_York", "2020-03-08T02:30"), "2020-03-08T07:30");
  assert.equal(instant("Australia/Lord_Howe", "2019-04-07T01:30"), "2019-04-06T14:30");
});
