import { constants } from "node:os";
import type { Logger } from "../../kernel/index.ts";
import { isStrategyFault } from "../../security/index.ts";
import type { Dumps } from "./dumps.ts";

const deadlySignals = ["SIGQUIT", "SIGABRT"] as const;

/**
 * Dumps before the process dies of an error that nobody caught, of SIGQUIT or of SIGABRT, and on SIGTRAP, which it survives
 * (contract/wire.md section 7); an error of a strategy does not end it. Answers what takes the listeners away.
 */
export function dumpOnCrash(dumps: Dumps, log: Logger): () => void {
  const dump = (suffix: string, coreFile: boolean): Promise<unknown> =>
    dumps.write(suffix, { heapSnapshot: false, coreFile }).catch((err: unknown) => log.error("dump.failed", { err }));
  const die = (suffix: string, code: number): void => {
    void dump(suffix, true).then(() => process.exit(code));
  };
  const onException = (err: unknown): void => {
    if (isStrategyFault(err, log)) return;
    process.off("uncaughtException", onException);
    log.error("server.uncaught_exception", { err });
    die("uncaught-exception", 1);
  };
  const onSignal = (signal: NodeJS.Signals): void => die(signal.toLowerCase(), 128 + constants.signals[signal]);
  const onTrap = (): void => void dump("sigtrap", false);

  process.on("uncaughtException", onException);
  for (const signal of deadlySignals) process.once(signal, onSignal);
  process.on("SIGTRAP", onTrap);
  return () => {
    process.off("uncaughtException", onException);
    for (const signal of deadlySignals) process.off(signal, onSignal);
    process.off("SIGTRAP", onTrap);
  };
}
