import { readSource } from "../source-text.ts";
import type { Exceptions } from "./exceptions.ts";
import type { Finding } from "./finding.ts";
import { lineAt } from "./imports.ts";
import type { ProjectFile } from "./project.ts";
import { isTest } from "./rooms.ts";

const maxLines = 400;
const manyLines = 300;

/** Length of one file. */
export function checkSize({ path, source }: ProjectFile, { size }: Exceptions): Finding[] {
  const lines = source.endsWith("\n") ? source.split("\n").length - 1 : source.split("\n").length;
  const limit = size.find(({ file }) => file === path)?.maxLines ?? maxLines;
  const at = { rule: "size", file: path, line: lines } as const;
  if (lines > limit) return [{ ...at, message: `${lines} lines, more than ${limit}: look for the second noun` }];
  if (lines > manyLines && limit === maxLines) return [{ ...at, message: `${lines} lines`, isWarning: true }];
  return [];
}

/** Where arguments, environment and working directory become a configuration. */
const ambientPlaces = ["src/cli/", "src/config/sources/"];
const ambientReads = /(?<![\w$.])process\s*\??\.\s*(env|cwd|argv)\b|(?<![\w$.])process\s*\[/g;
const ambientImports = /\bimport\s+(?!type\b)[^"'`;]*\{[^}]*\b(env|cwd|argv)\b[^}]*\}\s*from\s*(["'])/g;

/** Reads of the process's environment by the product's own code. */
export function checkAmbient({ path, source }: ProjectFile, { ambient }: Exceptions): Finding[] {
  if (!path.startsWith("src/") || isTest(path)) return [];
  if (!source.includes("process") || ambientPlaces.some((place) => path.startsWith(place))) return [];
  const { code, quoted } = readSource(source);
  const reads = [...code.matchAll(ambientReads)].map((match) => ({ name: match[1], at: match.index }));
  for (const match of code.matchAll(ambientImports)) {
    const from = quoted.get(match.index + match[0].length - 1)?.text;
    if (from === "node:process" || from === "process") reads.push({ name: match[1], at: match.index });
  }
  return reads
    .map(({ name, at }) => ({ what: name === undefined ? "process[…]" : `process.${name}`, line: lineAt(code, at) }))
    .filter(({ what }) => !ambient.some(({ file, reads: allowed }) => file === path && allowed === what))
    .map(({ what, line }) => ({
      rule: "ambient",
      file: path,
      line,
      message: `reads ${what}: take it as an argument from src/cli or src/config/sources`,
    }));
}
