import type { JSONObject } from "../../../../kernel/index.ts";
import { foldToAscii } from "./ascii-folding.ts";
import { lowerCase, upperCase } from "./letter-case.ts";
import { Tokens } from "./tokens.ts";
import { trimWhiteSpace } from "./white-space.ts";

/** Changes the tokens from `from` on, in place. */
export type TokenFilter = (tokens: Tokens, from: number) => void;

export const englishStopWords: ReadonlySet<string> = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

const mapping =
  (change: (term: string) => string): TokenFilter =>
  (tokens, from) => {
    for (let i = from; i < tokens.count; i++) tokens.terms[i] = change(tokens.terms[i] as string);
  };

/** Removed tokens leave a gap in the positions, as a phrase expects. */
const keeping =
  (test: (term: string) => boolean): TokenFilter =>
  (tokens, from) => {
    let to = from;
    for (let i = from; i < tokens.count; i++) {
      if (!test(tokens.terms[i] as string)) continue;
      tokens.terms[to] = tokens.terms[i] as string;
      tokens.positions[to] = tokens.positions[i] as number;
      tokens.starts[to] = tokens.starts[i] as number;
      tokens.ends[to] = tokens.ends[i] as number;
      to++;
    }
    tokens.count = to;
  };

/** Substrings of `min` to `max` characters, which may be two units long. */
const grams =
  (min: number, max: number, edge: boolean): TokenFilter =>
  (tokens, from) => {
    const found = new Tokens();
    for (let i = from; i < tokens.count; i++) {
      const chars = [...(tokens.terms[i] as string)];
      const starts = edge ? 1 : chars.length;
      for (let start = 0; start < starts; start++) {
        for (let size = min; size <= max && start + size <= chars.length; size++) {
          const gram = chars.slice(start, start + size).join("");
          found.push(gram, tokens.positions[i] as number, tokens.starts[i] as number, tokens.ends[i] as number);
        }
      }
    }
    tokens.count = from;
    for (let i = 0; i < found.count; i++) copyToken(found, i, tokens);
  };

function copyToken(source: Tokens, i: number, target: Tokens): void {
  const { terms, positions, starts, ends } = source;
  target.push(terms[i] as string, positions[i] as number, starts[i] as number, ends[i] as number);
}

/** Repeated words are removed, and leave no gap. */
const unique: TokenFilter = (tokens, from) => {
  const seen = new Set<string>();
  let to = from;
  let gap = 0;
  let before = -1;
  for (let i = from; i < tokens.count; i++) {
    const term = tokens.terms[i] as string;
    const position = tokens.positions[i] as number;
    if (seen.has(term)) {
      gap += before < 0 ? 0 : position - before;
    } else {
      seen.add(term);
      tokens.terms[to] = term;
      tokens.positions[to] = position - gap;
      tokens.starts[to] = tokens.starts[i] as number;
      tokens.ends[to] = tokens.ends[i] as number;
      to++;
    }
    before = position;
  }
  tokens.count = to;
};

function gramFilter(parameters: JSONObject, edge: boolean): TokenFilter | undefined {
  const min = Number(parameters.min_gram ?? 1);
  const max = Number(parameters.max_gram ?? 2);
  const isValid = Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max >= min && max <= 255;
  return isValid ? grams(min, max, edge) : undefined;
}

function stopWords(parameters: JSONObject): TokenFilter | undefined {
  const { stopwords = "_english_" } = parameters;
  if (stopwords === "_none_") return () => {};
  if (stopwords === "_english_") return keeping((term) => !englishStopWords.has(term));
  if (!Array.isArray(stopwords)) return undefined;
  const words = new Set(stopwords.map(String));
  return keeping((term) => !words.has(term));
}

/** Answers undefined when there is no such filter, or its parameters are wrong. */
export function createTokenFilter(type: string, parameters: JSONObject = {}): TokenFilter | undefined {
  switch (type) {
    case "lowercase":
      return mapping(lowerCase);
    case "uppercase":
      return mapping(upperCase);
    case "trim":
      return mapping(trimWhiteSpace);
    case "asciifolding":
      return mapping(foldToAscii);
    case "reverse":
      return mapping((term) => [...term].reverse().join(""));
    case "stop":
      return stopWords(parameters);
    case "length": {
      const min = Number(parameters.min ?? 0);
      const max = Number(parameters.max ?? Number.MAX_SAFE_INTEGER);
      return keeping((term) => term.length >= min && term.length <= max);
    }
    case "truncate": {
      const length = Number(parameters.length ?? 10);
      return mapping((term) => term.slice(0, length));
    }
    case "unique":
      return unique;
    case "ngram":
    case "nGram":
      return gramFilter(parameters, false);
    case "edge_ngram":
    case "edgeNGram":
      return gramFilter(parameters, true);
    default:
      return undefined;
  }
}
