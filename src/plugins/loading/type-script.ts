import { existsSync, readFileSync } from "node:fs";
import { type LoadHookContext, type registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pluginRootOf } from "./plugin-roots.ts";

type NextLoad = Parameters<NonNullable<Parameters<typeof registerHooks>[0]["load"]>>[2];
type Loaded = ReturnType<NextLoad>;

/**
 * Loads the TypeScript of plugins that lie in `node_modules`, where Node refuses to strip types. Everything else is left to Node.
 */
export function loadTypeScript(url: string, context: LoadHookContext, nextLoad: NextLoad): Loaded {
  if (!/\.[cm]?ts$/.test(url) || !url.includes("/node_modules/") || !url.startsWith("file:"))
    return nextLoad(url, context);
  const file = fileURLToPath(url);
  if (pluginRootOf(file) === undefined) return nextLoad(url, context);
  const source = stripTypeScriptTypes(readFileSync(file, "utf8"), { mode: "strip", sourceUrl: url });
  return { format: formatOf(file, source), source, shortCircuit: true };
}

/** As Node decides it: by the extension, by the nearest package, by the syntax. */
function formatOf(file: string, source: string): "module" | "commonjs" {
  if (file.endsWith(".mts")) return "module";
  if (file.endsWith(".cts")) return "commonjs";
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
