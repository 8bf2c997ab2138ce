import type { PartOptions } from "../part-options.ts";
import { type CharFilter, TextRewriter } from "./char-filter.ts";

/** `mapping`: the longest of the given texts that begins at a place is replaced (`"ä => ae"`). */
export function mappingFilter(options: PartOptions): CharFilter {
  options.refuseFile("mappings_path", "mappings");
  const lines = options.needList("mappings");
  const byText = new Map<string, string>();
  for (const line of lines) {
    const match = /^(.*)\s*=>\s*(.*)\s*$/s.exec(line);
    const from = match?.[1]?.trim();
    if (match === null || from === undefined || from === "") throw options.wrong("mappings", `"${line}"`);
    const text = plainEscapes(from);
    if (byText.has(text)) throw options.wrong("mappings", `"${line}" again`);
    byText.set(text, plainEscapes((match[2] ?? "").trim()));
  }
  const lengthsByFirst = new Map<string, number[]>();
  for (const text of byText.keys()) {
    const lengths = lengthsByFirst.get(text[0] as string) ?? [];
    if (!lengths.includes(text.length)) lengths.push(text.length);
    lengths.sort((a, b) => b - a);
    lengthsByFirst.set(text[0] as string, lengths);
  }
  return (text) => {
    const out = new TextRewriter();
    let kept = 0;
    for (let at = 0; at < text.length; ) {
      const lengths = lengthsByFirst.get(text[at] as string);
      const length = lengths?.find((one) => byText.has(text.slice(at, at + one)) && at + one <= text.length);
      if (length === undefined) {
        at++;
        continue;
      }
      out.keep(text.slice(kept, at));
      out.replace(length, byText.get(text.slice(at, at + length)) ?? "");
      at += length;
      kept = at;
    }
    out.keep(text.slice(kept));
    return out.finish();
  };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\\": "\\" };

function plainEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (escapes[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
