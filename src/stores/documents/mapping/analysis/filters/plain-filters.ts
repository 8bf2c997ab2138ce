import { lowerCase, upperCase } from "../letter-case.ts";
import type { PartOptions } from "../part-options.ts";
import { foldToAscii } from "./ascii-folding.ts";
import {
  forSynonyms,
  incrementOf,
  isOneOf,
  keeping,
  lastPosition,
  mapping,
  moveEnd,
  repositioning,
  rewriting,
  rich,
  stemming,
  type TokenFilter,
} from "./token-filter.ts";

export function lowerCaseFilter(options: PartOptions): TokenFilter {
  const language = options.text("language");
  switch (language) {
    case undefined:
      return mapping(lowerCase);
    case "greek":
      return mapping(greekLowerCase);
    case "turkish":
      return mapping(turkishLowerCase);
    case "irish":
      return mapping(irishLowerCase);
    default:
      throw options.wrong("language", "greek, irish or turkish");
  }
}

/** Without accents, and with one sigma. */
export function greekLowerCase(term: string): string {
  return lowerCase(term).replace(/[ςάέήίϊΐόύϋΰώ]/g, (char) => "σαεηιιιουυυω"["ςάέήίϊΐόύϋΰώ".indexOf(char)] as string);
}

export function turkishLowerCase(term: string): string {
  return lowerCase(term.replace(/I\u0307/g, "i").replace(/I/g, "ı"));
}

/** `nAthair` is `n-athair`: a prefixed n or t stays apart. */
export function irishLowerCase(term: string): string {
  const isPrefixed = /^[nt][AEIOUÁÉÍÓÚ]/.test(term);
  return isPrefixed ? `${term[0]}-${lowerCase(term.slice(1))}` : lowerCase(term);
}

export const upperCaseFilter: TokenFilter = mapping(upperCase);

export function foldingFilter(options: PartOptions): TokenFilter {
  if (!options.flag("preserve_original", false)) return mapping(foldToAscii);
  const filter = rewriting((tokens, from, found) => {
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const folded = foldToAscii(term);
      found.pushAs(tokens, i, folded);
      if (folded !== term) found.pushAs(tokens, i, term);
    }
  });
  return forSynonyms(filter, mapping(foldToAscii));
}

export function lengthFilter(options: PartOptions): TokenFilter {
  const min = options.integer("min", 0, 0);
  const max = options.integer("max", 2 ** 31 - 1, 0);
  return keeping((term) => term.length >= min && term.length <= max);
}

export function truncateFilter(options: PartOptions): TokenFilter {
  const length = options.integer("length", -1, 1);
  if (length < 1) throw options.wrong("length", "is needed");
  return stemming((term) => (term.length > length ? term.slice(0, length) : term));
}

export function limitFilter(options: PartOptions): TokenFilter {
  const max = options.integer("max_token_count", 1, 1);
  options.flag("consume_all_tokens", false);
  return (tokens, from) => {
    tokens.count = Math.min(tokens.count, from + max);
  };
}

/** Repeated words are removed, and leave no gap; or, with `only_on_same_position`, only those at one position. */
export function uniqueFilter(options: PartOptions): TokenFilter {
  const isLocal = options.flag("only_on_same_position", false);
  return (tokens, from) => {
    const seen = new Set<string>();
    let to = from;
    let gap = 0;
    let before = tokens.base;
    const last = lastPosition(tokens, from);
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const position = tokens.positions[i] as number;
      if (isLocal && position > before) seen.clear();
      if (seen.has(term)) {
        gap += position - before;
      } else {
        seen.add(term);
        tokens.move(i, to);
        tokens.positions[to] = position - gap;
        to++;
      }
      before = position;
    }
    tokens.count = to;
    moveEnd(tokens, from, last);
  };
}

/** The same word again at one position. */
export const removeDuplicates: TokenFilter = (tokens, from) => {
  const seen = new Set<string>();
  let before = -1;
  keeping((term, i) => {
    const position = tokens.positions[i] as number;
    if (position !== before) seen.clear();
    before = position;
    if (seen.has(term)) return false;
    seen.add(term);
    return true;
  })(tokens, from);
};

