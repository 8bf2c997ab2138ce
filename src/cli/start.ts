import { homedir } from "node:os";
import { resolve } from "node:path";
import { Backend } from "../app/index.ts";
import { KuzzleError } from "../kernel/index.ts";
import { runningPlugin } from "../plugins/index.ts";

/** Starts the server of the working directory, or of `--root`, and resolves when it has stopped. Answers the exit code. */
export async function start(argv: readonly string[]): Promise<number> {
  const { root, rest } = takeRoot(argv);
  // From the first moment: a supervisor may change its mind while the server starts.
  const signalled = stopSignal();
  let backend: Backend;
  try {
    backend = new Backend("tenon", { root, argv: rest, env: process.env, home: homedir() }); // reads the configuration
    await backend.start();
  } catch (error) {
    process.stderr.write(`The server cannot start: ${explain(error)}\n`);
    return 1;
  }
  guardProcess(backend, process.env.NODE_ENV === "development");
  await Promise.race([signalled, backend.whenStopped]);
  try {
    await backend.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`The server did not stop cleanly: ${explain(error)}\n`);
    return 1;
  }
}

/** Resolves at the first signal to stop; the second ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onSignal = (): void => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}

/**
 * What nobody caught. A rejection that nobody awaited is somebody's bug, mostly a plugin's, and no reason to leave the clients alone: it is
 * logged with the plugin's name (in development it ends the process, so that it is seen). After an uncaught exception the state is
 * unknown: the process ends, and its supervisor starts it again.
 */
function guardProcess(backend: Backend, isDevelopment: boolean): void {
  process.on("unhandledRejection", (reason) => {
    backend.log.error("process.unhandled_rejection", { plugin: runningPlugin(), err: reason });
    if (isDevelopment) process.exit(1);
  });
  process.on("uncaughtException", (err) => {
    backend.log.fatal("process.uncaught_exception", { plugin: runningPlugin(), err });
    process.exit(1);
  });
}

function takeRoot(argv: readonly string[]): { root: string; rest: readonly string[] } {
  const inline = argv.find((argument) => argument.startsWith("--root="));
  if (inline !== undefined) {
    return { root: resolve(inline.slice("--root=".length)), rest: argv.filter((argument) => argument !== inline) };
  }
  const at = argv.indexOf("--root");
  if (at < 0) return { root: process.cwd(), rest: argv };
  return { root: resolve(argv[at + 1] ?? "."), rest: argv.toSpliced(at, 2) };
}

/** What went wrong in a line; a stack only helps when it is nobody's known error. */
function explain(error: unknown): string {
  if (error instanceof KuzzleError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" || "code" in error ? error.message : (error.stack ?? error.message);
}
