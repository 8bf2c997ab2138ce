import { homedir } from "node:os";
import { Backend, type BackendOptions } from "../app/index.ts";
import { readStartArguments } from "./arguments.ts";
import { explain } from "./explain.ts";
import { guardProcess } from "./guard-process.ts";
import { findApplication, runApplication } from "./run-application.ts";
import { startApplication } from "./start-application.ts";
import { stopAll } from "./stop-all.ts";
import { supervise } from "./supervise.ts";
import { tellSupervisor } from "./tell-supervisor.ts";

/**
 * Starts the server of the working directory, of `--root`, or that which an application's file makes, and resolves when it has stopped.
 * Answers the exit code.
 */
export async function start(argv: readonly string[]): Promise<number> {
  const { file, root, rest } = readStartArguments(argv);
  // From the first moment: a supervisor may change its mind while the server starts.
  const signalled = stopSignal();
  const options: BackendOptions = { argv: rest, env: process.env, home: homedir() };
  try {
    if (file === undefined) return await startPlain({ ...options, root: root ?? process.cwd() }, signalled, argv);
    const application = findApplication(file);
    const launched = { ...options, root: root ?? application.root };
    return await startApplication(launched, signalled, (launcher) => runApplication(application, launcher));
  } catch (error) {
    process.stderr.write(`The server cannot start: ${explain(error)}\n`);
    return 1;
  }
}

async function startPlain(options: BackendOptions, signalled: Promise<void>, argv: readonly string[]): Promise<number> {
  const backend = new Backend("tenon", options); // reads the configuration
  if (backend.config.content.tenon.supervise === true) return supervise(argv);
  await backend.start();
  tellSupervisor();
  guardProcess(backend, process.env.NODE_ENV === "development");
  await Promise.race([signalled, backend.whenStopped]);
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
