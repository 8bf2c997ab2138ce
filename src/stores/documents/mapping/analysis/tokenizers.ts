import type { JSONObject } from "../../../../kernel/index.ts";
import { lowerCase } from "./letter-case.ts";
import { standardTokenize } from "./standard-tokenizer.ts";
import type { Tokens } from "./tokens.ts";
import { isWhiteSpace } from "./white-space.ts";

/** Appends the tokens of a text; positions start at `firstPosition`; answers the position after the last. */
export type Tokenizer = (text: string, tokens: Tokens, firstPosition: number) => number;

/** Longer words are cut. */
const maxTokenLength = 255;

function pushCut(text: string, start: number, end: number, tokens: Tokens, firstPosition: number): number {
  let position = firstPosition;
  for (let at = start; at < end; at += maxTokenLength) {
    const cut = Math.min(end, at + maxTokenLength);
    tokens.push(text.slice(at, cut), position++, at, cut);
  }
  return position;
}

const letters: Tokenizer = (text, tokens, firstPosition) => {
  let position = firstPosition;
  for (const match of text.matchAll(/\p{L}+/gu))
    position = pushCut(text, match.index, match.index + match[0].length, tokens, position);
  return position;
};

const words: Tokenizer = (text, tokens, firstPosition) => {
  let position = firstPosition;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isWhiteSpace(text.charCodeAt(at))) continue;
    position = pushCut(text, start, at, tokens, position);
    start = at + 1;
  }
  return position;
};

const whole: Tokenizer = (text, tokens, firstPosition) => {
  tokens.push(text, firstPosition, 0, text.length);
  return firstPosition + 1;
};

/** All substrings of `min` to `max` characters; with `edge` only those at the start of the text or, with `token_chars`, of each word. */
function ngrams(parameters: JSONObject, edge: boolean): Tokenizer | undefined {
  const min = Number(parameters.min_gram ?? 1);
  const max = Number(parameters.max_gram ?? 2);
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 1 && max >= min && max <= 255)) return undefined;
  if (!edge && max - min > 10) return undefined;
  const classes: Readonly<Record<string, string>> = {
    letter: "\\p{L}",
    digit: "\\p{Nd}",
    whitespace: "\\s",
    punctuation: "\\p{P}",
    symbol: "\\p{S}",
  };
  const chars = Array.isArray(parameters.token_chars) ? parameters.token_chars : [];
  const sources = chars.map((name) => (Object.hasOwn(classes, String(name)) ? classes[String(name)] : undefined));
  if (sources.includes(undefined)) return undefined;
  const runs = chars.length === 0 ? /[\s\S]+/gu : new RegExp(`[${sources.join("")}]+`, "gu");
  return (text, tokens, firstPosition) => {
    let position = firstPosition;
    for (const run of text.matchAll(runs)) {
      const limit = edge ? 1 : run[0].length;
      for (let start = 0; start < limit; start++) {
        for (let size = min; size <= max && start + size <= run[0].length; size++) {
          const at = run.index + start;
          tokens.push(text.slice(at, at + size), position++, at, at + size);
        }
      }
    }
    return position;
  };
}

/** Answers undefined when there is no such tokenizer, or its parameters are wrong. */
export function createTokenizer(type: string, parameters: JSONObject = {}): Tokenizer | undefined {
  switch (type) {
    case "standard":
    case "uax_url_email":
      return type === "standard" ? standardTokenize : undefined;
    case "letter":
      return letters;
    case "lowercase":
      return (text, tokens, first) => {
        const from = tokens.count;
        const next = letters(text, tokens, first);
        for (let i = from; i < tokens.count; i++) tokens.terms[i] = lowerCase(tokens.terms[i] ?? "");
        return next;
      };
    case "whitespace":
      return words;
    case "keyword":
      return whole;
    case "ngram":
    case "nGram":
      return ngrams(parameters, false);
    case "edge_ngram":
    case "edgeNGram":
      return ngrams(parameters, true);
    default:
      return undefined;
  }
}
