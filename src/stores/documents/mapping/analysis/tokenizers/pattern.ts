import { RE2JS } from "re2js";
import { translateRegexp } from "../../../embedded/search/query/syntax/lucene-regexp.ts";
import type { PartOptions } from "../part-options.ts";
import { compilePattern, readPattern, type TextPattern } from "../patterns.ts";
import { whole } from "./characters.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** `pattern`: cuts at matches, or answers them or one of their groups (`group`). */
export function patternTokenizer(options: PartOptions): Tokenizer {
  const pattern = readPattern(options, "pattern", "\\W+");
  const group = options.integer("group", -1, -1, pattern.groups);
  return group < 0 ? between(pattern) : matching(pattern, group);
}

export const between =
  (pattern: TextPattern): Tokenizer =>
  (text, tokens, firstPosition) => {
    let position = firstPosition;
    let kept = 0;
    for (const [whole] of pattern.matches(text)) {
      const [start, end] = whole as readonly [number, number];
      if (start > kept) tokens.push(text.slice(kept, start), position++, kept, start);
      kept = end;
    }
    if (kept < text.length) tokens.push(text.slice(kept), position++, kept, text.length);
    return position;
  };

const matching =
  (pattern: TextPattern, group: number): Tokenizer =>
  (text, tokens, firstPosition) => {
    let position = firstPosition;
    for (const match of pattern.matches(text)) {
      const [start, end] = match[group] as readonly [number, number];
      if (end > start) tokens.push(text.slice(start, end), position++, start, end);
    }
    return position;
  };

/** `simple_pattern`, `simple_pattern_split`: Lucene's own regular expressions, the longest match at each place. */
export function simplePatternTokenizer(options: PartOptions, isSplit: boolean): Tokenizer {
  const written = options.text("pattern", "");
  // An empty pattern cuts nowhere, not between any two characters.
  if (isSplit && written === "")
    return (text, tokens, firstPosition) => (text === "" ? firstPosition : whole(text, tokens, firstPosition));
  const { source } = translateRegexp(written);
  const pattern = compilePattern(source, RE2JS.LONGEST_MATCH | RE2JS.DOTALL, options, "pattern");
  return isSplit ? between(pattern) : matching(pattern, 0);
}
