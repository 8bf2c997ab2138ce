import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** The first pause before the server is started again; each further one is twice as long, up to the longest. */
const firstPauseMs = 100;
const longestPauseMs = 30_000;
/** A server that ran for so long was well: the pauses begin anew. */
const wellAfterMs = 60_000;

/** What the server sends once it is ready; process managers know the word too. */
export const readyMessage = "ready";

/**
 * Runs `tenon start` in a process of its own, passes signals on, and starts it again when it ends unexpectedly: not after a clean stop, and not when
 * its first start was refused. Answers the exit code.
 */
export async function supervise(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let server: ChildProcess | undefined;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      stop.abort();
      // A terminal has told the server itself; the second signal would end it at once.
      if (signal === "SIGTERM" || process.stdin.isTTY !== true) server?.kill(signal);
    });
  }
  let wasReady = false;
  for (let restarts = 0; ; restarts++) {
    const startedAt = performance.now();
    server = startServer(argv);
    server.on("message", (message) => {
      wasReady ||= message === readyMessage;
    });
    const [code, signal] = (await once(server, "exit")) as [number | null, NodeJS.Signals | null];
    if (code === 0 || stop.signal.aborted || !wasReady) return code ?? 1;
    if (performance.now() - startedAt > wellAfterMs) restarts = 0;
    const pauseMs = Math.min(firstPauseMs * 2 ** restarts, longestPauseMs);
    const how = code === null ? `by ${signal}` : `with code ${code}`;
    process.stderr.write(`The server has ended unexpectedly, ${how}; it is started again in ${pauseMs} ms.\n`);
    await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return 0;
  }
}

function startServer(argv: readonly string[]): ChildProcess {
  const [, main = ""] = process.argv;
  const given = [...process.execArgv, main, "start", ...argv, "--no-tenon.supervise"];
  return spawn(process.execPath, given, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
}
