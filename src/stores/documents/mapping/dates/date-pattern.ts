import { dayMs, daysInMonth, utcOf } from "./calendar.ts";
import { parseOffset } from "./iso-date.ts";
import { instantOf, parseTimeZone, type TimeZone } from "./time-zone.ts";
import { startOfWeekDate, weekDateOf, weeksOf } from "./week-date.ts";

/** One format in the pattern language of java.time: `yyyy-MM-dd HH:mm:ss`. */
export interface DatePattern {
  parse(text: string, roundUp: boolean, zone: TimeZone): number | undefined;
  print(ms: number, zone: TimeZone): string;
}

type Part = { readonly literal: string } | { readonly letter: string; readonly count: number };

const months = ["January", "February", "March", "April", "May", "June", "July"].concat([
  "August",
  "September",
  "October",
  "November",
  "December",
]);
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Answers undefined when the pattern uses a letter that is not supported. `hasStrictWeeks`: a week 53 that the year does not have is refused. */
export function compileDatePattern(pattern: string, hasStrictWeeks = false): DatePattern | undefined {
  const parts = readParts(pattern);
  if (parts === undefined) return undefined;
  let source = "";
  const letters: string[] = [];
  for (const part of parts) {
    if ("literal" in part) {
      if (part.literal === "[") source += "(?:";
      else if (part.literal === "]") source += ")?";
      else source += part.literal.slice(1).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
      continue;
    }
    const expression = expressionOf(part.letter, part.count);
    if (expression === undefined) return undefined;
    source += `(${expression})`;
    letters.push(part.count === 2 ? part.letter.repeat(2) : part.letter);
  }
  const regexp = new RegExp(`^${source}$`, "i");
  return {
    parse(text, roundUp, zone) {
      // Bounded, so that no text makes the expression work for long.
      const match = text.length > 100 ? null : regexp.exec(text);
      return match === null ? undefined : assemble(letters, match, roundUp, zone, hasStrictWeeks);
    },
    print: (ms, zone) => printParts(parts, ms, zone),
  };
}

/** Literals carry a leading quote, so that a literal bracket is not taken for an optional section. */
function readParts(pattern: string): Part[] | undefined {
  const parts: Part[] = [];
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i] ?? "";
    if (char === "'") {
      const end = pattern.indexOf("'", i + 1);
      if (end < 0) return undefined;
      parts.push({ literal: `'${end === i + 1 ? "'" : pattern.slice(i + 1, end)}` });
      i = end + 1;
    } else if (/[A-Za-z]/.test(char)) {
      let end = i;
      while (pattern[end] === char) end++;
      parts.push({ letter: char, count: end - i });
      i = end;
    } else {
      parts.push({ literal: char === "[" || char === "]" ? char : `'${char}` });
      i++;
    }
  }
  const opened = parts.filter((part) => "literal" in part && part.literal === "[").length;
  return opened === parts.filter((part) => "literal" in part && part.literal === "]").length ? parts : undefined;
}

function expressionOf(letter: string, count: number): string | undefined {
  switch (letter) {
    case "y":
    case "u":
    case "Y":
      return count === 2 ? "\\d{2}" : count === 1 ? "\\d{1,4}" : "\\d{4}";
    case "M":
    case "L":
      return count >= 3 ? "[A-Za-z]+" : count === 2 ? "\\d{2}" : "\\d{1,2}";
    case "d":
    case "H":
    case "h":
    case "m":
    case "s":
    case "w":
      return count === 1 ? "\\d{1,2}" : "\\d{2}";
    case "e":
    case "c":
      return count >= 3 ? "[A-Za-z]+" : count === 2 ? "0[1-7]" : "[1-7]";
    case "q":
    case "Q":
      return count < 3 ? `0{${count - 1}}[1-4]` : letter === "Q" ? "Q[1-4]" : "[1-4]";
    case "D":
      return count === 3 ? "\\d{3}" : "\\d{1,3}";
    case "S":
    case "n":
      return `\\d{${count > 3 ? `1,${count}` : count}}`;
    case "a":
      return "[AP]M";
    case "E":
      return "[A-Za-z]+";
    case "z":
    case "V":
      if (letter === "V" && count !== 2) return undefined;
      return "[A-Za-z][A-Za-z0-9_+/:-]*|[+-]\\d{2}:\\d{2}";
    case "Z":
    case "X":
    case "x":
      return "Z|[+-]\\d{2}(?::?\\d{2})?";
    default:
      return undefined;
  }
}

