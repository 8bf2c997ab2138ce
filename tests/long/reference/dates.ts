/** Formats that both engines read alike, by name and by pattern; docs/search-differences.md has the others. */
export const dateFormats = [
  "strict_date_optional_time||epoch_millis",
  "epoch_millis",
  "epoch_second",
  "strict_date_time",
  "strict_date_time_no_millis",
  "strict_date_hour_minute",
  "strict_date_hour_minute_second",
  "strict_year_month",
  "strict_year",
  "strict_ordinal_date",
  "basic_date",
  "basic_date_time",
  "basic_date_time_no_millis",
  "yyyy-MM-dd",
  "dd/MM/yyyy HH:mm",
  "yyyy-MM-dd HH:mm:ss.SSS||yyyy-MM-dd",
  "MMM d, yyyy",
  "y-M-d",
  "yyyy-MM-dd'T'HH:mm:ss VV",
  "EEE, dd MMM yyyy HH:mm:ss Z",
  "d.M.yyyy",
  "yyyyMMddHHmmss",
  "strict_week_date",
  "strictWeekDate",
  "strict_week_date_time",
  "strict_week_date_time_no_millis",
  "basic_week_date",
  "basic_week_date_time",
  "basic_week_date_time_no_millis",
  "strict_weekyear",
  "strict_weekyear_week",
  "strict_weekyear_week_day",
  "YYYY-'W'ww-e",
  "YYYY-'W'ww",
  "YYYY-w-EEE",
  "YYYYww",
  "YY-w-e",
  "YYYY-MM-dd",
  "iso8601",
];

/** Dates in these formats, and in none, of our era. */
export const dateValues: readonly unknown[] = [
  ..."2020-01-02|2020-1-2|2020-01-02T03|2020-01-02T03:04|2020-01-02T03:04:05|2020-01-02T03:04:05.6|2020-01-02T03:04:05.678Z".split(
    "|",
  ),
  ..."2020-01-02T03:04:05.678901Z|2020-01-02T03:04:05+02:00|2020-01-02T03:04:05+0200|2020-01-02T03:04:05-05|2020-01-02T03:04Z".split(
    "|",
  ),
  ..."2020|2020-12|2020-13|2020-02-30|2020-02-29|2019-02-29|1969-12-31|1900-01-01|9999-12-31".split("|"),
  ..."2020-01-02T24:00:00Z|2020-01-02T25:00|2020-01-02 03:04:05|2020-01-02 03:04:05.678|02/01/2020 03:04|2/1/2020 3:4|20200102".split(
    "|",
  ),
  ..."20200102T030405.678Z|20200102T030405Z|20200102030405|2020-002|2020-366|2019-366|Jan 2, 2020|Feb 30, 2020|2.1.2020|02.01.2020".split(
    "|",
  ),
  ..."2020-W01-1|2020-W53-7|2021-W01-1|2021-W53-1|2020-W1-1|2020-W01|2021-W53|2020W011|2021W531|2020W01|2020-W01-0|2020-W01-8|2020-W54-1|2020-W00-1|2020-W00".split(
    "|",
  ),
  ..."2020-W01-1T03:04:05.678Z|2020-W01-1T03:04:05Z|2020-W01-1T03:04:05+02:00|2020W011T030405.678Z|2020W011T030405Z|202053|202153|20-2-3|2020-2-Wed|2020-2-Foo".split(
    "|",
  ),
  ..."20-2-3|2020-01-02T03:04:05 Europe/Paris|2020-01-02T03:04:05 UTC|Thu, 02 Jan 2020 03:04:05 +0000|Fri, 02 Jan 2020 03:04:05 +0000|1577934245|0|1577934245678|1.5|1577934245.5|12:13|soon|2020-01-02T|T03:04|2020-".split(
    "|",
  ),
  1_577_934_245_678,
  1_577_934_245,
  0,
  20_200_102,
  2020,
  1.5,
  "",
  " 2020-01-02",
  true,
];

/** Formats of weeks, each with dates to search by. */
export const weeks: Readonly<Record<string, readonly string[]>> = {
  strict_weekyear: ["2020", "2020||+1w"],
  strict_weekyear_week: ["2020-W01", "2020-W53", "2021-W01||-1d", "2020-W10||/M"],
  "YYYY-'W'ww": ["2020-W02", "2019-W52"],
  strict_week_date: ["2020-W01-3", "2020-W53-7"],
  strict_weekyear_week_day: ["2020-W02-3", "2020-W02-3||+1d"],
  "YYYY-ww-EEE": ["2020-02-Wed"],
};

/** Date math around these dates, to search by. */
export const dateMath = [
  "2020-01-02||+1d",
  "2020-01-02||/M",
  "2020-01-02||-1y/y",
  "2020-01-31||+1M",
  "2020-02-29||+1y",
  "2020-01-02||/w",
  "2020-03-01||-1d/d",
  "2020-01-02||+1h+30m",
  "2020-06||/y",
  "2020-01-02||+1d||/d",
  "now/d",
  "now-5y/M",
  "now+",
  "2020-01-02||*2",
];
