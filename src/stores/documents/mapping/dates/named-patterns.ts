const namedPatterns: Readonly<Record<string, string>> = {
  basic_date: "uuuuMMdd",
  basic_date_time: "uuuuMMdd'T'HHmmss.SSSX",
  basic_date_time_no_millis: "uuuuMMdd'T'HHmmssX",
  basic_ordinal_date: "uuuuDDD",
  basic_ordinal_date_time: "uuuuDDD'T'HHmmss.SSSX",
  basic_ordinal_date_time_no_millis: "uuuuDDD'T'HHmmssX",
  basic_time: "HHmmss.SSSX",
  basic_time_no_millis: "HHmmssX",
  basic_t_time: "'T'HHmmss.SSSX",
  basic_t_time_no_millis: "'T'HHmmssX",
  basic_week_date: "YYYY'W'wwe",
  basic_week_date_time: "YYYY'W'wwe'T'HHmmss.SSSX",
  basic_week_date_time_no_millis: "YYYY'W'wwe'T'HHmmssX",
  date: "uuuu-MM-dd",
  date_hour: "uuuu-MM-dd'T'HH",
  date_hour_minute: "uuuu-MM-dd'T'HH:mm",
  date_hour_minute_second: "uuuu-MM-dd'T'HH:mm:ss",
  date_hour_minute_second_fraction: "uuuu-MM-dd'T'HH:mm:ss.SSS",
  date_hour_minute_second_millis: "uuuu-MM-dd'T'HH:mm:ss.SSS",
  date_time_no_millis: "uuuu-MM-dd'T'HH:mm:ssXXX",
  hour: "HH",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  hour_minute_second_fraction: "HH:mm:ss.SSS",
  hour_minute_second_millis: "HH:mm:ss.SSS",
  ordinal_date: "uuuu-DDD",
  ordinal_date_time: "uuuu-DDD'T'HH:mm:ss.SSSXXX",
  ordinal_date_time_no_millis: "uuuu-DDD'T'HH:mm:ssXXX",
  time: "HH:mm:ss.SSSXXX",
  time_no_millis: "HH:mm:ssXXX",
  t_time: "'T'HH:mm:ss.SSSXXX",
  t_time_no_millis: "'T'HH:mm:ssXXX",
  week_date: "YYYY-'W'ww-e",
  week_date_time: "YYYY-'W'ww-e'T'HH:mm:ss.SSSXXX",
  week_date_time_no_millis: "YYYY-'W'ww-e'T'HH:mm:ssXXX",
  week_year: "YYYY",
  weekyear: "YYYY",
  weekyear_week: "YYYY-'W'ww",
  weekyear_week_day: "YYYY-'W'ww-e",
  year: "uuuu",
  year_month: "uuuu-MM",
  year_month_day: "uuuu-MM-dd",
};
/** Named formats that are more than a pattern. */
const otherNames: ReadonlySet<string> = new Set(["date_optional_time", "date_optional_time_nanos", "date_time"]);

/** The name of a format without `strict_`, and `weekDate` as `week_date`; any other text as it is. */
export function plainName(name: string): string {
  const separated = /^[a-z]+(?:[A-Z][a-z]*)+$/.test(name)
    ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : name;
  const plain = separated.replace(/^strict_/, "");
  return otherNames.has(plain) || patternNamed(plain) !== undefined ? plain : name;
}

/** The pattern of a plain name. */
export function patternNamed(plain: string): string | undefined {
  return Object.hasOwn(namedPatterns, plain) ? namedPatterns[plain] : undefined;
}
