import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type Logger, markCells, type RunningMarks } from "../../kernel/index.ts";
import type { LineOutput, Watched, WatchMessage } from "./watch-thread.ts";

export interface WatchdogDeps {
  readonly marks: RunningMarks;
  readonly log: Logger;
  /** The section `tenon.watchdog` of the configuration; times are milliseconds. */
  readonly options: { readonly warnAfter: number; readonly endAfter: number; readonly thread: boolean };
  /** Where the thread writes its lines: the log is in the thread that stands still. */
  readonly output: LineOutput;
  /** Where the code of plugins lies, to know whose a line is. */
  readonly folders: readonly { readonly plugin: string; readonly path: string }[];
}

/** The least and the most that lies between two looks at the loop. */
const looksMs = { least: 20, most: 250 } as const;

/**
 * Watches the event loop. Afterwards it tells how long the loop stood still and what was entered last; with the thread it tells so while the loop
 * stands still, with the line of code, and may end the process. Answers how to stop it. See docs/decisions/0009-watchdog.md.
 */
export function startWatchdog(deps: WatchdogDeps): AsyncDisposable {
  const { marks, log, options } = deps;
  const { warnAfter: warnAfterMs, endAfter: endAfterMs } = options;
  const shortestMs = Math.min(...[warnAfterMs, endAfterMs].filter((limitMs) => limitMs > 0));
  if (shortestMs === Number.POSITIVE_INFINITY) return { [Symbol.asyncDispose]: async () => {} };
  const everyMs = Math.min(Math.max(shortestMs / 4, looksMs.least), looksMs.most);
  let turnedAt = performance.now();
  const timer = setInterval(() => {
    marks.tick();
    const now = performance.now();
    const blockedMs = Math.round(now - turnedAt - everyMs);
    turnedAt = now;
    if (warnAfterMs === 0 || blockedMs <= warnAfterMs) return;
    const { plugin, what } = marks.last ?? {};
    log.warn("server.loop_was_blocked", {
      blockedMs,
      lastEntered: plugin === undefined ? undefined : { plugin, what },
    });
  }, everyMs).unref();
  const thread = options.thread || endAfterMs > 0 ? startThread(deps, everyMs) : undefined;
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await thread?.terminate();
    },
  };
}

function startThread({ marks, log, options, output, folders }: WatchdogDeps, everyMs: number): Worker {
  const { memory } = marks;
  const { warnAfter: warnAfterMs, endAfter: endAfterMs } = options;
  const thread = new Worker(new URL(`./watch-thread${extname(import.meta.url)}`, import.meta.url), {
    name: "watchdog",
    workerData: { memory, places: markCells, warnAfterMs, endAfterMs, everyMs, output, folders } satisfies Watched,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  });
  thread.on("error", (err) => log.error("watchdog.failed", { err }));
  thread.unref();
  marks.follow((mark, name) => thread.postMessage({ mark, name } satisfies WatchMessage));
  return thread;
}
