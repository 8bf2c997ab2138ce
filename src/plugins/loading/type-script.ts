import { existsSync, readFileSync } from "node:fs";
import { type LoadHookContext, type registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { noteLoaded } from "./code-versions.ts";
import { pluginRootOf } from "./plugin-roots.ts";
import { withoutTypeImports } from "./type-imports.ts";

type NextLoad = Parameters<NonNullable<Parameters<typeof registerHooks>[0]["load"]>>[2];
type Loaded = ReturnType<NextLoad>;

/**
 * Loads the TypeScript of plugins and applications, also in `node_modules`, where Node refuses to strip types; imported names that were types
 * go with them. Everything else is left to Node.
 */
export function loadTypeScript(url: string, context: LoadHookContext, nextLoad: NextLoad): Loaded {
  noteLoaded(url);
  if (!/\.[cm]?ts(\?|$)/.test(url) || !url.startsWith("file:")) return nextLoad(url, context);
  const file = fileURLToPath(url);
  if (pluginRootOf(file) === undefined) return nextLoad(url, context);
  const source = withoutTypeImports(stripTypes(readFileSync(file, "utf8"), url));
  return { format: formatOf(file, source), source, shortCircuit: true };
}

/** Error: says where the source cannot be read. Node warns at the first call that its function may change: authors can do nothing about that. */
export function stripTypes(source: string, sourceUrl: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source, { mode: "strip", sourceUrl });
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** As Node decides it: by the extension, by the nearest package, by the syntax. */
export function formatOf(file: string, source: string): "module" | "commonjs" {
  if (/\.m[jt]s$/.test(file)) return "module";
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  const type = typeOfPackage(dirname(file));
  if (type !== undefined) return type;
  return /^\s*(import\s*["'{*\w]|export\s)/m.test(source) ? "module" : "commonjs";
}

function typeOfPackage(folder: string): "module" | "commonjs" | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, "utf8")) as { type?: unknown };
    return type === "module" || type === "commonjs" ? type : undefined;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : typeOfPackage(parent);
}
