import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const project = join(import.meta.dirname, "../..");

/**
 * Builds and packs the project, and installs the package into `<folder>/node_modules` as npm would, its dependencies by links to those of the project:
 * no network is needed. The compiler, which the author of a plugin installs, is there too.
 */
export async function installPackage(folder: string): Promise<void> {
  await run(process.execPath, [join(project, "scripts/build.ts")], { cwd: project });
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: project });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  await run("tar", ["-xzf", tarball], { cwd: folder });
  const modules = join(folder, "node_modules");
  cpSync(join(folder, "package"), join(modules, "tenon"), { recursive: true });
  const { dependencies, bin } = JSON.parse(readFileSync(join(modules, "tenon/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    bin: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), "typescript", "@types"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true }); // of a scope
    symlinkSync(join(project, "node_modules", name), join(modules, name));
  }
  mkdirSync(join(modules, ".bin"));
  symlinkSync(join("../tenon", bin.tenon ?? ""), join(modules, ".bin/tenon"));
  symlinkSync("../typescript/bin/tsc", join(modules, ".bin/tsc"));
}
