import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PublicApi } from "./present.ts";

const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const startMs = 30_000;

/**
 * Starts the server on a free port with an empty folder for its data, asks for its API, and stops it.
 * Errors: what the server said, when it does not start within 30 s.
 */
export async function askPublicApi(): Promise<PublicApi> {
  const root = mkdtempSync(join(tmpdir(), "contract-"));
  const argv = [program, "start", "--port", "0", "--data", join(root, "data"), "--root", root];
  const server = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  try {
    const address = await addressOf(server);
    const response = await fetch(`${address}/_publicApi`, { signal: AbortSignal.timeout(startMs) });
    const { result } = (await response.json()) as { result: PublicApi | null }; // the answer's shape is what is being checked
    if (result === null) throw new Error(`server:publicApi answers ${response.status}`);
    return result;
  } finally {
    await stop(server);
    rmSync(root, { recursive: true, force: true });
  }
}

/** The address in the line with which the server says that it is ready. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const give = (why: string): void => reject(new Error(`The server ${why}.\n${said.trim()}`));
    const timer = setTimeout(() => give(`did not say its address within ${startMs / 1_000} s`), startMs);
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /\bserver\.ready\b.*?\bhttp:\/\/[^\s"'/]+:(\d+)|http:\/\/[^\s"'/]+:(\d+).*\bserver\.ready\b/
        .exec(said)
        ?.slice(1)
        .find(Boolean);
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(`http://127.0.0.1:${port}`);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("error", reject);
    server.once("exit", (code) => {
      clearTimeout(timer);
      give(`ended with ${code} before it was ready`);
    });
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}