function assemble(
  letters: readonly string[],
  match: readonly (string | undefined)[],
  roundUp: boolean,
  zone: TimeZone,
  hasStrictWeeks: boolean,
): number | undefined {
  let year = 1970;
  let month = -1;
  let day = -1;
  let dayOfYear = -1;
  let weekYear: number | undefined;
  let week: number | undefined;
  let weekday: number | undefined;
  let hour = roundUp ? 23 : 0;
  let minute = roundUp ? 59 : 0;
  let second = roundUp ? 59 : 0;
  let milli = roundUp ? 999 : 0;
  let afternoon: boolean | undefined;
  let offset: number | undefined;
  let own: TimeZone | undefined = zone;
  for (const [i, name] of letters.entries()) {
    const text = match[i + 1];
    if (text === undefined) continue;
    const value = Number(text);
    const letter = name[0] as string; // none is empty
    const yearSaid = name.length === 2 ? 2000 + value : value;
    if (letter === "y" || letter === "u") year = yearSaid;
    else if (letter === "M" || letter === "L") month = Number.isNaN(value) ? numberOfName(months, text) : value;
    else if (letter === "d") day = value;
    else if (letter === "D") dayOfYear = value;
    else if (letter === "Y") weekYear = yearSaid;
    else if (letter === "w") week = value;
    else if (letter === "e" || letter === "c" || letter === "E") weekday = weekdayOf(text);
    else if (letter === "h" && (value < 1 || value > 12)) return undefined;
    else if (letter === "H" || letter === "h") hour = value;
    else if (letter === "m") minute = value;
    else if (letter === "s") second = value;
    else if (letter === "S" || letter === "n") milli = Math.floor(Number(`0.${text}`) * 1000 + 1e-6);
    // As in the reference engine, the quarter is read, and the months say where the year begins.
    else if (letter === "q" || letter === "Q") continue;
    else if (letter === "a") afternoon = text.toUpperCase() === "PM";
    else if (letter === "z" || letter === "V") own = parseTimeZone(text);
    else offset = parseOffset(text.toUpperCase(), 0);
  }
  if (own === undefined) return undefined;
  if (afternoon !== undefined) hour = (hour % 12) + (afternoon ? 12 : 0);
  if (week === 0 || (week ?? 0) > 53 || weekday === 0) return undefined;
  if (month < 0) month = 1;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day < 0) day = 1;
  if (day < 1 || day > (weekYear === undefined ? daysInMonth(year, month) : 31)) return undefined;
  if (dayOfYear === 0 || dayOfYear > (daysInMonth(year, 2) === 29 ? 366 : 365)) return undefined;
  let at = utcOf(year, month, dayOfYear > 0 ? dayOfYear : day, hour, minute, second, milli);
  if (weekYear !== undefined) {
    // The year of a week goes before all that months and days say; without a week it is its first Monday.
    const start = startOfWeek(weekYear, week, weekday, hasStrictWeeks);
    if (start === undefined) return undefined;
    at = start + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
  }
  return offset === undefined ? instantOf(own, at) : at - offset;
}

/** With a day, the week 53 that a year does not have is its last one; without, it is the first of the next year. */
function startOfWeek(
  year: number,
  week: number | undefined,
  day: number | undefined,
  isStrict: boolean,
): number | undefined {
  if (week === undefined || day === undefined) return startOfWeekDate({ year, week: week ?? 1, day: 1 });
  const last = weeksOf(year);
  return week > last && isStrict ? undefined : startOfWeekDate({ year, week: Math.min(week, last), day });
}

