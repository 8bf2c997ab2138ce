import { existsSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { stripTypes } from "../loading/type-script.ts";

/** `file:///a/b.mjs?x=1:3:5`, `/a/b.js:3`, `C:\a\b.js:3:5`, at the start of a line or inside of one. */
const place = /(file:\/\/[^\s()]+?|(?:[A-Za-z]:)?[\\/][^\s():]*):(\d+)(?::\d+)?(?=[\s),]|$)/g;

/**
 * Where in the files of a plugin an error comes from, for people: `lib/index.js:12`, from the folder. The causes of the error are looked at
 * too, the innermost first. Undefined when no place in the folder is named. `lastLoaded`: the file whose code was about to run.
 */
export function placeInCode(error: unknown, folder: string, lastLoaded?: string): string | undefined {
  for (const cause of causesOf(error).reverse()) {
    const found = placeNamed(cause, folder) ?? placeOfMissing(cause, folder);
    if (found !== undefined) return found;
    if (cause instanceof SyntaxError && lastLoaded !== undefined) return placeOfSyntaxError(lastLoaded, folder);
  }
  return undefined;
}

/** The error, what caused it, and so on. */
export function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at !== undefined && !causes.includes(at); at = (at as { cause?: unknown } | null)?.cause) {
    causes.push(at);
  }
  return causes;
}

function placeNamed(error: unknown, folder: string): string | undefined {
  const text = error instanceof Error ? `${error.stack ?? ""}\n${error.message}` : String(error);
  for (const [, file = "", line] of text.matchAll(place)) {
    const path = pathOf(file);
    if (path?.startsWith(folder + sep) === true) return `${relative(folder, path)}:${line}`;
  }
  return undefined;
}

function pathOf(file: string): string | undefined {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined; // text of a message that only looks like one
  }
}

/** A module that is not found: the error names the file that asks for it, which says it in some line. */
function placeOfMissing(error: unknown, folder: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, specifier] = /^Cannot find (?:module|package) '([^']+)'/.exec(error.message) ?? [];
  const { requireStack } = error as { requireStack?: readonly string[] };
  const file = requireStack?.[0] ?? /imported from (.+)$/m.exec(error.message)?.[1];
  if (specifier === undefined || file?.startsWith(folder + sep) !== true || !existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n");
  const at = lines.findIndex((line) => line.includes(`"${specifier}"`) || line.includes(`'${specifier}'`));
  return at < 0 ? relative(folder, file) : `${relative(folder, file)}:${at + 1}`;
}

/** Of an ES module the engine does not say where it could not read on. Another parser does, which only reads. */
function placeOfSyntaxError(file: string, folder: string): string {
  try {
    stripTypes(readFileSync(file, "utf8"), file);
  } catch (error) {
    return placeNamed(error, folder) ?? relative(folder, file);
  }
  return relative(folder, file);
}
