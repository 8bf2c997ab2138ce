import type { Backend } from "../backend.ts";

/**
 * For an application that was run by Node itself: the first signal to stop ends it in order, the second at once. Answers what takes the
 * listeners away again.
 */
export function stopAtSignals(backend: Backend): () => void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    backend.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        backend.log.error("server.stop_failed", { err });
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return () => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
}
