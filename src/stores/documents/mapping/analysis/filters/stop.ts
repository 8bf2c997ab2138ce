import { stopWordsOf } from "../languages/stop-words.ts";
import type { PartOptions } from "../part-options.ts";
import { isOneOf, keeping, type TokenFilter } from "./token-filter.ts";

/** Reads a list of words in which `_french_` stands for those of a language, and `_none_` for none. */
export function readWords(options: PartOptions, name: string, byDefault: ReadonlySet<string>): ReadonlySet<string> {
  options.refuseFile(`${name}_path`, name);
  const list = options.list(name);
  if (list === undefined) return byDefault;
  if (list.length === 1 && list[0] === "_none_") return new Set();
  const words = new Set<string>();
  for (const word of list) {
    const language = /^_([a-z]+)_$/.exec(word)?.[1];
    const known = language === undefined ? undefined : stopWordsOf(language);
    if (known === undefined) words.add(word);
    else for (const one of known) words.add(one);
  }
  return words;
}

export function stopFilter(options: PartOptions): TokenFilter {
  const words = readWords(options, "stopwords", stopWordsOf("english") ?? new Set());
  const ignoreCase = options.flag("ignore_case", false);
  const isStop = isOneOf(words, ignoreCase);
  if (options.flag("remove_trailing", true)) return keeping((term) => !isStop(term));
  // The last word may be the beginning of another one, unless something stands behind it.
  return keeping((term, i, tokens) => !isStop(term) || (i === tokens.count - 1 && tokens.ends[i] === tokens.textEnd));
}

export const withoutWords = (words: ReadonlySet<string>): TokenFilter => keeping((term) => !words.has(term));