export const defaultArticles: readonly string[] = "l m t qu n s j d c jusqu quoiqu lorsqu puisqu".split(" ");

export function elisionFilter(options: PartOptions): TokenFilter {
  options.refuseFile("articles_path", "articles");
  const articles = options.list("articles");
  // The French ones are known in any case.
  return withoutArticles(articles ?? defaultArticles, options.flag("articles_case", articles === undefined));
}

/** Takes `l'` off `l'avion`. */
export function withoutArticles(articles: readonly string[], ignoreCase = false): TokenFilter {
  const isArticle = isOneOf(articles, ignoreCase);
  return mapping((term) => {
    const at = term.search(/['\u2019]/);
    return at >= 0 && isArticle(term.slice(0, at)) ? term.slice(at + 1) : term;
  });
}

/** What comes before an apostrophe, as Turkish writes suffixes behind it. */
export const apostrophe: TokenFilter = mapping((term) => {
  const at = term.search(/['\u2019]/);
  return at < 0 ? term : term.slice(0, at);
});

/** Digits of every script as 0 to 9. */
export function plainDigits(term: string): string {
  return term.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 128) return digit;
    // The rows of mathematical digits (bold, double-struck and others) follow each other.
    if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
    // Digits of a script are ten in a row, and each row begins at a character that no digit comes before.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String(code - zero);
  });
}

export function keepFilter(options: PartOptions): TokenFilter {
  options.refuseFile("keep_words_path", "keep_words");
  const ignoreCase = options.flag("keep_words_case", false);
  const isKept = isOneOf(options.needList("keep_words"), ignoreCase);
  return keeping(isKept);
}

export function keepTypesFilter(options: PartOptions): TokenFilter {
  const types = new Set(options.needList("types"));
  const mode = options.text("mode", "include");
  if (mode !== "include" && mode !== "exclude") throw options.wrong("mode", "include or exclude");
  return rich(keeping((_, i, tokens) => types.has(tokens.types[i] as string) === (mode === "include")));
}

/** All words of a text in one token, sorted and each once. */
export function fingerprintFilter(options: PartOptions): TokenFilter {
  const max = options.integer("max_output_size", 255, 1);
  const separator = options.text("separator", " ");
  const join = separator === "" ? " " : (separator[0] as string);
  const filter: TokenFilter = (tokens, from) => {
    const words = [...new Set(tokens.terms.slice(from, tokens.count))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    tokens.count = from;
    const all = words.join(join);
    if (words.length === 0 || all.length > max) return;
    tokens.pushRich(all, tokens.base + 1, 0, tokens.textEnd, 1, "fingerprint");
    tokens.next = tokens.base + 2;
  };
  return forSynonyms(filter, "refused");
}

/** `word|2`: what is behind the delimiter is not part of the word. */
export function delimitedPayload(options: PartOptions): TokenFilter {
  const delimiter = options.text("delimiter", "|");
  options.text("encoding", "float");
  return mapping((term) => {
    const at = term.indexOf(delimiter);
    return at < 0 ? term : term.slice(0, at);
  });
}

/** The words of a list that compounds are made of, beside the compounds. */
export function decompounder(options: PartOptions): TokenFilter {
  options.refuseFile("word_list_path", "word_list");
  const words = new Set(options.needList("word_list"));
  const minWord = options.integer("min_word_size", 5, 0);
  const min = options.integer("min_subword_size", 2, 1);
  const max = options.integer("max_subword_size", 15, 1);
  const longestOnly = options.flag("only_longest_match", false);
  const filter = rewriting((tokens, from, found) => {
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      found.pushAs(tokens, i, term);
      if (term.length < minWord) continue;
      for (let start = 0; start <= term.length - min; start++) {
        let longest = 0;
        for (let size = min; size <= max && start + size <= term.length; size++) {
          if (!words.has(term.slice(start, start + size))) continue;
          longest = size;
          if (!longestOnly) found.pushAs(tokens, i, term.slice(start, start + size));
        }
        if (longestOnly && longest > 0) found.pushAs(tokens, i, term.slice(start, start + longest));
      }
    }
  });
  return forSynonyms(filter, "refused");
}

/** Words that stemmers leave alone. */
export function keywordMarker(
  options: PartOptions,
  patternTest: (() => (term: string) => boolean) | undefined,
): TokenFilter {
  options.refuseFile("keywords_path", "keywords");
  const list = options.list("keywords");
  const ignoreCase = options.flag("ignore_case", false);
  if ((list === undefined) === (patternTest === undefined))
    throw options.wrong("keywords", '"keywords" or "keywords_pattern"');
  return marking(patternTest?.() ?? isOneOf(list ?? [], ignoreCase));
}

export const marking = (isKeyword: (term: string) => boolean): TokenFilter =>
  rich((tokens, from) => {
    for (let i = from; i < tokens.count; i++) if (isKeyword(tokens.terms[i] as string)) tokens.keywords[i] = true;
  });

/** Each word twice: as it is, and for stemmers. */
export const keywordRepeat: TokenFilter = forSynonyms(
  rich(
    rewriting((tokens, from, found) => {
      for (let i = from; i < tokens.count; i++) {
        found.pushCopy(tokens, i);
        found.keywords[found.count - 1] = true;
        found.pushCopy(tokens, i);
        found.keywords[found.count - 1] = false;
      }
    }),
  ),
  "refused",
);

/** `"running => run"`: the stems of some words, which stemmers then leave alone. */
export function stemmerOverride(options: PartOptions): TokenFilter {
  options.refuseFile("rules_path", "rules");
  const stems = new Map<string, string>();
  for (const rule of options.needList("rules")) {
    const [left, right, ...rest] = rule.split("=>").map((part) => part.trim());
    if (left === undefined || right === undefined || rest.length > 0 || right === "")
      throw options.wrong("rules", `"${rule}"`);
    for (const word of left.split(",")) {
      if (word.trim() === "") throw options.wrong("rules", `"${rule}"`);
      stems.set(word.trim(), right);
    }
  }
  return overriding(stems);
}

export const overriding = (stems: ReadonlyMap<string, string>): TokenFilter =>
  rich((tokens, from) => {
    for (let i = from; i < tokens.count; i++) {
      const stem = tokens.keywords[i] === true ? undefined : stems.get(tokens.terms[i] as string);
      if (stem === undefined) continue;
      tokens.terms[i] = stem;
      tokens.keywords[i] = true;
    }
  });

/** `O'Neill's` and `I.B.M.` as the classic tokenizer marks them: without the possessive, without the dots. */
export const classicFilter: TokenFilter = rich((tokens, from) => {
  for (let i = from; i < tokens.count; i++) {
    const term = tokens.terms[i] as string;
    if (tokens.types[i] === "<APOSTROPHE>" && /'[sS]$/.test(term)) tokens.terms[i] = term.slice(0, -2);
    else if (tokens.types[i] === "<ACRONYM>") tokens.terms[i] = term.replaceAll(".", "");
  }
});

/** Frequent words also joined with their neighbours. */
export function commonGrams(options: PartOptions, words: ReadonlySet<string>): TokenFilter {
  const ignoreCase = options.flag("ignore_case", false);
  const isQuery = options.flag("query_mode", false);
  const isCommon = isOneOf(words, ignoreCase);
  const filter = repositioning((tokens, from, found) => {
    let position = tokens.base;
    let wasJoined = false;
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const next = i + 1 < tokens.count ? (tokens.terms[i + 1] as string) : undefined;
      const joins = next !== undefined && (isCommon(term) || isCommon(next));
      const step = incrementOf(tokens, i, from);
      if (!isQuery || !(joins || (wasJoined && next === undefined))) {
        position += step;
        found.pushCopy(tokens, i);
        found.positions[found.count - 1] = position;
      }
      if (joins) {
        if (isQuery) position += 1;
        found.pushRich(
          `${term}_${next}`,
          position,
          tokens.starts[i] as number,
          tokens.ends[i + 1] as number,
          isQuery ? 1 : 2,
          "gram",
        );
      }
      wasJoined = joins;
    }
  });
  return forSynonyms(rich(filter), "refused");
}
