/** The command line as a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface TenonRun {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its first word on stderr to its end. */
  readonly workedMs: number;
}

export interface RunOptions {
  readonly killAfterMs?: number;
  /** SIGKILL unless given. */
  readonly signal?: NodeJS.Signals;
}

/** Runs `tenon …`; with `killAfterMs` it is killed so long after it has said its first word, unless it has ended before. */
export function runTenon(
  args: readonly string[],
  { killAfterMs, signal = "SIGKILL" }: RunOptions = {},
): Promise<TenonRun> {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  if (killAfterMs !== undefined) child.stderr.once("data", () => setTimeout(() => child.kill(signal), killAfterMs));
  let startedAt = performance.now();
  child.stderr.once("data", () => {
    startedAt = performance.now();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said, workedMs: performance.now() - startedAt }));
  });
}
