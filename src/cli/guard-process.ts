import type { Backend } from "../app/index.ts";
import { runningPlugin } from "../plugins/index.ts";

/**
 * What nobody caught. A rejection that nobody awaited is somebody's bug, mostly a plugin's, and no reason to leave the clients alone: it is
 * logged with the plugin's name (in development it ends the process, so that it is seen). After an uncaught exception the state is
 * unknown: the process ends, and its supervisor starts it again.
 */
export function guardProcess(backend: Backend, isDevelopment: boolean): void {
  process.on("unhandledRejection", (reason) => {
    backend.log.error("process.unhandled_rejection", { plugin: runningPlugin(), err: reason });
    if (isDevelopment) process.exit(1);
  });
  process.on("uncaughtException", (err) => {
    backend.log.fatal("process.uncaught_exception", { plugin: runningPlugin(), err });
    process.exit(1);
  });
}
