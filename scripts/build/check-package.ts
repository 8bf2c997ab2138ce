import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What must not be published. */
const unwanted = /\.test\.|(?:^|\/)(?:node_modules|fixtures|reports)\/|(?:^|\/)\.staged\/|(?<!\.d)\.ts$|\.env|\.sqlite/;
const alwaysIn = ["package.json", "LICENSE", "README.md", "CHANGELOG.md"];

/** What is wrong with the package that `npm pack` would make of the folder `root`. */
export function packageProblems(root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest; // our own file
  const packed = packedFiles(root);
  const wanted = [...alwaysIn, ...Object.values(manifest.bin), ...exportsOf(root, manifest)];
  const problems = wanted
    .map((path) => path.replace(/^\.\//, ""))
    .filter((path) => !packed.includes(path))
    .map((path) => `the package lacks ${path}`);
  for (const path of packed) if (unwanted.test(path)) problems.push(`the package must not hold ${path}`);
  return problems;
}

/** The files of an entry point, as soon as the project has its source. */
function exportsOf(root: string, { exports }: Manifest): string[] {
  return Object.entries(exports).flatMap(([name, files]) => {
    const sources = name === "." ? ["src/index.ts"] : [`${name.slice(2)}/index.ts`, `src/${name.slice(2)}.ts`];
    return sources.some((source) => existsSync(join(root, source))) ? Object.values(files) : [];
  });
}

function packedFiles(root: string): string[] {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  const parsed: unknown = JSON.parse(output);
  // npm 10 answers a list of packages, npm 11 and later may answer them by name.
  const [first] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as { files: { path: string }[] }[];
  return (first?.files ?? []).map(({ path }) => path);
}
