import type { PartOptions } from "../part-options.ts";
import type { Tokens } from "../tokens.ts";
import { forSynonyms, incrementOf, mapping, repositioning, rich, type TokenFilter } from "./token-filter.ts";

const scripts: Readonly<Record<string, string>> = {
  han: "<IDEOGRAPHIC>",
  hiragana: "<HIRAGANA>",
  katakana: "<KATAKANA>",
  hangul: "<HANGUL>",
};

interface Char {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function cjkBigramFilter(options: PartOptions): TokenFilter {
  const ignored = options.list("ignored_scripts") ?? [];
  for (const name of ignored)
    if (!Object.hasOwn(scripts, name.toLowerCase())) throw options.wrong("ignored_scripts", `"${name}"`);
  const types = Object.entries(scripts).flatMap(([name, type]) =>
    ignored.some((one) => one.toLowerCase() === name) ? [] : [type],
  );
  return cjkBigrams(new Set(types), options.flag("output_unigrams", false));
}

/** Neighbouring characters of Chinese, Japanese and Korean in pairs. */
export function cjkBigrams(
  types: ReadonlySet<string> = new Set(Object.values(scripts)),
  unigrams = false,
): TokenFilter {
  const filter = repositioning((tokens, from, found) => {
    let position = tokens.base;
    let run: Char[] = [];
    const put = (a: Char, b: Char | undefined): void => {
      const isPair = b !== undefined;
      if (!isPair || !unigrams) position++;
      found.pushRich(
        a.text + (b?.text ?? ""),
        position,
        a.start,
        (b ?? a).end,
        isPair && unigrams ? 2 : 1,
        isPair ? "<DOUBLE>" : "<SINGLE>",
      );
    };
    const flush = (): void => {
      for (const [i, char] of run.entries()) {
        const next = run[i + 1];
        if (unigrams || run.length === 1) put(char, undefined);
        if (next !== undefined) put(char, next);
      }
      run = [];
    };
    for (let i = from; i < tokens.count; i++) {
      if (!types.has(tokens.types[i] as string)) {
        flush();
        position += incrementOf(tokens, i, from);
        found.pushCopy(tokens, i);
        found.positions[found.count - 1] = position;
        continue;
      }
      if (run.length > 0 && run.at(-1)?.end !== tokens.starts[i]) flush();
      run.push(...charsOf(tokens, i));
    }
    flush();
  });
  return forSynonyms(rich(filter), "refused");
}

function charsOf(tokens: Tokens, i: number): Char[] {
  const chars = [...(tokens.terms[i] as string)];
  const start = tokens.starts[i] as number;
  const end = tokens.ends[i] as number;
  const isExact = end - start === (tokens.terms[i] as string).length;
  let at = start;
  return chars.map((text, k) => {
    const from = at;
    at = isExact ? at + text.length : k === chars.length - 1 ? end : at;
    return { text, start: isExact ? from : start, end: isExact ? at : end };
  });
}

/** Half-width katakana in order of their code points from U+FF65, and what they are in full width. */
const fullKatakana =
  "・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309a";

/** Full-width Latin in half width, half-width katakana in full width. */
export const cjkWidth: TokenFilter = mapping((term) => {
  if (!/[\uff01-\uff9f]/.test(term)) return term;
  let out = "";
  for (const char of term) {
    const code = char.charCodeAt(0);
    const before = out.charCodeAt(out.length - 1);
    if (code >= 0xff01 && code <= 0xff5e) out += String.fromCharCode(code - 0xfee0);
    else if (code === 0xff9e && /[カキクケコサシスセソタチツテトハヒフヘホ]/.test(out.at(-1) ?? ""))
      out = out.slice(0, -1) + String.fromCharCode(before + 1);
    else if (code === 0xff9e && out.endsWith("ウ")) out = `${out.slice(0, -1)}ヴ`;
    else if (code === 0xff9e && /[ワヰヱヲ]/.test(out.at(-1) ?? ""))
      out = out.slice(0, -1) + String.fromCharCode(before + 8);
    else if (code === 0xff9f && /[ハヒフヘホ]/.test(out.at(-1) ?? ""))
      out = out.slice(0, -1) + String.fromCharCode(before + 2);
    else if (code >= 0xff65 && code <= 0xff9f) out += fullKatakana[code - 0xff65] ?? char;
    else out += char;
  }
  return out;
});
