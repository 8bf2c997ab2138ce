import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readSource } from "../source-text.ts";

/** Where the compiler writes, inside the folder of the package. */
export const staged = ".staged";

/**
 * Turns what the compiler wrote, which has the shape of the project (`src/`, `testing/`), into the shape of the package: what was in `src/`
 * lies at the top, beside `testing/`, and `"../src/app/index.js"` in there becomes `"../app/index.js"`. The compiler leaves `.ts` in the imports of
 * declarations; there is no such file in the package.
 */
export function layOut(dist: string): void {
  const from = join(dist, staged);
  for (const name of readdirSync(join(from, "src"))) renameSync(join(from, "src", name), join(dist, name));
  if (existsSync(join(from, "testing"))) renameSync(join(from, "testing"), join(dist, "testing"));
  rmSync(from, { recursive: true });
  rewrite(dist, "testing/**/*.{js,d.ts}", (inside) => inside.replace(/^((?:\.\.\/)+)src\//, "$1"));
  rewrite(dist, "**/*.d.ts", (inside) => inside.replace(/^(\.\.?\/.*)(?<!\.d)\.ts$/, "$1.js"));
}

function rewrite(dist: string, pattern: string, change: (inside: string) => string): void {
  for (const path of globSync(pattern, { cwd: dist })) {
    const file = join(dist, path);
    const text = readFileSync(file, "utf8");
    const changed = changeQuoted(text, change);
    if (changed !== text) writeFileSync(file, changed);
  }
}

/** Changes what stands between quotes, and nothing else. */
export function changeQuoted(text: string, change: (inside: string) => string): string {
  let changed = text;
  const quoted = [...readSource(text).quoted.values()].sort((a, b) => b.start - a.start);
  for (const { start, text: inside } of quoted) {
    const after = change(inside);
    if (after !== inside) changed = changed.slice(0, start + 1) + after + changed.slice(start + 1 + inside.length);
  }
  return changed;
}

/** Copies what is neither TypeScript nor a test from `src/` and `testing/`: pages, word lists, templates. */
export function copyAssets(root: string, dist: string): void {
  for (const [folder, into] of [
    ["src", dist],
    ["testing", join(dist, "testing")],
  ] as const) {
    const cwd = join(root, folder);
    if (!existsSync(cwd) || !existsSync(into)) continue; // without an entry point nothing of testing/ is published
    for (const entry of globSync("**/*", { cwd, withFileTypes: true, exclude: ["**/node_modules", "**/fixtures"] })) {
      if (!entry.isFile() || /\.[mc]?ts$|\.md$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const target = join(into, path.slice(cwd.length + 1));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(path, target);
    }
  }
}
