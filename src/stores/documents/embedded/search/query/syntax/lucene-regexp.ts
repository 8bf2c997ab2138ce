import { RE2JS } from "re2js";
import { KuzzleError } from "../../../../../../kernel/index.ts";
import { malformed } from "../parameters.ts";

const metaCharacters = /[.*+?()[\]{}|^$\\/]/;

/**
 * Translates Lucene's regular expressions to RE2's. They match whole terms; `"..."` is literal text, `^` and `$` are ordinary
 * characters, `<1-10>` a number and `@` anything. What RE2 cannot do (`~` complement, `&` intersection) is refused here.
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

/** A regular expression over whole terms. */
export interface TermPattern {
  /** Literal text that every match begins with; empty when there is none, or case does not matter. */
  readonly prefix: string;
  matches(term: string): boolean;
}

/**
 * Compiles a regular expression of Lucene's syntax. Complements (`~(a|b)`) and intersections (`a.*&.*b`) may stand at the top of the
 * expression or of an alternative, where they are tests of their own. Error: `unexpected_bad_request`.
 */
export function compileTermPattern(pattern: string, ignoreCase = false): TermPattern {
  if (pattern.length > 1000) throw malformed("A pattern may have 1000 characters at most.");
  if (!/[~&]/.test(pattern)) return compilePlain(pattern, ignoreCase);
  const choices = splitAtTop(pattern, "|").map((choice) =>
    splitAtTop(choice, "&").map((part) => compilePart(part, ignoreCase)),
  );
  return { prefix: "", matches: (term) => choices.some((parts) => parts.every((part) => part.matches(term))) };
}

/** The expression for the engine of linear time. Refuses `~` and `&`, which need a test of their own. */
export function toRe2(pattern: string): RE2JS {
  if (pattern.length > 1000) throw malformed("A pattern may have 1000 characters at most.");
  try {
    return RE2JS.compile(translateRegexp(pattern).source, RE2JS.DOTALL);
  } catch (err) {
    if (err instanceof KuzzleError) throw err;
    throw malformed(`"${pattern}" is not a regular expression that can be run.`);
  }
}

function compilePlain(pattern: string, ignoreCase: boolean): TermPattern {
  const { source, prefix } = translateRegexp(pattern);
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
    return { prefix: ignoreCase ? "" : prefix, matches: (term) => compiled.matcher(term).matches() };
  } catch {
    throw malformed(`"${pattern}" is not a regular expression that can be run.`);
  }
}

function compilePart(part: string, ignoreCase: boolean): TermPattern {
  const isComplement = part.startsWith("~");
  const rest = isComplement ? part.slice(1) : part;
  const isGroup = rest.startsWith("(") && endOfGroup(rest, 0) === rest.length - 1;
  if (isComplement && !isGroup) throw malformed('[regexp] the operator "~" needs a group: ~(red|green).');
  const inner = isGroup ? compileTermPattern(rest.slice(1, -1), ignoreCase) : compilePlain(rest, ignoreCase);
  return isComplement ? { prefix: "", matches: (term) => !inner.matches(term) } : inner;
}

/** The parts between the operators that stand in no group, class or quotation. */
function splitAtTop(pattern: string, operator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < pattern.length; i = next(pattern, i)) {
    if (pattern[i] !== operator) continue;
    parts.push(pattern.slice(start, i));
    start = i + 1;
  }
  parts.push(pattern.slice(start));
  return parts;
}

/** Where the next piece begins: behind a character, an escaped one, a class, a quotation or a group. */
function next(pattern: string, i: number): number {
  const char = pattern[i];
  if (char === "\\") return i + 2;
  if (char === "[") return endOfClass(pattern, i) + 1;
  if (char === '"') {
    const end = pattern.indexOf('"', i + 1);
    return end < 0 ? pattern.length : end + 1;
  }
  return char === "(" ? endOfGroup(pattern, i) + 1 : i + 1;
}

function endOfGroup(pattern: string, start: number): number {
  let i = start + 1;
  while (i < pattern.length && pattern[i] !== ")") i = next(pattern, i);
  return i;
}
