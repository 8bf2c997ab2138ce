const namedPatterns: Readonly<Record<string, string>> = {
  basic_date: "yyyyMMdd",
  basic_date_time: "yyyyMMdd'T'HHmmss.SSSX",
  basic_date_time_no_millis: "yyyyMMdd'T'HHmmssX",
  basic_ordinal_date: "yyyyDDD",
  basic_ordinal_date_time: "yyyyDDD'T'HHmmss.SSSX",
  basic_ordinal_date_time_no_millis: "yyyyDDD'T'HHmmssX",
  basic_time: "HHmmss.SSSX",
  basic_time_no_millis: "HHmmssX",
  basic_t_time: "'T'HHmmss.SSSX",
  basic_t_time_no_millis: "'T'HHmmssX",
  basic_week_date: "YYYY'W'wwe",
  basic_week_date_time: "YYYY'W'wwe'T'HHmmss.SSSX",
  basic_week_date_time_no_millis: "YYYY'W'wwe'T'HHmmssX",
  date: "yyyy-MM-dd",
  date_hour: "yyyy-MM-dd'T'HH",
  date_hour_minute: "yyyy-MM-dd'T'HH:mm",
  date_hour_minute_second: "yyyy-MM-dd'T'HH:mm:ss",
  date_hour_minute_second_fraction: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  date_hour_minute_second_millis: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  date_time_no_millis: "yyyy-MM-dd'T'HH:mm:ssXXX",
  hour: "HH",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  hour_minute_second_fraction: "HH:mm:ss.SSS",
  hour_minute_second_millis: "HH:mm:ss.SSS",
  ordinal_date: "yyyy-DDD",
  ordinal_date_time: "yyyy-DDD'T'HH:mm:ss.SSSXXX",
  ordinal_date_time_no_millis: "yyyy-DDD'T'HH:mm:ssXXX",
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
  year: "yyyy",
  year_month: "yyyy-MM",
  year_month_day: "yyyy-MM-dd",
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
