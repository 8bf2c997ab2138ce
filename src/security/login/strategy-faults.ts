import { AsyncLocalStorage } from "node:async_hooks";
import { isThenable, type StrategyDefinition, type StrategyMethods } from "../../events/index.ts";
import type { Logger } from "../../kernel/index.ts";

/** A strategy at work: on a login, on credentials, or on its own registration. */
interface Work {
  readonly plugin: string;
  readonly strategy: string;
  /** Answers whoever waits for it; does nothing once that is answered. */
  fail(error: unknown): void;
  /** The last exception that was told; whatever is thrown may be one. */
  told: unknown;
}

const nothing = Symbol("nothing");

/** Also in timers and callbacks that the strategy has started. */
const works = new AsyncLocalStorage<Work>();

/** Runs code of a strategy: what it throws later, outside of any promise that somebody awaits, `fail`s. */
export function runStrategy<R>(of: StrategyDefinition, fail: (error: unknown) => void, run: () => R): R {
  return works.run({ plugin: of.plugin, strategy: of.name, fail, told: nothing }, run);
}

/** The same definition, whose methods run by {@link runStrategy}; within a login by this strategy they are part of that. */
export function withFaultsFound(of: StrategyDefinition): StrategyDefinition {
  const methods = Object.entries(of.methods as unknown as Readonly<Record<string, Method | undefined>>);
  const found = methods.map(([name, method]) => [name, method && faultsFound(of, method)] as const);
  return { ...of, methods: Object.fromEntries(found) as unknown as StrategyMethods };
}

type Method = (...args: unknown[]) => unknown;

function faultsFound(of: StrategyDefinition, method: Method): Method {
  const called: Method = (...args) => {
    const present = works.getStore();
    if (present?.plugin === of.plugin && present.strategy === of.name) return method.apply(of.methods, args);
    let fail = (_error: unknown): void => {};
    const answer = runStrategy(
      of,
      (error) => fail(error),
      () => method.apply(of.methods, args),
    );
    if (!isThenable(answer)) return answer;
    return new Promise((resolve, reject) => {
      fail = reject;
      answer.then(resolve, reject);
    });
  };
  // Passport's strategies choose what they give to `verify` by how many parameters it declares.
  return Object.defineProperty(called, "length", { value: method.length });
}

/** The strategy whose code runs, or has started the timer or callback that does. For logs of uncaught errors. */
export function runningStrategy(): { readonly plugin: string; readonly strategy: string } | undefined {
  const work = works.getStore();
  return work && { plugin: work.plugin, strategy: work.strategy };
}

/** Fails what the running strategy does, for a rejection that nobody awaits. */
export function failRunningStrategy(error: unknown): void {
  works.getStore()?.fail(error);
}

/**
 * For an exception that nobody caught: true when it comes from a strategy, whose trouble is its own. What the strategy was asked for fails,
 * and the log is told once, however many ask. False for the server's own faults.
 */
export function isStrategyFault(error: unknown, log: Logger): boolean {
  const work = works.getStore();
  if (work === undefined || isOwn(error)) return false;
  if (work.told !== error) {
    work.told = error;
    log.error("process.strategy_failed", { plugin: work.plugin, strategy: work.strategy, err: error });
    work.fail(error);
  }
  return true;
}

const ownCode = new URL("../../", import.meta.url).href;

/** The server's, which a strategy has only called: its stack names the server's code, and nobody else's. */
function isOwn(error: unknown): boolean {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = stack
    .split("\n")
    .filter((line) => /^\s+at .*[/\\].*:\d+:\d+\)?$/.test(line) && !line.includes("node:"));
  return frames.length > 0 && frames.every((frame) => frame.includes(ownCode));
}
