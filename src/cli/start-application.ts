import type { Backend, BackendOptions, Launcher } from "../app/index.ts";
import { guardProcess } from "./guard-process.ts";
import { stopAll } from "./stop-all.ts";
import { tellSupervisor } from "./tell-supervisor.ts";

/**
 * Runs an application, which makes and starts its `Backend` itself, and resolves when its servers have stopped. Answers the exit code.
 * Errors: what the application's code throws while it is loaded, and the failure of a start that it does not handle.
 */
export async function startApplication(
  options: BackendOptions,
  signalled: Promise<void>,
  run: (launcher: Launcher) => Promise<void>,
): Promise<number> {
  const started: Backend[] = [];
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  // The rejection of `app.start()` is told by `onFailed`; its author may or may not await it.
  const onEarlyRejection = (reason: unknown): void => fail(reason);
  process.on("unhandledRejection", onEarlyRejection);
  process.once("beforeExit", () => fail(new Error(nothingStarted)));
  await Promise.race([
    ended,
    signalled,
    run({
      options,
      onMade: (backend) => {
        backend.whenStopped.then(() => {
          if (started.includes(backend)) end();
        });
      },
      onStarted: (backend) => {
        started.push(backend);
        if (started.length > 1) return;
        process.off("unhandledRejection", onEarlyRejection);
        tellSupervisor();
        guardProcess(backend, process.env.NODE_ENV === "development");
      },
      // After the application's own handlers: they may have more to say.
      onFailed: (error) => setImmediate(() => fail(error)),
    }),
  ]);
  await Promise.race([ended, signalled]);
  return stopAll(started);
}

const nothingStarted = "the application has ended without a server: it must call start() of its Backend";
