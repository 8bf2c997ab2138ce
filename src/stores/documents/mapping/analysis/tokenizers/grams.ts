import type { PartOptions } from "../part-options.ts";
import { characterClass, quoted } from "./characters.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** All substrings of `min` to `max` characters; with `edge` only those at the start of the text or, with `token_chars`, of each word. */
export function gramTokenizer(options: PartOptions, edge: boolean, maxDiff: number): Tokenizer {
  const min = options.integer("min_gram", 1, 1, 1000);
  const max = options.integer("max_gram", 2, min, 1000);
  if (!edge && max - min > maxDiff)
    throw options.wrong("max_gram", `more than index.max_ngram_diff (${maxDiff}) above min_gram`);
  const names = options.list("token_chars") ?? [];
  const custom = options.text("custom_token_chars", "");
  let inside = "";
  for (const name of names) {
    const known = name === "custom" ? quoted(custom) : characterClass(name.toLowerCase());
    if (known === undefined) throw options.wrong("token_chars", `"${name}"`);
    inside += known;
  }
  const pattern = names.length === 0 ? /[\s\S]+/gu : new RegExp(`[${inside}]+`, "gu");
  return (text, tokens, firstPosition) => {
    let position = firstPosition;
    for (const run of text.matchAll(pattern)) {
      const bounds = characterBounds(run[0]);
      const count = bounds.length - 1;
      const limit = edge ? 1 : count;
      for (let start = 0; start < limit; start++) {
        for (let size = min; size <= max && start + size <= count; size++) {
          const from = run.index + (bounds[start] as number);
          const to = run.index + (bounds[start + size] as number);
          tokens.push(text.slice(from, to), position++, from, to);
        }
      }
    }
    return position;
  };
}

/** Where the characters of a text begin, and its end. */
export function characterBounds(text: string): number[] {
  const bounds: number[] = [];
  for (let at = 0; at < text.length; at++) {
    bounds.push(at);
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  bounds.push(text.length);
  return bounds;
}
