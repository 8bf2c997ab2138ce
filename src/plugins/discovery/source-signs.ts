import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Detected } from "./generation.ts";

const maxBytes = 1024 * 1024;

/** In this order: a sign of the first generation outweighs all others. */
const signs: readonly { readonly generation: "v0" | "v1" | "v2"; readonly pattern: RegExp }[] = [
  {
    generation: "v0",
    pattern:
      /\b(RequestObject|ResponseObject)\b|\btoJson\(|\brequestObject\.data\b|\brepositories\(\)|\bgetRouter\(\)|\b\w*[cC]ontext\.accessors\.passport\b|\bisDummy\b/,
  },
  { generation: "v2", pattern: /\brequire\(["']kuzzle["']\)|\bfrom ["']kuzzle["']|\.getString\(/ },
  {
    generation: "v1",
    pattern: /\baccessors\.execute\b|\brequest\.input\.|\brequest\.context\.protocol\b|\bconstructors\.Request\b/,
  },
];

/**
 * What the text of a package says, comments left out: its main file and what that requires by a relative path, at most 1 MiB in all.
 * Undefined when nothing in it belongs to one generation; packages of the first had no manifest.
 * Source: contract/plugins/generations.md section 3, step C.
 */
export function generationOfSource(mainFile: string, hasManifest: boolean): Detected | undefined {
  const text = sourceText(mainFile);
  for (const { generation, pattern } of signs) {
    if (hasManifest && generation === "v0") continue;
    const [sign] = pattern.exec(text) ?? [];
    if (sign !== undefined) return { generation, because: `its source has "${sign}"` };
  }
  return undefined;
}

/** The main file of a package and what that requires by relative paths, at most 1 MiB in all, without comments. */
export function sourceText(mainFile: string): string {
  const waiting = [mainFile];
  const seen = new Set(waiting);
  let text = "";
  for (const file of waiting) {
    if (text.length + statSync(file).size > maxBytes) break;
    const source = withoutComments(readFileSync(file, "utf8"));
    text += `${source}\n`;
    for (const [, path] of source.matchAll(/\b(?:require\(|from |import )\s*["'](\.[^"']*)["']/g)) {
      const next = resolveRelative(dirname(file), path as string);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return text;
}

/** Templates of packages name events of all kinds in their comments. Texts are kept: a comment does not start inside of one. */
const withoutComments = (source: string): string =>
  source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, text: string | undefined) => text ?? " ",
  );

function resolveRelative(folder: string, path: string): string | undefined {
  const base = join(folder, path);
  for (const ending of ["", ".js", ".cjs", ".ts", "/index.js", "/index.ts"]) {
    const file = base + ending;
    if (existsSync(file) && statSync(file).isFile()) return /\.[cm]?[jt]s$/.test(file) ? file : undefined;
  }
  return undefined;
}
