import { lowerCase } from "../letter-case.ts";
import type { PartOptions } from "../part-options.ts";
import { charGroup, runs, spaced, whole } from "./characters.ts";
import { classicTokenizer } from "./classic.ts";
import { gramTokenizer } from "./grams.ts";
import { pathHierarchy } from "./path-hierarchy.ts";
import { patternTokenizer, simplePatternTokenizer } from "./pattern.ts";
import { standardTokenizer } from "./standard.ts";
import { maxTokenLength, type Tokenizer } from "./tokenizer.ts";
import { urlEmailTokenizer } from "./uax-url-email.ts";

const letters = runs(/\p{L}+/gu);

export const lowerCaseLetters: Tokenizer = (text, tokens, first) => {
  const from = tokens.count;
  const next = letters(text, tokens, first);
  for (let i = from; i < tokens.count; i++) tokens.terms[i] = lowerCase(tokens.terms[i] as string);
  return next;
};

/** Answers undefined when there is no such tokenizer. `maxDiff` is `index.max_ngram_diff`. */
export function createTokenizer(type: string, options: PartOptions, maxDiff: number): Tokenizer | undefined {
  switch (type) {
    case "standard":
      return standardTokenizer(options.integer("max_token_length", maxTokenLength, 1, 2 ** 20));
    case "uax_url_email":
      return urlEmailTokenizer(options.integer("max_token_length", maxTokenLength, 1, 2 ** 20));
    case "classic":
      return classicTokenizer(options);
    case "letter":
      return letters;
    case "lowercase":
      return lowerCaseLetters;
    case "whitespace":
      return spaced(options.integer("max_token_length", maxTokenLength, 1, 2 ** 20));
    case "keyword":
      options.integer("buffer_size", 256, 1);
      return whole;
    case "ngram":
    case "nGram":
      return gramTokenizer(options, false, maxDiff);
    case "edge_ngram":
    case "edgeNGram":
      return gramTokenizer(options, true, maxDiff);
    case "pattern":
      return patternTokenizer(options);
    case "simple_pattern":
      return simplePatternTokenizer(options, false);
    case "simple_pattern_split":
      return simplePatternTokenizer(options, true);
    case "char_group":
      return charGroup(options);
    case "path_hierarchy":
    case "PathHierarchy":
      return pathHierarchy(options);
    default:
      return undefined;
  }
}
