import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A server in a process of its own, which can be killed. */
export interface SpawnedServer {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** What it has logged so far. */
  readonly log: readonly string[];
  /** Ends it with a signal and waits until it is gone; answers the exit code, null when the signal ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const main = join(import.meta.dirname, "../../src/cli/main.ts");

/** Runs `tenon start` on a free port over the given root, and waits until it says that it is ready. */
export async function spawnServer(root: string, args: readonly string[] = []): Promise<SpawnedServer> {
  const child = spawn(
    process.execPath,
    [main, "start", "--root", root, "--host", "127.0.0.1", "--port", "0", ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: root },
    },
  );
  const log: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    const complain = (): void => reject(new Error(`the server did not start:\n${log.join("\n")}`));
    child.once("exit", complain);
    createInterface(child.stderr).on("line", (line) => log.push(line));
    createInterface(child.stdout).on("line", (line) => {
      log.push(line);
      const ready = /"http":"http:\/\/[^"]*:(\d+)".*server\.ready/.exec(line);
      if (ready === null) return;
      child.off("exit", complain);
      resolve(Number(ready[1]));
    });
  });
  return {
    child,
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, "exit");
      child.kill(signal);
      const [code] = (await gone) as [number | null];
      return code;
    },
  };
}
