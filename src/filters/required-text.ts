/**
 * What can be said of a regular expression by looking at it: a text that every match contains, and whether finding
 * that text at that place is all there is to it.
 */
export interface RequiredText {
  readonly text: string;
  /** "none": the expression must still be run. */
  readonly exact: "none" | "anywhere" | "start" | "end" | "whole";
}

const special = /[\\^$.[\]|()?*+{}]/;
const classEscapes = "dDwWsSbBntrfv";

/**
 * Finds the longest literal run outside groups, character classes and optional parts. Whatever it does not know
 * for certain to read the same in both engines (alternatives, inline flags, numeric escapes) yields undefined.
 */
export function findRequiredText(source: string, flags: string): RequiredText | undefined {
  if (flags.includes("i") || source.includes("|") || source.includes("(?") || source.includes("[:")) return undefined;
  const runs = literalRuns(source);
  if (runs === undefined) return undefined;
  let longest = "";
  for (const run of runs.texts) if (run.length > longest.length) longest = run;
  if (longest === "") return undefined;
  if (!runs.plain || flags.includes("m")) return { text: longest, exact: "none" };
  const exact = runs.atStart ? (runs.atEnd ? "whole" : "start") : runs.atEnd ? "end" : "anywhere";
  return { text: longest, exact };
}

interface Runs {
  readonly texts: readonly string[];
  /** Nothing but one run between optional anchors. */
  readonly plain: boolean;
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

function literalRuns(source: string): Runs | undefined {
  const chars = Array.from(source);
  const texts: string[] = [];
  let run: string[] = [];
  let depth = 0;
  let plain = true;
  let atStart = false;
  let atEnd = false;
  for (let i = 0; i < chars.length; i++) {
    let char = chars[i] as string; // i is within bounds
    let isLiteral = !special.test(char);
    if (char === "\\") {
      char = chars[++i] ?? "";
      isLiteral = char !== "" && char < "\u0080" && !/[A-Za-z0-9_]/.test(char);
      if (!isLiteral && (char === "" || !classEscapes.includes(char))) return undefined;
    } else if (char === "[") {
      const end = classEnd(chars, i);
      if (end === -1) return undefined;
      i = end;
    } else if (char === "{") {
      const end = chars.indexOf("}", i);
      if (end === -1) return undefined;
      i = end;
    }
    if (isLiteral) {
      if (depth === 0) run.push(char);
      continue;
    }
    if (char === "(") depth++;
    else if (char === ")") depth--;
    if (char === "^" && i === 0) {
      atStart = true;
      continue;
    }
    if (char === "$" && i === chars.length - 1) {
      atEnd = true;
      continue;
    }
    plain = false;
    if (depth === 0 && (char === "?" || char === "*" || char === "{")) run.pop();
    texts.push(run.join(""));
    run = [];
  }
  texts.push(run.join(""));
  return { texts, plain, atStart, atEnd };
}

/** The index of the bracket that closes a class; -1 where engines differ on what closes it. */
function classEnd(chars: readonly string[], open: number): number {
  let i = open + 1;
  if (chars[i] === "^") i++;
  if (chars[i] === "]") return -1;
  for (; i < chars.length; i++) {
    if (chars[i] === "\\") i++;
    else if (chars[i] === "]") return i;
    else if (chars[i] === "[") return -1;
  }
  return -1;
}
