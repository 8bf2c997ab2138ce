/** Tokens of `dump.dateFormat`, in local time; the longest come first. Others of moment's many tokens are left as they stand. */
const tokens: Readonly<Record<string, (date: Date) => string>> = {
  YYYY: (date) => padded(date.getFullYear(), 4),
  YY: (date) => padded(date.getFullYear() % 100, 2),
  MM: (date) => padded(date.getMonth() + 1, 2),
  M: (date) => String(date.getMonth() + 1),
  DD: (date) => padded(date.getDate(), 2),
  D: (date) => String(date.getDate()),
  HH: (date) => padded(date.getHours(), 2),
  H: (date) => String(date.getHours()),
  hh: (date) => padded(date.getHours() % 12 || 12, 2),
  h: (date) => String(date.getHours() % 12 || 12),
  mm: (date) => padded(date.getMinutes(), 2),
  m: (date) => String(date.getMinutes()),
  ss: (date) => padded(date.getSeconds(), 2),
  s: (date) => String(date.getSeconds()),
  SSS: (date) => padded(date.getMilliseconds(), 3),
  X: (date) => String(Math.floor(date.getTime() / 1_000)),
  x: (date) => String(date.getTime()),
};

const token = new RegExp(`\\[([^\\]]*)\\]|${Object.keys(tokens).join("|")}`, "g");

const padded = (value: number, width: number): string => String(value).padStart(width, "0");

/** A date as `dump.dateFormat` wants it, in moment's syntax: `YYYYMMDD-HHmmss`; text in brackets stands for itself. */
export const formatDate = (format: string, date: Date): string =>
  format.replace(token, (found, literal?: string) => literal ?? tokens[found]?.(date) ?? found);
