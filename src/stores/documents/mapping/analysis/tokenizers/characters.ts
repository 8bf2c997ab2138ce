import type { PartOptions } from "../part-options.ts";
import { isWhiteSpace } from "../white-space.ts";
import { maxTokenLength, pushCut, type Tokenizer } from "./tokenizer.ts";

const classes: Readonly<Record<string, string>> = {
  letter: "\\p{L}",
  digit: "\\p{Nd}",
  whitespace: "\\t-\\r\\x1c-\\x20\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000",
  punctuation: "\\p{P}",
  symbol: "\\p{S}",
};

/** A class of characters by its name in settings, as the inside of brackets. */
export function characterClass(name: string): string | undefined {
  return Object.hasOwn(classes, name) ? classes[name] : undefined;
}

export const quoted = (chars: string): string =>
  [...chars].map((char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join("");

/** Runs of characters that a pattern finds. */
export const runs =
  (pattern: RegExp, limit = maxTokenLength): Tokenizer =>
  (text, tokens, firstPosition) => {
    let position = firstPosition;
    for (const match of text.matchAll(pattern))
      position = pushCut(text, match.index, match.index + match[0].length, tokens, position, limit);
    return position;
  };

/** Runs of anything but white space. */
export const spaced =
  (limit = maxTokenLength): Tokenizer =>
  (text, tokens, firstPosition) => {
    let position = firstPosition;
    let start = 0;
    for (let at = 0; at <= text.length; at++) {
      if (at < text.length && !isWhiteSpace(text.charCodeAt(at))) continue;
      position = pushCut(text, start, at, tokens, position, limit);
      start = at + 1;
    }
    return position;
  };

export const whole: Tokenizer = (text, tokens, firstPosition) => {
  tokens.push(text, firstPosition, 0, text.length);
  return firstPosition + 1;
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\\": "\\" };

/** `char_group`: cuts at given characters (`"-"`, `"\\n"`) and classes of them (`"whitespace"`). */
export function charGroup(options: PartOptions): Tokenizer {
  const limit = options.integer("max_token_length", maxTokenLength, 1, 2 ** 20);
  let inside = "";
  for (const one of options.needList("tokenize_on_chars")) {
    const known = characterClass(one);
    if (one === "") throw options.wrong("tokenize_on_chars", "an empty text");
    if (known !== undefined) inside += known;
    else if (one[0] === "\\" && one.length === 2) {
      const char = escapes[one[1] as string];
      if (char === undefined) throw options.wrong("tokenize_on_chars", `"${one}"`);
      inside += quoted(char);
    } else if (/^\\u[0-9a-fA-F]{4}$/.test(one))
      inside += quoted(String.fromCharCode(Number.parseInt(one.slice(2), 16)));
    else if (one.length === 1) inside += quoted(one);
    else throw options.wrong("tokenize_on_chars", `"${one}"`);
  }
  return inside === "" ? runs(/[\s\S]+/gu, limit) : runs(new RegExp(`[^${inside}]+`, "gu"), limit);
}
