import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";
import { codeVersionOf, versionedUrl } from "./code-versions.ts";
import { loadedFormatOf } from "./type-script.ts";

/**
 * Runs the main file of a package and answers what it exports: `default` of an ES module or of compiled code, else the whole.
 * CommonJS and ES modules are loaded by `require`, those with a top-level await by `import`.
 * Errors: what the package throws; an `Error` that names the missing main file.
 */
export async function loadPackage({
  realPath,
  packageJson,
}: Pick<PackageFacts, "realPath" | "packageJson">): Promise<unknown> {
  const entry = mainFile(realPath, packageJson);
  return unwrap(await requireOrImport(entry));
}

async function requireOrImport(entry: string): Promise<unknown> {
  // What is loaded again must not be asked of `require` when it is an ES module: it would answer the former one.
  const isAgain = codeVersionOf(entry) !== undefined;
  if (isAgain && loadedFormatOf(entry, readFileSync(entry, "utf8")) === "module") return importModule(entry);
  try {
    return createRequire(entry)(entry) as unknown;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== "ERR_REQUIRE_ASYNC_MODULE" && code !== "ERR_REQUIRE_ESM") throw error;
    return importModule(entry);
  }
}

const importModule = async (entry: string): Promise<unknown> => import(versionedUrl(pathToFileURL(entry).href));

const extensions = ["", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"];

/** Error: names the folder that has none. */
export function mainFile(folder: string, packageJson: JSONObject): string {
  const named = [entryOfExports(packageJson.exports), packageJson.main].filter((it) => typeof it === "string");
  for (const name of [...named, "index"]) {
    for (const candidate of [name, join(name, "index")]) {
      for (const extension of extensions) {
        const file = join(folder, candidate + extension);
        if (/\.\w+$/.test(file) && existsSync(file)) return file;
      }
    }
  }
  throw new Error(`${folder} has no main file: name it in package.json ("main"), or call it index.js.`);
}

/** `exports` in its usual forms: a path, or conditions, perhaps under ".". */
function entryOfExports(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (!isPlainObject(exports)) return undefined;
  if ("." in exports) return entryOfExports(exports["."]);
  for (const condition of ["node", "require", "import", "default"]) {
    const entry = entryOfExports(exports[condition]);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function unwrap(exported: unknown): unknown {
  let value = exported;
  // Compiled code that was imported again has a default within its default.
  for (let depth = 0; depth < 2; depth++) {
    if (typeof value !== "object" || value === null || !("default" in value) || value.default === undefined) break;
    value = value.default;
  }
  return value;
}
