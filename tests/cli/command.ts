import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Sends a signal once this resolves. */
  readonly interrupt?: Promise<unknown>;
}

/** A folder that goes with the test, with these files in it. */
export function folderWith(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tenon-cli-")));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeInto(root, files);
  return root;
}

export function writeInto(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The files of a plugin for Kuzzle 2, below a folder. */
export const pluginFiles = (
  folder: string,
  name: string,
  {
    version = "1.0.0",
    main = "module.exports = class { async init() {} };",
    manifest = {},
    packageJson = {},
  }: { version?: string; main?: string; manifest?: object; packageJson?: object } = {},
): Record<string, string> => ({
  [`${folder}/manifest.json`]: JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0", ...manifest }),
  [`${folder}/package.json`]: JSON.stringify({ name, version, main: "index.js", ...packageJson }),
  [`${folder}/index.js`]: main,
});

/** Runs `tenon plugin …` in a process of its own, in the root. */
export function runPlugin(root: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, cwd = root, interrupt } = options;
  const child = spawn(process.execPath, [main, "plugin", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: root, ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  void interrupt?.then(() => child.kill("SIGINT"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said }));
  });
}

/** The same with `--json`: what it answers. */
export async function askPlugin<T>(root: string, args: readonly string[], options: RunOptions = {}): Promise<T> {
  const { stdout, stderr } = await runPlugin(root, [...args, "--json"], options);
  try {
    return JSON.parse(stdout) as T;
  } catch (error) {
    throw new Error(`no JSON: ${stdout}\n${stderr}`, { cause: error });
  }
}
