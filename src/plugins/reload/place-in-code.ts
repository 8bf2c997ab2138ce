import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** `file:///a/b.mjs?x=1:3:5`, `/a/b.js:3`, `C:\a\b.js:3:5`, at the start of a line or inside of one. */
const place = /(file:\/\/[^\s()]+?|(?:[A-Za-z]:)?[\\/][^\s():]*):(\d+)(?::\d+)?(?=[\s),]|$)/g;

/**
 * Where in the files of a plugin an error comes from, for people: `lib/index.js:12`, from the folder. The causes of the error are looked at
 * too, the innermost first. Undefined when no place in the folder is named.
 */
export function placeInCode(error: unknown, folder: string): string | undefined {
  for (const cause of causesOf(error).reverse()) {
    const text = cause instanceof Error ? `${cause.stack ?? ""}\n${cause.message}` : String(cause);
    for (const [, file = "", line] of text.matchAll(place)) {
      const path = pathOf(file);
      if (path?.startsWith(folder + sep) === true) return `${relative(folder, path)}:${line}`;
    }
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

function pathOf(file: string): string | undefined {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined; // text of a message that only looks like one
  }
}
