import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { MarkName, markCells } from "../../kernel/index.ts";
import { readableLine } from "../readable-line.ts";
import { BlockedThread } from "./blocked-thread.ts";

/** The exit code of a process that was ended because its event loop stood still. */
export const blockedExitCode = 86;

export interface LineOutput {
  /** File descriptor: what is written by way of streams would wait for the other thread. */
  readonly fd: 1 | 2;
  /** Lines for people instead of JSON. */
  readonly readable: boolean;
}

/** What the thread is started with. Times are milliseconds; 0 means never. */
export interface Watched {
  readonly memory: SharedArrayBuffer;
  /** Given, not imported: the thread is to load as little as it can. */
  readonly places: typeof markCells;
  readonly warnAfterMs: number;
  readonly endAfterMs: number;
  readonly everyMs: number;
  readonly output: LineOutput;
  readonly folders: readonly { readonly plugin: string; readonly path: string }[];
}

export interface WatchMessage {
  readonly mark: number;
  readonly name: MarkName;
}

const { memory, places, warnAfterMs, endAfterMs, everyMs, output, folders } = workerData as Watched; // startWatchdog gives nothing else
const cells = new Int32Array(memory);
const names: MarkName[] = [];
parentPort?.on("message", ({ mark, name }: WatchMessage) => {
  names[mark] = name;
});

let ticks = Atomics.load(cells, places.tick);
let turnedAt = performance.now();
let isTold = false;
let isEnding = false;

setInterval(() => {
  const now = performance.now();
  const seen = Atomics.load(cells, places.tick);
  if (seen !== ticks) {
    ticks = seen;
    turnedAt = now;
    isTold = false;
    return;
  }
  const blockedMs = Math.round(now - turnedAt);
  if (warnAfterMs > 0 && blockedMs > warnAfterMs && !isTold) {
    isTold = true;
    tell(blockedMs).catch(() => {});
  }
  if (endAfterMs > 0 && blockedMs > endAfterMs && !isEnding) {
    isEnding = true;
    write(60, { ...runningCode(), blockedMs, exitCode: blockedExitCode }, "watchdog.ends_process");
    new BlockedThread().exit(blockedExitCode);
  }
}, everyMs);

/** Names the plugin by what it has entered, else by the file whose code runs: that of a timer, or after an `await`. */
async function tell(blockedMs: number): Promise<void> {
  const entered = runningCode();
  const found = await new BlockedThread().runningLine();
  // The loop may have gone on meanwhile: then it is somebody else's line.
  const line = Atomics.load(cells, places.tick) === ticks ? found : undefined;
  const at = line === undefined ? {} : { at: `${line.file}:${line.line}`, function: line.name };
  const owner = folders.find(({ path }) => line?.file.startsWith(path));
  const plugin = entered.plugin ?? owner?.plugin;
  write(40, { ...entered, ...(plugin === undefined ? {} : { plugin }), ...at, blockedMs }, "plugin.blocks_loop");
}

function runningCode(): { readonly plugin?: string; readonly event?: string } {
  const name = names[Atomics.load(cells, places.running)];
  return name === undefined || name.plugin === "" ? {} : { plugin: name.plugin, event: name.what };
}

/** A line in the form of the log. */
function write(level: 40 | 60, fields: object, event: string): void {
  const line = `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg: event })}\n`;
  writeSync(output.fd, output.readable ? readableLine(line) : line);
}