/** 1 for Monday, 7 for Sunday, 0 for no day. */
function weekdayOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : numberOfName(weekdays, text);
}

/** From 1 on, by the whole name or its first three letters; 0 for no name. */
function numberOfName(names: readonly string[], text: string): number {
  const wanted = text.toLowerCase();
  return names.findIndex((name) => name.toLowerCase() === wanted || name.slice(0, 3).toLowerCase() === wanted) + 1;
}

function printParts(parts: readonly Part[], ms: number, zone: TimeZone): string {
  const offset = zone.offsetAt(ms);
  const date = new Date(ms + offset);
  let text = "";
  for (const part of parts) {
    if ("literal" in part) {
      if (part.literal !== "[" && part.literal !== "]") text += part.literal.slice(1);
    } else {
      text +=
        part.letter === "z" || part.letter === "V" ? nameOf(zone) : printLetter(part.letter, part.count, date, offset);
    }
  }
  return text;
}

function nameOf({ id }: TimeZone): string {
  return id === "UTC" ? "Z" : id;
}

function printLetter(letter: string, count: number, date: Date, offset: number): string {
  const pad = (value: number, width = count): string => String(value).padStart(width, "0");
  switch (letter) {
    case "y": {
      // Of its era: before the year 1 they count backwards, and none is 0.
      const year = date.getUTCFullYear();
      return printYear(year > 0 ? year : 1 - year, count);
    }
    case "u":
      return printYear(date.getUTCFullYear(), count);
    case "M":
    case "L": {
      const name = months[date.getUTCMonth()] ?? "";
      return count >= 4 ? name : count === 3 ? name.slice(0, 3) : pad(date.getUTCMonth() + 1);
    }
    case "q":
    case "Q": {
      const quarter = Math.floor(date.getUTCMonth() / 3) + 1;
      return count < 3 ? pad(quarter) : letter === "Q" ? `Q${quarter}` : String(quarter);
    }
    case "d":
      return pad(date.getUTCDate());
    case "D":
      return pad(Math.floor((date.getTime() - utcOf(date.getUTCFullYear(), 1, 1, 0, 0, 0, 0)) / dayMs) + 1);
    case "H":
      return pad(date.getUTCHours());
    case "h":
      return pad(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12);
    case "m":
      return pad(date.getUTCMinutes());
    case "s":
      return pad(date.getUTCSeconds());
    case "S":
    case "n":
      return pad(date.getUTCMilliseconds(), 3).padEnd(count, "0").slice(0, count);
    case "a":
      return date.getUTCHours() < 12 ? "AM" : "PM";
    case "Y":
      return printYear(weekDateOf(date).year, count);
    case "w":
      return pad(weekDateOf(date).week);
    case "e":
    case "c":
    case "E": {
      const { day } = weekDateOf(date);
      if (letter !== "E" && count < 3) return pad(day);
      const name = weekdays[day - 1] ?? "";
      return count >= 4 ? name : name.slice(0, 3);
    }
    default:
      return printOffset(letter, count, offset);
  }
}

/** A year of more digits than its pattern has a sign, from four on. */
function printYear(year: number, count: number): string {
  if (count === 2) return String(Math.abs(year) % 100).padStart(2, "0");
  const digits = String(Math.abs(year)).padStart(count, "0");
  const sign = year < 0 ? "-" : count >= 4 && digits.length > count ? "+" : "";
  return `${sign}${digits}`;
}

function printOffset(letter: string, count: number, offset: number): string {
  if (offset === 0 && letter === "X") return "Z";
  const minutes = Math.abs(Math.round(offset / 60_000));
  const sign = offset < 0 ? "-" : "+";
  const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  return letter !== "Z" && count >= 3 ? `${sign}${hh}:${mm}` : `${sign}${hh}${mm}`;
}
