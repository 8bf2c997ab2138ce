import { malformed } from "../parameters.ts";

export type TokenKind =
  | "and"
  | "or"
  | "not"
  | "plus"
  | "minus"
  | "bareOperator"
  | "("
  | ")"
  | ":"
  | "*"
  | "^"
  | "quoted"
  | "term"
  | "tilde"
  | "prefix"
  | "wildcard"
  | "regexp"
  | "["
  | "{"
  | "]"
  | "}"
  | "number"
  | "to"
  | "bound"
  | "quotedBound";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

const escaped = "\\\\[\\s\\S]";
const first = `(?:[^ \\t\\n\\r\\u3000+\\-!():^[\\]"{}~*?\\\\/]|${escaped})`;
const inner = `(?:[^ \\t\\n\\r\\u3000!():^[\\]"{}~*?\\\\/]|${escaped})`;
type Rules = readonly (readonly [TokenKind, RegExp])[];
const rules = (table: readonly (readonly [TokenKind, string])[]): Rules =>
  table.map(([kind, source]) => [kind, new RegExp(source, "y")]);

/** The longest rule that fits wins, and of those the first. */
const plain: Rules = rules([
  ["and", "AND|&&"],
  ["or", "OR|\\|\\|"],
  ["not", "NOT|!"],
  ["plus", "\\+"],
  ["minus", "-"],
  ["bareOperator", "[+\\-!][ \\t\\n\\r\\u3000]"],
  ["(", "\\("],
  [")", "\\)"],
  [":", ":"],
  ["*", "\\*"],
  ["^", "\\^"],
  ["quoted", `"(?:[^"\\\\]|${escaped})*"`],
  ["term", `${first}${inner}*`],
  ["tilde", "~(?:\\d+(?:\\.\\d+)?)?"],
  ["prefix", `\\*|${first}${inner}*\\*`],
  ["wildcard", `(?:${first}|[*?])(?:${inner}|[*?])*`],
  ["regexp", "/(?:\\\\/|[^/])*/"],
  ["[", "\\["],
  ["{", "\\{"],
]);
const boost: Rules = rules([["number", "\\d+(?:\\.\\d+)?"]]);
const range: Rules = rules([
  ["to", "TO"],
  ["]", "\\]"],
  ["}", "\\}"],
  ["quotedBound", '"(?:\\\\"|[^"])+"'],
  ["bound", "[^ \\]}]+"],
]);

/** The words and signs of a query string. Errors (400) for what is none of them. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let state = plain;
  for (let at = 0; at < text.length; ) {
    // Inside of a boost there is no space.
    if (state !== boost && /[ \t\n\r\u3000]/.test(text[at] as string)) {
      at++;
      continue;
    }
    const token = longest(state, text, at);
    if (token === undefined) throw unexpected(text, at);
    tokens.push(token);
    at += token.text.length;
    if (token.kind === "^") state = boost;
    else if (token.kind === "[" || token.kind === "{") state = range;
    else if (state === boost || token.kind === "]" || token.kind === "}") state = plain;
  }
  return tokens;
}

function longest(table: Rules, text: string, at: number): Token | undefined {
  let found: Token | undefined;
  for (const [kind, pattern] of table) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined && match.length > (found?.text.length ?? 0)) found = { kind, text: match, at };
  }
  return found;
}

/** Says where a query string cannot be read, and how it can be mended. */
export function unexpected(text: string, at: number): Error {
  const place = at >= text.length ? "at its end" : `at "${text.slice(at, at + 20)}" (position ${at})`;
  return malformed(
    `[query_string] cannot be read ${place}. Escape special characters with a backslash, or use "simple_query_string", which takes any text.`,
  );
}

/** `\:` is `:`, and `\u0041` is `A`. Errors (400) for a backslash with nothing behind it, and for one with `u` without four digits. */
export function withoutBackslashes(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|([\s\S]?))/g, (_, code: string | undefined, char: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (char === undefined || char === "" || char === "u")
      throw malformed(
        `[query_string] "${text}": a backslash needs a character behind it, and "\\u" four hexadecimal digits.`,
      );
    return char;
  });
}

/** The same text, in which no character has a meaning. */
export function withBackslashes(text: string): string {
  return text.replace(/[\\+\-!():^[\]"{}~*?|&/]/g, "\\$&");
}
