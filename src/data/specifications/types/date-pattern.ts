import type { DateParts } from "./date-value.ts";

type NumberPart = Exclude<keyof DateParts, "offset">;

/** One piece of a pattern: a number of so many digits, an offset, or text that must be there as it is. */
type Token =
  | { readonly kind: "number"; readonly part: NumberPart; readonly digits: number; readonly isSigned: boolean }
  | { readonly kind: "offset" }
  | { readonly kind: "text"; readonly text: string };

const numberTokens: Readonly<Record<string, readonly [NumberPart, number]>> = {
  "±YYYYYY": ["year", 6],
  YYYY: ["year", 4],
  gggg: ["weekYear", 4],
  GGGG: ["isoWeekYear", 4],
  DDD: ["ordinal", 3],
  SSS: ["millisecond", 3],
  MM: ["month", 2],
  DD: ["day", 2],
  HH: ["hour", 2],
  mm: ["minute", 2],
  ss: ["second", 2],
  ww: ["week", 2],
  WW: ["isoWeek", 2],
  e: ["weekday", 1],
  E: ["isoWeekday", 1],
};

const tokenForm = /±YYYYYY|YYYY|gggg|GGGG|DDD|SSS|MM|DD|HH|mm|ss|ww|WW|e|E|Z|'[^']*'|./g;
const offsetForm = /Z|([+-])(\d\d):?(\d\d)/y;

/** Reads a text; undefined when it does not have the pattern. */
export type DateMatcher = (text: string) => DateParts | undefined;

/**
 * A pattern such as `YYYY-MM-DD'T'HH:mm` (contract/search.md section 12.4 has the letters). A strict matcher wants it exactly. A lenient
 * one takes numbers of fewer digits, and is content with a beginning: what stands behind it, or is missing, does not matter.
 */
export function compilePattern(pattern: string, isStrict: boolean): DateMatcher {
  const tokens = readTokens(pattern);
  return (text) => {
    const parts: DateParts = {};
    let at = 0;
    let isBegun = false;
    for (const token of tokens) {
      const end = readToken(token, text, at, isStrict, parts);
      if (end === -1) return isBegun && !isStrict ? parts : undefined;
      if (token.kind === "number") isBegun = true;
      at = end;
    }
    return isStrict && at < text.length ? undefined : parts;
  };
}

function readTokens(pattern: string): readonly Token[] {
  return [...pattern.matchAll(tokenForm)].map(([found]): Token => {
    const number = numberTokens[found];
    if (number !== undefined) {
      return { kind: "number", part: number[0], digits: number[1], isSigned: found.startsWith("±") };
    }
    if (found === "Z") return { kind: "offset" };
    return { kind: "text", text: found.startsWith("'") ? found.slice(1, -1) : found };
  });
}

/** Where the token ends, or -1 when it is not there. */
function readToken(token: Token, text: string, at: number, isStrict: boolean, parts: DateParts): number {
  switch (token.kind) {
    case "text":
      return text.startsWith(token.text, at) ? at + token.text.length : -1;
    case "offset": {
      offsetForm.lastIndex = at;
      const found = offsetForm.exec(text);
      if (found === null) return -1;
      const minutes = found[1] === undefined ? 0 : Number(found[2]) * 60 + Number(found[3]);
      parts.offset = found[1] === "-" ? -minutes : minutes;
      return offsetForm.lastIndex;
    }
    case "number": {
      const sign = token.isSigned ? text[at] : "+";
      if (sign !== "+" && sign !== "-") return -1;
      const start = token.isSigned ? at + 1 : at;
      const last = start + token.digits;
      let end = start;
      let value = 0;
      for (; end < last; end++) {
        const digit = text.charCodeAt(end) - 48;
        if (!(digit >= 0 && digit <= 9)) break; // NaN behind the end
        value = value * 10 + digit;
      }
      if (end === start || (isStrict && end < last)) return -1;
      // ".5" is half a second.
      if (token.part === "millisecond") value *= 10 ** (last - end);
      parts[token.part] = sign === "-" ? -value : value;
      return end;
    }
  }
}
