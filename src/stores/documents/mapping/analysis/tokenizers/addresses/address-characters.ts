/** Sets of ASCII characters that parts of addresses are made of; one bit each in `sets`. */
export const alphanumeric = 1;
/** RFC 3986: unreserved characters, delimiters of parts, and `:` in the user of an authority. */
export const login = 2;
export const httpSegment = 4;
export const fileSegment = 8;
/** Query and fragment. */
export const query = 16;
/** RFC 5322, with `.`, `,` and `/` as Lucene reads it. */
export const atom = 32;
/** Between quotes before an `@`. */
export const quotedText = 64;
/** Between the brackets of a host behind an `@`. */
export const literalText = 128;
export const hexadecimal = 256;

const sets = new Uint16Array(128);
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const unreserved = `-._~${letters}0123456789`;
const delimiters = "!$&'()*+,;=";
for (const [set, characters] of [
  [alphanumeric, `${letters}0123456789`],
  [login, unreserved + delimiters],
  [httpSegment, `${unreserved};:@&=`],
  [fileSegment, `${unreserved}?:@&=`],
  [query, `${unreserved}${delimiters}:@/?`],
  [atom, `${letters}0123456789!#$%&'*+,-./=?^_\`{|}~`],
  [hexadecimal, "0123456789ABCDEFabcdef"],
] as const)
  for (let i = 0; i < characters.length; i++)
    sets[characters.charCodeAt(i)] = (sets[characters.charCodeAt(i)] ?? 0) | set;
for (let code = 1; code < 128; code++) {
  if (code === 9 || code === 10 || code === 13) continue;
  const isBracket = code >= 0x5b && code <= 0x5d;
  if (code !== 0x22 && code !== 0x5c && code !== 0x7f) sets[code] = (sets[code] ?? 0) | quotedText;
  if (!isBracket) sets[code] = (sets[code] ?? 0) | literalText;
}

/** Whether the character at an offset is one of a set; behind the end of the text there is none. */
export function isIn(text: string, at: number, set: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && ((sets[code] as number) & set) !== 0;
}

const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/uy;

/** Whether a character goes on with the word before it, if only in the way of `com-pany`. */
export function isWordCharacter(text: string, at: number): boolean {
  if (text.charCodeAt(at) < 128) return text[at] === "-" || text[at] === "_" || isIn(text, at, alphanumeric);
  wordCharacter.lastIndex = at;
  return wordCharacter.test(text);
}

/** Behind the characters of a set from `at` on, as far as `end`. */
export function endOfRun(text: string, at: number, end: number, set: number): number {
  while (at < end && isIn(text, at, set)) at++;
  return at;
}

/** The same with characters that are written as `%2F`. */
export function endOfEncodedRun(text: string, at: number, end: number, set: number): number {
  for (;;) {
    at = endOfRun(text, at, end, set);
    if (at + 2 >= end || text[at] !== "%" || !isIn(text, at + 1, hexadecimal) || !isIn(text, at + 2, hexadecimal))
      return at;
    at += 3;
  }
}

/** Behind characters of a set, and any of ASCII behind a backslash. */
export function endOfEscapedRun(text: string, at: number, end: number, set: number): number {
  for (;;) {
    at = endOfRun(text, at, end, set);
    if (at + 1 >= end || text[at] !== "\\" || text.charCodeAt(at + 1) > 127) return at;
    at += 2;
  }
}
