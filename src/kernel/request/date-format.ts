/** One token of a format, as an expression with the part of the date that it stands for. */
const tokens: Readonly<Record<string, string>> = {
  YYYY: "(?<year>\\d{4})",
  MM: "(?<month>\\d{2})",
  M: "(?<month>\\d{1,2})",
  DD: "(?<day>\\d{2})",
  D: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d{2})",
  H: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d{2})",
  m: "(?<minute>\\d{1,2})",
  ss: "(?<second>\\d{2})",
  s: "(?<second>\\d{1,2})",
  SSS: "\\d{3}",
  Z: "(?:Z|[+-]\\d{2}:\\d{2})",
  ZZ: "[+-]\\d{4}",
  X: "\\d{1,11}",
  x: "\\d{1,14}",
};

/** Longer tokens first; text in brackets means itself. */
const pattern = /\[([^\]]*)\]|YYYY|MM|M|DD|D|HH|H|mm|m|ss|s|SSS|ZZ|Z|X|x|./g;

/**
 * Whether a text is a date in a format such as `YYYY-MM-DD HH:mm`: as it is written, and one that exists.
 * Tokens: `YYYY MM M DD D HH H mm m ss s SSS Z ZZ X x`; text between brackets stands for itself.
 */
export function isDateIn(text: string, format: string): boolean {
  const expression = format.replace(pattern, (part, literal: string | undefined) =>
    literal !== undefined ? RegExp.escape(literal) : (tokens[part] ?? RegExp.escape(part)),
  );
  const found = new RegExp(`^${expression}$`).exec(text);
  if (found === null) return false;
  const { year = "2000", month = "1", day = "1", hour = "0", minute = "0", second = "0" } = found.groups ?? {};
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return exists && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}
