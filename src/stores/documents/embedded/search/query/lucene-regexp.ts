import { malformed } from "./parameters.ts";

const metaCharacters = /[.*+?()[\]{}|^$\\/]/;

/**
 * Translates Lucene's regular expressions to RE2's. They match whole terms; `"..."` is literal text, `^` and `$` are ordinary
 * characters, `<1-10>` a number and `@` anything. What RE2 cannot do (`~` complement, `&` intersection) is refused.
 * `prefix` is the literal text that every match begins with.
 */
export function translateRegexp(pattern: string): { readonly source: string; readonly prefix: string } {
  let source = "";
  let prefix = "";
  let isLiteral = !pattern.includes("|");
  const literal = (char: string): void => {
    source += metaCharacters.test(char) ? `\\${char}` : char;
    if (isLiteral) prefix += char;
  };
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "\\") {
      const next = pattern[++i];
      if (next === undefined) throw malformed("[regexp] ends with a backslash.");
      if (/[dDwWsS]/.test(next)) {
        source += `\\${next}`;
        isLiteral = false;
      } else literal(next);
    } else if (char === '"') {
      const end = pattern.indexOf('"', i + 1);
      if (end < 0) throw malformed('[regexp] has a " without its end.');
      for (const quoted of pattern.slice(i + 1, end)) literal(quoted);
      i = end;
    } else if (char === "[") {
      const end = endOfClass(pattern, i);
      source += pattern.slice(i, end + 1).replace(/&/g, "\\&");
      isLiteral = false;
      i = end;
    } else if (char === "~" || char === "&") {
      throw malformed(`[regexp] the operator "${char}" is not supported.`);
    } else if (char === "<") {
      const range = /^<(\d+)-(\d+)>/.exec(pattern.slice(i));
      if (range === null) throw malformed("[regexp] < must begin a range of numbers such as <1-10>.");
      source += numberRange(Number(range[1]), Number(range[2]));
      isLiteral = false;
      i += range[0].length - 1;
    } else if ("*?{+".includes(char)) {
      source += char;
      // The character before may be absent.
      if (isLiteral) prefix = [...prefix].slice(0, -1).join("");
      isLiteral = false;
    } else if ("().|}@#".includes(char)) {
      source += char === "@" ? ".*" : char === "#" ? "[^\\s\\S]" : char === "(" ? "(?:" : char;
      isLiteral = false;
    } else {
      literal(char);
    }
  }
  return { source, prefix };
}

function endOfClass(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]" && i > start + 1) return i;
  }
  throw malformed("[regexp] has a [ without its end.");
}

function numberRange(from: number, to: number): string {
  if (to < from || to - from > 1000) throw malformed("[regexp] a range of numbers spans 1000 at most.");
  const numbers: number[] = [];
  for (let n = from; n <= to; n++) numbers.push(n);
  return `(?:${numbers.join("|")})`;
}
