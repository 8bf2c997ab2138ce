import { rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type Logger, silentLogger } from "../../../../kernel/index.ts";
import { Keyspace } from "../keyspace.ts";
import { listFiles } from "./files.ts";
import { recover } from "./recovery.ts";
import { writeSnapshot } from "./snapshot.ts";

/** What the compaction thread is told. */
export interface CompactionOrder {
  readonly directory: string;
  readonly upTo: number;
}

/** Replaces the snapshot and the journals up to a number, none of which is written any more, by one snapshot. */
export function compact({ directory, upTo }: CompactionOrder): void {
  const keys = new Keyspace({ now: () => 0 });
  recover(directory, keys, silentLogger, upTo);
  writeSnapshot(directory, upTo, keys);
  removeStale(directory);
}

export function removeStale(directory: string): void {
  for (const path of listFiles(directory).stale) rmSync(path, { force: true });
}

/** Compacts in a thread of its own, from the files alone: the event loop is not held up. Never rejects; a failure is logged. */
export function compactInThread(order: CompactionOrder, log: Logger): Promise<void> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./compaction-thread.${extension}`, import.meta.url), { workerData: order });
  return new Promise((resolve) => {
    worker.once("error", (err) => log.error("memory.compaction_failed", { err }));
    worker.once("exit", () => resolve());
  });
}
