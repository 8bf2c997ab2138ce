import type { Backend, BackendOptions, Launcher } from "../app/index.ts";
import { stopAll } from "./stop-all.ts";

/**
 * Runs an application, which makes and starts its `Backend` itself, and resolves when its servers have stopped. Answers the exit code.
 * Errors: what the application's code throws while it is loaded, and the failure of a start that it does not handle.
 */
export async function startApplication(
  options: BackendOptions,
  stopped: Promise<void>,
  /** Told of the first server that has started. */
  onFirst: (backend: Backend) => void,
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
    stopped,
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
        onFirst(backend);
      },
      // After the application's own handlers: they may have more to say.
      onFailed: (error) => setImmediate(() => fail(error)),
    }),
  ]);
  await Promise.race([ended, stopped]);
  return stopAll(started);
}

const nothingStarted = "the application has ended without a server: it must call start() of its Backend";
