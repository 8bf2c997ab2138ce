import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { type Import, importsOf } from "./imports.ts";

export interface ResolvedImport extends Import {
  /** Path from the root when the import is relative and its file is there. */
  readonly target: string | undefined;
  readonly isRelative: boolean;
}

export interface ProjectFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly source: string;
  readonly imports: readonly ResolvedImport[];
}

const folders = ["src", "testing", "tests", "scripts", "bench", "examples"];

/** An application as its author wrote it for another server, with a compiler and rules of its own. */
const foreign = "tests/applications/*/**";

/** Every TypeScript file of the project by its path. */
export function readProject(root: string): ReadonlyMap<string, ProjectFile> {
  const files = new Map<string, ProjectFile>();
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,mts,cts}`);
  const paths = globSync(patterns, { cwd: root, exclude: ["**/node_modules", foreign] });
  for (const found of paths.sort()) {
    const path = found.replaceAll("\\", "/");
    const source = readFileSync(join(root, path), "utf8");
    const imports = importsOf(source).map((imported) => resolve(root, path, imported));
    files.set(path, { path, source, imports });
  }
  return files;
}

function resolve(root: string, from: string, imported: Import): ResolvedImport {
  const isRelative = imported.specifier.startsWith(".");
  if (!isRelative) return { ...imported, isRelative, target: undefined };
  const [file = ""] = imported.specifier.split("?"); // a query makes another copy of the same module
  const target = posix.join(dirname(from), file);
  return { ...imported, isRelative, target: existsSync(join(root, target)) ? target : undefined };
}
