import { lowerCase } from "../letter-case.ts";
import { Tokens } from "../tokens.ts";

/** Changes the tokens from `from` on, in place. */
export interface TokenFilter {
  (tokens: Tokens, from: number): void;
  /** It reads or writes the columns that only rich tokens have. */
  readonly isRich?: true;
  /** What this filter is where the texts of synonyms are analysed; `refused` where it cannot stand before them. */
  readonly forSynonyms?: TokenFilter | "refused";
  /** It joins so many neighbouring words at most. */
  readonly shingleSize?: number;
}

export const rich = (filter: TokenFilter): TokenFilter => Object.assign(filter, { isRich: true as const });

export const forSynonyms = (filter: TokenFilter, other: TokenFilter | "refused"): TokenFilter =>
  Object.assign(filter, { forSynonyms: other });

export const unchanged: TokenFilter = () => {};

export const mapping =
  (change: (term: string) => string): TokenFilter =>
  (tokens, from) => {
    for (let i = from; i < tokens.count; i++) tokens.terms[i] = change(tokens.terms[i] as string);
  };

/** Like {@link mapping}, but keywords stay as they are. */
export const stemming =
  (change: (term: string) => string): TokenFilter =>
  (tokens, from) => {
    const { isRich, keywords, terms } = tokens;
    for (let i = from; i < tokens.count; i++)
      if (!(isRich && keywords[i] === true)) terms[i] = change(terms[i] as string);
  };

/** Whether a term is one of some words. */
export function isOneOf(words: Iterable<string>, ignoreCase: boolean): (term: string) => boolean {
  const known = new Set(ignoreCase ? Array.from(words, lowerCase) : words);
  return ignoreCase ? (term) => known.has(lowerCase(term)) : (term) => known.has(term);
}

/** Removed tokens leave a gap in the positions, as a phrase expects. */
export const keeping =
  (test: (term: string, i: number, tokens: Tokens) => boolean): TokenFilter =>
  (tokens, from) => {
    let to = from;
    for (let i = from; i < tokens.count; i++) {
      if (!test(tokens.terms[i] as string, i, tokens)) continue;
      tokens.move(i, to);
      to++;
    }
    tokens.count = to;
  };

/** Writes the tokens anew: what `write` puts into `found` stands in the place of those from `from` on. */
export function rewriting(write: (tokens: Tokens, from: number, found: Tokens) => void): TokenFilter {
  const found = new Tokens();
  return (tokens, from) => {
    found.isRich = tokens.isRich;
    found.clear();
    write(tokens, from, found);
    tokens.replaceFrom(from, found);
  };
}

/** Like {@link rewriting}, where positions change as well. */
export function repositioning(write: (tokens: Tokens, from: number, found: Tokens) => void): TokenFilter {
  const rewrite = rewriting(write);
  return (tokens, from) => {
    const last = lastPosition(tokens, from);
    rewrite(tokens, from);
    moveEnd(tokens, from, last);
  };
}

/** How far a token stands from the one before it, or from the beginning. */
export function incrementOf(tokens: Tokens, i: number, from: number): number {
  return (tokens.positions[i] as number) - (i === from ? tokens.base : (tokens.positions[i - 1] as number));
}

/** Where the last token stands; without tokens, the position before the text. */
export function lastPosition(tokens: Tokens, from: number): number {
  return tokens.count === from ? tokens.base : (tokens.positions[tokens.count - 1] as number);
}

/** The gap that was behind the last token stays behind it, wherever that has come to stand. */
export function moveEnd(tokens: Tokens, from: number, lastBefore: number): void {
  tokens.next += lastPosition(tokens, from) - lastBefore;
}
