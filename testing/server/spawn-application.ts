import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

/** An application that the command line runs in a process of its own; disposing of it kills it and removes its data. */
export interface SpawnedApplication extends AsyncDisposable {
  readonly child: ChildProcess;
  /** All that it has written so far. */
  readonly said: () => string;
  /** Waits until it says that it is ready; answers its address. */
  readonly ready: () => Promise<string>;
  /** Its exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface ApplicationOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** An existing folder for its data, which then stays. */
  readonly data?: string;
}

/** Runs `tenon start <file>` on a free port. */
export async function spawnApplication(
  file: string,
  { env = {}, data }: ApplicationOptions = {},
): Promise<SpawnedApplication> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), "tenon-application-")));
  const child = spawn(process.execPath, [main, "start", file, "--host", "127.0.0.1", "--port", "0", "--data", folder], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const said = (): string => text;
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    child,
    said,
    ended,
    ready: () => addressOf(child, said),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      if (data === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function addressOf(child: ChildProcess, said: () => string): Promise<string> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const port = /"http":"http:\/\/[^"]*:(\d+)".*server\.ready/.exec(said())?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    assert.ok(child.exitCode === null && Date.now() < deadline, said());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
