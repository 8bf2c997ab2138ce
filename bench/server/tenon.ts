import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kuzzle, WebSocket } from "kuzzle-sdk";
import { HttpClient, httpRequest } from "./http-client.ts";

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startMs: number;
  /** When the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

export interface TenonOptions {
  /** Data directory; a fresh one that is removed at the end unless given. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the compiled build (`npm run build` first) in a process of its own, and waits until it answers. */
export async function startTenon({ data, env = {} }: TenonOptions = {}): Promise<RunningServer> {
  const root = mkdtempSync(join(tmpdir(), "tenon-bench-"));
  const directory = data ?? join(root, "data");
  const main = new URL("../../dist/cli/main.js", import.meta.url).pathname;
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [main, "start", "--port", String(port), "--host", "127.0.0.1", "--data", directory, "--root", root],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    },
  );
  await answers(port, child);
  const startMs = performance.now() - startedAt;
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
    rmSync(root, { recursive: true, force: true });
  };
  return {
    pid: child.pid as number,
    port,
    startMs,
    startedAt,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Asks until the server answers, over a bare socket: a heavier client would count its own start too. */
export async function answers(port: number, child: ChildProcess, path = "/_now"): Promise<void> {
  const deadline = performance.now() + 30_000;
  const request = httpRequest("GET", path);
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    try {
      const client = await HttpClient.open(port);
      await client.send(request);
      client.close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  throw new Error("the server does not answer");
}

/** The first administrator, with the default rights restricted: what every production server does first. Answers its token. */
export async function becomeAdministrator(port: number): Promise<{ kuzzle: Kuzzle; token: string }> {
  const kuzzle = new Kuzzle(new WebSocket("127.0.0.1", { port }));
  await kuzzle.connect();
  const credentials = { username: "admin", password: "a long password" };
  const { result: admin } = await kuzzle.query({ controller: "server", action: "adminExists" });
  if ((admin as { exists: boolean }).exists === false) {
    const body = { content: {}, credentials: { local: credentials } };
    await kuzzle.query({ controller: "security", action: "createFirstAdmin", _id: "admin", reset: true, body });
  }
  const token = await kuzzle.auth.login("local", credentials, "1h");
  return { kuzzle, token };
}
