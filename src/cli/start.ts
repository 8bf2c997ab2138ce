import { homedir } from "node:os";
import { Backend, type BackendOptions } from "../app/index.ts";
import { dropPreparedThreads } from "../stores/documents/early.ts";
import { findApplication } from "./application-file.ts";
import { readStartArguments } from "./arguments.ts";
import { collectYoung } from "./collect-young.ts";
import { explain } from "./explain.ts";
import { guardProcess } from "./guard-process.ts";
import { runApplication } from "./run-application.ts";
import { startApplication } from "./start-application.ts";
import { stopAll } from "./stop-all.ts";
import { supervise } from "./supervise.ts";
import { tellSupervisor } from "./tell-supervisor.ts";

/** Who runs a server, and hears of it. */
export interface ServeParts {
  /** Resolves when the server is to stop. */
  readonly stopped: Promise<void>;
  readonly onStarted: (backend: Backend) => void;
  /** Runs it in another process, when the configuration asks for that; absent where somebody watches over it already. */
  readonly supervised?: () => Promise<number>;
  readonly options: Pick<BackendOptions, "readable" | "onHost">;
}

/**
 * Starts the server of the working directory, of `--root`, or that which an application's file makes, and resolves when it has stopped.
 * Answers the exit code.
 */
export function start(argv: readonly string[]): Promise<number> {
  // From the first moment: a supervisor may change its mind while the server starts.
  return serve(argv, {
    stopped: stopSignal(),
    onStarted: tellSupervisor,
    supervised: () => supervise(argv),
    options: {},
  });
}

/** {@link start}, for whoever says when it is to stop. */
export async function serve(
  argv: readonly string[],
  { stopped, onStarted, supervised, options }: ServeParts,
): Promise<number> {
  collectYoung();
  const { file, root, rest } = readStartArguments(argv);
  const own: BackendOptions = { argv: rest, env: process.env, home: homedir(), ...options };
  const onFirst = (backend: Backend): void => {
    guardProcess(backend, process.env.NODE_ENV === "development");
    onStarted(backend);
  };
  try {
    if (file === undefined) {
      return await startPlain({ ...own, root: root ?? process.cwd() }, stopped, onFirst, supervised);
    }
    const application = findApplication(file);
    const launched = { ...own, root: root ?? application.root };
    return await startApplication(launched, stopped, onFirst, (launcher) => runApplication(application, launcher));
  } catch (error) {
    process.stderr.write(`The server cannot start: ${explain(error)}\n`);
    return 1;
  }
}

async function startPlain(
  options: BackendOptions,
  stopped: Promise<void>,
  onStarted: (backend: Backend) => void,
  supervised: ServeParts["supervised"],
): Promise<number> {
  const backend = new Backend("tenon", options); // reads the configuration
  if (supervised !== undefined && backend.config.content.tenon.supervise === true) {
    dropPreparedThreads();
    return supervised();
  }
  await backend.start();
  onStarted(backend);
  await Promise.race([stopped, backend.whenStopped]);
  return stopAll([backend]);
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
