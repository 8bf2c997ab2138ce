import type { PartOptions } from "../part-options.ts";
import { type CharFilter, TextRewriter } from "./char-filter.ts";
import { entityText } from "./html-entities.ts";

/** Tags inside a line leave nothing behind; all others end it. */
const inlineTags: ReadonlySet<string> = new Set(
  (
    "a abbr acronym b basefont bdo big cite code dfn em font i img input kbd label q s samp select small span strike strong sub sup textarea " +
    "tt u var"
  ).split(" "),
);

const tag = /<\s*\/?\s*([\p{L}_:][\p{L}\p{N}\p{M}._:-]*)(?:\s[^<>]*)?(?:\/?>|\s+>)/uy;
const entity = /&(#[xX][0-9a-fA-F]{1,8}|#[0-9]{1,9}|[a-zA-Z][a-zA-Z0-9]{0,11});/y;

/** `html_strip`: takes the tags out of a text and replaces references to characters. */
export function htmlStripFilter(options: PartOptions): CharFilter {
  const kept = new Set((options.list("escaped_tags") ?? []).map((name) => name.toLowerCase()));
  return (text) => {
    const out = new TextRewriter();
    let from = 0;
    let at = 0;
    const cut = (end: number, replacement: string): void => {
      out.keep(text.slice(from, at));
      out.replace(end - at, replacement);
      from = end;
      at = end;
    };
    while (at < text.length) {
      const char = text[at];
      if (char === "&") {
        entity.lastIndex = at;
        const found = entity.exec(text);
        const plain = found === null ? undefined : entityText(found[1] as string);
        if (plain === undefined) at++;
        else cut(entity.lastIndex, plain);
      } else if (char === "<") {
        const markup = endOfMarkup(text, at);
        if (markup !== undefined) {
          if (markup.content !== "") {
            cut(at + 9, "");
            at = markup.end - 3;
            cut(markup.end, "");
          } else cut(markup.end, "");
          continue;
        }
        tag.lastIndex = at;
        const found = tag.exec(text);
        const name = found?.[1]?.toLowerCase();
        if (name === undefined || kept.has(name)) {
          at = name === undefined ? at + 1 : tag.lastIndex;
          continue;
        }
        const isOpening = !/^<\s*\//.test(found?.[0] ?? "");
        const isHidden = isOpening && (name === "script" || name === "style");
        if (isHidden) cut(endOfHidden(text, tag.lastIndex, name), "\n");
        else cut(tag.lastIndex, inlineTags.has(name) ? "" : "\n");
      } else at++;
    }
    out.keep(text.slice(from));
    return out.finish();
  };
}

/** Behind a comment, a declaration or an instruction; character data (`content`) keep what is in them. */
function endOfMarkup(text: string, at: number): { end: number; content: "" | "data" } | undefined {
  const behind = (mark: string): number => {
    const end = text.indexOf(mark, at + 2);
    return end < 0 ? text.length : end + mark.length;
  };
  if (text.startsWith("<!--", at)) return { end: behind("-->"), content: "" };
  if (text.startsWith("<![CDATA[", at) && text.includes("]]>", at)) return { end: behind("]]>"), content: "data" };
  if (text.startsWith("<!", at) || text.startsWith("<?", at)) return { end: behind(">"), content: "" };
  return undefined;
}

function endOfHidden(text: string, at: number, name: string): number {
  const closing = new RegExp(`<\\s*/\\s*${name}\\s*>`, "gi");
  closing.lastIndex = at;
  return closing.exec(text) === null ? text.length : closing.lastIndex;
}
