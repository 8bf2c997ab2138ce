import { readSource, type SourceText } from "../source-text.ts";

export interface Import {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /** `import type`, `export type`, `import("…")` in a type: nothing of it is left at run time. */
  readonly isType: boolean;
}

const withFrom =
  /\b(?:import|export)\b(\s+type\b(?!\s*,|\s+from\b))?(?:(?!\b(?:import|export)\b)[^"'`();=])*?\bfrom\s*["']/g;
const withoutFrom = /\bimport\s*["']/g;
const inCall = /(?<![\w$.])(\btypeof\s+)?import\s*\(\s*["'`]/g;

/** Every import and re-export of one source with a literal specifier. */
export function importsOf(source: string): Import[] {
  const text = readSource(source);
  const found: Import[] = [];
  for (const match of text.code.matchAll(withFrom)) add(found, text, match, match[1] !== undefined);
  for (const match of text.code.matchAll(withoutFrom)) add(found, text, match, false);
  for (const match of text.code.matchAll(inCall)) add(found, text, match, match[1] !== undefined);
  return found.sort((a, b) => a.line - b.line);
}

function add(found: Import[], { code, quoted }: SourceText, match: RegExpExecArray, isType: boolean): void {
  const quote = match.index + match[0].length - 1;
  const specifier = quoted.get(quote)?.text;
  if (specifier !== undefined) found.push({ specifier, line: lineAt(code, quote), isType });
}

/** The line, counted from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
