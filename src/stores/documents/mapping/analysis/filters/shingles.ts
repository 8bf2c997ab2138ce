import type { PartOptions } from "../part-options.ts";
import type { Tokens } from "../tokens.ts";
import { forSynonyms, repositioning, rich, type TokenFilter } from "./token-filter.ts";

export interface ShingleOptions {
  readonly min: number;
  readonly max: number;
  readonly unigrams: boolean;
  readonly unigramsIfNone: boolean;
  readonly separator: string;
  readonly filler: string;
}

export function shingleFilter(options: PartOptions, maxDiff: number): TokenFilter {
  const max = options.integer("max_shingle_size", 2, 2, 1000);
  const min = options.integer("min_shingle_size", 2, 2, max);
  const unigrams = options.flag("output_unigrams", true);
  if (max - min + (unigrams ? 1 : 0) > maxDiff)
    throw options.wrong("max_shingle_size", `more than index.max_shingle_diff (${maxDiff}) above min_shingle_size`);
  return shingles({
    min,
    max,
    unigrams,
    unigramsIfNone: options.flag("output_unigrams_if_no_shingles", false),
    separator: options.text("token_separator", " "),
    filler: options.text("filler_token", "_"),
  });
}

/** The type of tokens of several words. */
export const shingleType = "shingle";

/** Neighbouring words joined; a gap counts as words of its own, `filler`. */
export function shingles({ min, max, unigrams, unigramsIfNone, separator, filler }: ShingleOptions): TokenFilter {
  const filter = repositioning((tokens, from, found) => {
    const words = withFillers(tokens, from, max);
    let position = tokens.base;
    const isAlone = unigramsIfNone && words.length < min;
    for (let start = 0; start < words.length; start++) {
      let isFirst = true;
      const add = (term: string, end: number, size: number): void => {
        if (isFirst) position++;
        isFirst = false;
        const length = unigrams ? size : size - min + 1;
        found.pushRich(term, position, startOf(tokens, words[start] as number), end, length, shingleType);
      };
      const word = words[start] as number;
      if ((unigrams || isAlone) && word >= 0) {
        position++;
        isFirst = false;
        found.pushCopy(tokens, word);
        found.positions[found.count - 1] = position;
      }
      let term = "";
      let hasWord = false;
      for (let size = 1; size <= max && start + size <= words.length; size++) {
        const own = words[start + size - 1] as number;
        hasWord ||= own >= 0;
        term += `${size === 1 ? "" : separator}${own < 0 ? filler : tokens.terms[own]}`;
        const end = own < 0 ? startOf(tokens, own) : (tokens.ends[own] as number);
        if (size >= min && hasWord) add(term, end, size);
      }
    }
  });
  return Object.assign(forSynonyms(rich(filter), "refused"), { shingleSize: max });
}

/** Indexes of tokens; a filler before token `i` is `-1 - i`. */
function withFillers(tokens: Tokens, from: number, max: number): number[] {
  const words: number[] = [];
  let before = tokens.base;
  for (let i = from; i < tokens.count; i++) {
    const position = tokens.positions[i] as number;
    for (let k = Math.min(position - before - 1, max - 1); k > 0; k--) words.push(-1 - i);
    words.push(i);
    before = position;
  }
  // A gap at the end counts as well.
  for (let k = Math.min(tokens.next - 1 - before, max - 1); k > 0; k--) words.push(-1 - tokens.count);
  return words;
}

/** A filler stands at the beginning of the word behind it. */
function startOf(tokens: Tokens, word: number): number {
  if (word >= 0) return tokens.starts[word] as number;
  const behind = -1 - word;
  return behind < tokens.count ? (tokens.starts[behind] as number) : tokens.textEnd;
}
