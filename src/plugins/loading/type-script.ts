import { existsSync, readFileSync } from "node:fs";
import { type LoadHookContext, type registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { noteLoaded } from "./code-versions.ts";
import { compileByOwnCompiler, type ModuleFormat, ownFormatOf } from "./own-compiler.ts";
import { pluginRootOf } from "./plugin-roots.ts";
import { withoutTypeImports } from "./type-imports.ts";

type NextLoad = Parameters<NonNullable<Parameters<typeof registerHooks>[0]["load"]>>[2];
type Loaded = ReturnType<NextLoad>;

/**
 * Loads the TypeScript of plugins and applications, also in `node_modules`, where Node refuses to strip types. Where its author has installed
 * a compiler, that compiles it; else its types are removed, and imported names that were types go with them. Everything else is left to Node.
 * Error: names the file that needs a compiler, and says how to get one.
 */
export function loadTypeScript(url: string, context: LoadHookContext, nextLoad: NextLoad): Loaded {
  noteLoaded(url);
  if (!/\.[cm]?ts(\?|$)/.test(url) || !url.startsWith("file:")) return nextLoad(url, context);
  const file = fileURLToPath(url);
  if (pluginRootOf(file) === undefined) return nextLoad(url, context);
  const written = readFileSync(file, "utf8");
  const loaded = compileByOwnCompiler(file, written, formatOf) ?? withoutTypes(file, written, url);
  return { ...loaded, shortCircuit: true };
}

function withoutTypes(file: string, written: string, url: string): { source: string; format: ModuleFormat } {
  try {
    const source = withoutTypeImports(stripTypes(written, url));
    return { source, format: formatOf(file, source) };
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
    const compiled = compileByOwnCompiler(file, written, formatOf, true);
    if (compiled !== undefined) return compiled;
    throw new Error(`${file} needs more than its types removed: ${(error as Error).message}. ${hint}`, {
      cause: error,
    });
  }
}

const hint =
  "Install a compiler beside it (npm install --save-dev typescript@5), or compile it before (tsc) and start what that writes.";

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

/** In which form a file will be run. */
export const loadedFormatOf = (file: string, source: string): ModuleFormat =>
  (/\.[cm]?ts$/.test(file) ? ownFormatOf(file) : undefined) ?? formatOf(file, source);

/** As Node decides it: by the extension, by the nearest package, by the syntax. */
function formatOf(file: string, source: string): ModuleFormat {
  if (/\.m[jt]s$/.test(file)) return "module";
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  const type = typeOfPackage(dirname(file));
  if (type !== undefined) return type;
  return /^\s*(import\s*["'{*\w]|export\s)/m.test(source) ? "module" : "commonjs";
}

function typeOfPackage(folder: string): ModuleFormat | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { type } = JSON.parse(readFileSync(file, "utf8")) as { type?: unknown };
    return type === "module" || type === "commonjs" ? type : undefined;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : typeOfPackage(parent);
}
