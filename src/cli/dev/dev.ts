import { realpathSync } from "node:fs";
import { findApplication } from "../application-file.ts";
import { readStartArguments } from "../arguments.ts";
import { explain } from "../explain.ts";
import { DevLoop } from "./dev-loop.ts";
import { watchApplication } from "./watch-application.ts";

/**
 * `tenon dev [FILE]`: as `tenon start`, for whoever writes plugins. A plugin whose files change is loaded again while the server runs; other
 * changes start the server again. Resolves after a signal to stop, with the exit code.
 */
export async function dev(argv: readonly string[]): Promise<number> {
  const { file, root: givenRoot, rest } = readStartArguments(argv);
  let root: string;
  try {
    root = realpathSync(givenRoot ?? (file === undefined ? process.cwd() : findApplication(file).root));
  } catch (error) {
    process.stderr.write(`The server cannot start: ${explain(error)}\n`);
    return 1;
  }
  const env = { ...process.env, NODE_ENV: process.env.NODE_ENV ?? "development" };
  const say = (line: string): void => void process.stdout.write(`tenon dev: ${line}\n`);
  const loop = new DevLoop({ argv, env, root, say });
  const unwatch = watchApplication(
    { root, hasCode: file !== undefined, configFile: namedConfig(rest) },
    (change) => loop.onChange(change),
    (error) => say(`not all files can be watched: ${error.message}`),
  );
  const signalled = stopSignal(() => loop.kill());
  loop.start();
  await signalled;
  unwatch();
  return loop.stop();
}

/** A terminal and a process in between may both pass on the same signal: only a later one is another. */
const sameSignalMs = 500;

/** Resolves at the first signal to stop; at another one `onImpatience` is called. */
function stopSignal(onImpatience: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const onSignal = (): void => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > sameSignalMs) onImpatience();
    resolve();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return promise;
}

/** The file of `--config`. */
function namedConfig(argv: readonly string[]): string | undefined {
  const at = argv.indexOf("--config");
  const inline = argv.find((argument) => argument.startsWith("--config="));
  return at < 0 ? inline?.slice("--config=".length) : argv[at + 1];
}
