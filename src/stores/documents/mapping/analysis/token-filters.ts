import type { JSONObject } from "../../../../kernel/index.ts";
import { Tokens } from "./tokens.ts";

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

const special: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  þ: "th",
  Þ: "TH",
  ı: "i",
};

/** Letters with marks become plain ones: `Éléonore` -> `Eleonore`. */
export function foldToAscii(text: string): string {
  if (isAscii(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[ßæÆœŒøØłŁđĐþÞı]/g, (char) => special[char] ?? char)
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

const grams =
  (min: number, max: number, edge: boolean): TokenFilter =>
  (tokens, from) => {
    const found = new Tokens();
    for (let i = from; i < tokens.count; i++) {
      const term = tokens.terms[i] as string;
      const starts = edge ? 1 : term.length;
      for (let start = 0; start < starts; start++) {
        for (let size = min; size <= max && start + size <= term.length; size++) {
          found.push(
            term.slice(start, start + size),
            tokens.positions[i] as number,
            tokens.starts[i] as number,
            tokens.ends[i] as number,
          );
        }
      }
    }
    tokens.count = from;
    for (let i = 0; i < found.count; i++) {
      tokens.push(
        found.terms[i] as string,
        found.positions[i] as number,
        found.starts[i] as number,
        found.ends[i] as number,
      );
    }
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
      return mapping((term) => term.toLowerCase());
    case "uppercase":
      return mapping((term) => term.toUpperCase());
    case "trim":
      return mapping((term) => term.trim());
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
      return (tokens, from) => {
        const seen = new Set<string>();
        keeping((term) => seen.size !== seen.add(term).size)(tokens, from);
      };
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
