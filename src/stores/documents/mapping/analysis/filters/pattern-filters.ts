import type { PartOptions } from "../part-options.ts";
import { compilePattern, readPattern, readReplacement } from "../patterns.ts";
import { forSynonyms, mapping, rewriting, rich, type TokenFilter } from "./token-filter.ts";

export function patternReplaceFilter(options: PartOptions): TokenFilter {
  const pattern = readPattern(options, "pattern");
  const replacement = readReplacement(options, "replacement", pattern.groups);
  const all = options.flag("all", true);
  return mapping((term) => {
    let out = "";
    let kept = 0;
    for (const match of pattern.matches(term)) {
      const [start, end] = match[0] as readonly [number, number];
      out += term.slice(kept, start) + replacement(term, match);
      kept = end;
      if (!all) break;
    }
    return out + term.slice(kept);
  });
}

/** The groups of patterns as tokens of their own. */
export function patternCaptureFilter(options: PartOptions): TokenFilter {
  const keepsOriginal = options.flag("preserve_original", true);
  const patterns = options.needList("patterns").map((source) => compilePattern(source, 0, options, "patterns"));
  const filter = rewriting((tokens, from, found) => {
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const groups: { start: number; end: number; pattern: number }[] = [];
      for (const [pattern, one] of patterns.entries()) {
        for (const match of one.matches(term)) {
          for (const [start, end] of match.slice(1)) {
            const isWhole = start === 0 && end === term.length && keepsOriginal;
            if (end > start && !isWhole) groups.push({ start, end, pattern });
          }
        }
      }
      groups.sort((a, b) => a.start - b.start || a.pattern - b.pattern);
      if (keepsOriginal || groups.length === 0) found.pushAs(tokens, i, term);
      for (const { start, end } of groups) found.pushAs(tokens, i, term.slice(start, end));
    }
  });
  return forSynonyms(rich(filter), "refused");
}

/** For `keyword_marker`: whether a pattern fits a whole word. */
export function patternTest(options: PartOptions, name: string): (term: string) => boolean {
  const pattern = compilePattern(`^(?:${options.needText(name)})$`, 0, options, name);
  return (term) => pattern.matches(term).next().done !== true;
}
