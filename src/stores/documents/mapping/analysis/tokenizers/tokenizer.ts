import type { Tokens } from "../tokens.ts";

/** Appends the tokens of a text; positions start at `firstPosition`; answers the position after the last. */
export type Tokenizer = (text: string, tokens: Tokens, firstPosition: number) => number;

/** Longer words are cut. */
export const maxTokenLength = 255;

/** Appends the word between two offsets, cut into pieces of at most `limit` units. */
export function pushCut(
  text: string,
  start: number,
  end: number,
  tokens: Tokens,
  firstPosition: number,
  limit = maxTokenLength,
): number {
  let position = firstPosition;
  for (let at = start; at < end; ) {
    let cut = Math.min(end, at + limit);
    // A character of two units is not torn apart.
    if (cut < end && (text.charCodeAt(cut - 1) & 0xfc00) === 0xd800) cut++;
    tokens.push(text.slice(at, cut), position++, at, cut);
    at = cut;
  }
  return position;
}
