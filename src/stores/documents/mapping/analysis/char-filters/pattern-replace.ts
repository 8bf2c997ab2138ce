import type { PartOptions } from "../part-options.ts";
import { readPattern, readReplacement } from "../patterns.ts";
import { type CharFilter, TextRewriter } from "./char-filter.ts";

/** `pattern_replace`: matches of a regular expression are replaced. */
export function patternReplaceCharFilter(options: PartOptions): CharFilter {
  const pattern = readPattern(options, "pattern");
  const replacement = readReplacement(options, "replacement", pattern.groups);
  return (text) => {
    const out = new TextRewriter();
    let kept = 0;
    for (const match of pattern.matches(text)) {
      const [start, end] = match[0] as readonly [number, number];
      out.keep(text.slice(kept, start));
      out.replace(end - start, replacement(text, match));
      kept = end;
    }
    out.keep(text.slice(kept));
    return out.finish();
  };
}
