import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { hole, readSource } from "../source-text.ts";

const urlOfModule = /\bnew\s+URL\(\s*(["'`])[^,]*,\s*import\.meta\.url\s*\)/g;

/**
 * Files that the compiled code names and that are not there: the compiler rewrites imports, but not `new URL("./thread.ts", import.meta.url)`.
 * Names with a `${…}` in them are known at run time only and are not looked at.
 */
export function danglingReferences(dist: string): string[] {
  const dangling: string[] = [];
  for (const path of globSync("**/*.js", { cwd: dist, exclude: ["**/node_modules"] })) {
    const file = join(dist, path);
    const text = readFileSync(file, "utf8");
    const { code, quoted } = readSource(text);
    const named = [...code.matchAll(urlOfModule)].map(
      (match) => quoted.get(match.index + match[0].indexOf(match[1] ?? ""))?.text,
    );
    const imported = [...code.matchAll(/\b(?:from|import)\s*\(?\s*["']/g)].map(
      (match) => quoted.get(match.index + match[0].length - 1)?.text,
    );
    for (const name of [...named, ...imported]) {
      if (name === undefined || !name.startsWith(".") || name.includes(hole)) continue;
      if (!existsSync(resolve(dirname(file), name))) dangling.push(`${path} names ${name}`);
    }
  }
  return dangling;
}
