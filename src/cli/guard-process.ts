import type { Backend } from "../app/index.ts";
import { runningPlugin } from "../plugins/index.ts";
import { failRunningStrategy, isStrategyFault, runningStrategy } from "../security/index.ts";

/**
 * What nobody caught. A rejection that nobody awaited is somebody's bug, mostly a plugin's, and no reason to leave the clients alone: it is
 * logged with the plugin's name (in development it ends the process, so that it is seen). After an uncaught exception the state is
 * unknown: the process ends, and its supervisor starts it again. Not after one of a strategy: it holds nothing but one login, which fails, and
 * anybody can have it run.
 */
export function guardProcess(backend: Backend, isDevelopment: boolean): void {
  process.on("unhandledRejection", (reason) => {
    const { plugin = runningPlugin(), strategy } = runningStrategy() ?? {};
    backend.log.error("process.unhandled_rejection", { plugin, strategy, err: reason });
    failRunningStrategy(reason);
    if (isDevelopment) process.exit(1);
  });
  process.on("uncaughtException", (err) => {
    if (isStrategyFault(err, backend.log)) return;
    backend.log.fatal("process.uncaught_exception", { plugin: runningPlugin(), err });
    process.exit(1);
  });
}
