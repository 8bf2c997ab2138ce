import { homedir } from "node:os";
import { resolve } from "node:path";
import { Backend } from "../app/index.ts";
import { KuzzleError } from "../kernel/index.ts";

/** Starts the server of the working directory, or of `--root`, and resolves when it has stopped. Answers the exit code. */
export async function start(argv: readonly string[]): Promise<number> {
  const { root, rest } = takeRoot(argv);
  let backend: Backend;
  try {
    backend = new Backend("tenon", { root, argv: rest, env: process.env, home: homedir() }); // reads the configuration
    await backend.start();
  } catch (error) {
    process.stderr.write(`The server cannot start: ${explain(error)}\n`);
    return 1;
  }
  return stopped(backend);
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

/** The first signal stops the server in order, the second at once. */
function stopped(backend: Backend): Promise<number> {
  return new Promise((done) => {
    let isStopping = false;
    const stop = (): void => {
      if (isStopping) process.exit(1);
      isStopping = true;
      backend.stop().then(
        () => done(0),
        (error: unknown) => {
          process.stderr.write(`The server did not stop cleanly: ${explain(error)}\n`);
          done(1);
        },
      );
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    void backend.whenStopped.then(() => done(0));
  });
}
