import type { PartOptions } from "../part-options.ts";
import { maxTokenLength, type Tokenizer } from "./tokenizer.ts";

const single = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\uff66-\\uff9f";
const letter = `[\\p{L}--[${single}]]`;
const word = `[[\\p{L}\\p{Nd}]--[${single}]]+`;
const numbered = `[[\\p{L}\\p{Nd}]--[${single}]]*\\p{Nd}[[\\p{L}\\p{Nd}]--[${single}]]*`;
const mark = "[_\\-\\/.,]";

/** Kinds of words, the first of the longest counts. Parts of an address before its `@` are limited, so that time grows with the text only. */
const kinds: readonly (readonly [type: string, pattern: RegExp])[] = (
  [
    ["<ALPHANUM>", word],
    ["<APOSTROPHE>", `${letter}+(?:'${letter}+)+`],
    ["<ACRONYM>", `${letter}\\.(?:${letter}\\.)+`],
    ["<COMPANY>", `${letter}+[&@]${letter}+`],
    ["<EMAIL>", `${word}(?:[.\\-_]${word}){0,30}@${word}(?:[.\\-]${word})+`],
    ["<HOST>", `${word}(?:\\.${word})+`],
    ["<NUM>", `${word}${mark}${numbered}(?:${mark}${word}${mark}${numbered})*`],
    ["<NUM>", `${numbered}${mark}${word}(?:${mark}${numbered}${mark}${word})*`],
    ["<NUM>", `${word}(?:${mark}${numbered}${mark}${word})+`],
    ["<NUM>", `${numbered}(?:${mark}${word}${mark}${numbered})+`],
    ["<CJ>", `[${single}]`],
    ["<ACRONYM_DEP>", `${word}\\.(?:${word}\\.)+`],
  ] as const
).map(([type, source]) => [type, new RegExp(source, "vy")]);

/** `classic`: words, numbers, acronyms, companies (`AT&T`), addresses and hosts, as the oldest grammar of Lucene has them. Longer words are left out. */
export function classicTokenizer(options: PartOptions): Tokenizer {
  const limit = options.integer("max_token_length", maxTokenLength, 1, 2 ** 20);
  return (text, tokens, firstPosition) => {
    let position = firstPosition;
    for (let at = 0; at < text.length; ) {
      let end = at;
      let type = "";
      for (const [name, pattern] of kinds) {
        pattern.lastIndex = at;
        if (!pattern.test(text) || pattern.lastIndex <= end) continue;
        end = pattern.lastIndex;
        type = name;
      }
      if (end === at) {
        at++;
        continue;
      }
      if (end - at <= limit) {
        const isHost = type === "<ACRONYM_DEP>";
        tokens.pushRich(text.slice(at, isHost ? end - 1 : end), position, at, end, 1, isHost ? "<HOST>" : type);
      }
      position++;
      at = end;
    }
    return position;
  };
}
