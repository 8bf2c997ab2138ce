import type { PartOptions } from "../part-options.ts";
import { characterBounds } from "../tokenizers/grams.ts";
import { forSynonyms, rewriting, type TokenFilter } from "./token-filter.ts";

/** Substrings of `min_gram` to `max_gram` characters; with `edge` only those at the start, or at the end (`side: "back"`). */
export function gramFilter(options: PartOptions, edge: boolean, maxDiff: number): TokenFilter {
  const min = options.integer("min_gram", 1, 1, 1000);
  const max = options.integer("max_gram", 2, min, 1000);
  const keepsWhole = options.flag("preserve_original", false);
  const side = edge ? options.text("side", "front").toLowerCase() : "front";
  if (side !== "front" && side !== "back") throw options.wrong("side", "front or back");
  if (!edge && max - min > maxDiff)
    throw options.wrong("max_gram", `more than index.max_ngram_diff (${maxDiff}) above min_gram`);
  return forSynonyms(grams({ min, max, edge, keepsWhole, isBack: side === "back" }), "refused");
}

export const edgeGrams = (min: number, max: number): TokenFilter =>
  grams({ min, max, edge: true, keepsWhole: false, isBack: false });

interface GramOptions {
  readonly min: number;
  readonly max: number;
  readonly edge: boolean;
  /** Words that are too short or too long stay as they are. */
  readonly keepsWhole: boolean;
  readonly isBack: boolean;
}

function grams({ min, max, edge, keepsWhole, isBack }: GramOptions): TokenFilter {
  return rewriting((tokens, from, found) => {
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const bounds = characterBounds(term);
      const count = bounds.length - 1;
      if (keepsWhole && count < min) found.pushAs(tokens, i, term);
      const starts = edge ? 1 : count;
      for (let start = 0; start < starts; start++) {
        for (let size = min; size <= max && start + size <= count; size++) {
          const low = isBack ? count - size : start;
          found.pushAs(tokens, i, term.slice(bounds[low], bounds[low + size]));
        }
      }
      if (keepsWhole && count > max) found.pushAs(tokens, i, term);
    }
  });
}
