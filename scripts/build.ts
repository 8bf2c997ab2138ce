/** Builds the package into `dist/`: `npm run build`. Ends with 1, and says why, when the package would not be what `package.json` promises. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./build/bundle.ts";
import { packageProblems } from "./build/check-package.ts";
import { launcher } from "./build/launcher.ts";
import { copyAssets, layOut } from "./build/package-layout.ts";
import { danglingReferences } from "./build/references.ts";

const startedAt = performance.now();
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile();
layOut(dist);
renameSync(join(dist, "cli", "main.js"), join(dist, "cli", "program.js"));
await bundle(dist);
copyAssets(root, dist);
writeLauncher();

const problems = [...danglingReferences(dist), ...launcherProblems(), ...packageProblems(root)];
for (const problem of problems) console.error(`build: ${problem}`);
if (problems.length === 0)
  console.log(`build: dist/ is ready (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
process.exitCode = problems.length === 0 ? 0 : 1;

function compile(): void {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

function writeLauncher(): void {
  const main = join(dist, "cli", "main.js");
  writeFileSync(main, launcher);
  chmodSync(main, 0o755);
}

/** The command must at least tell what it can do. */
function launcherProblems(): string[] {
  if (!existsSync(join(dist, "cli", "main.js"))) return ["dist/cli/main.js is missing"];
  try {
    const said = execFileSync(process.execPath, [join(dist, "cli", "main.js"), "help"], {
      encoding: "utf8",
      timeout: 30_000,
    });
    return said.includes("tenon") ? [] : ["`tenon help` says nothing"];
  } catch (error) {
    return [`\`tenon help\` fails: ${(error as Error).message}`];
  }
}
