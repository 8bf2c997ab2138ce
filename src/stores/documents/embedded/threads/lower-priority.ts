import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Lets other threads of the process go first when there are more of them than processors: what a client of another action waits for is short. Threads
 * have priorities of their own on Linux; elsewhere nothing happens.
 */
export function lowerPriority(niceness: number): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    if (thread > 0) setPriority(thread, niceness);
  } catch {
    // A sandbox may refuse both: the threads are equal then, as they were.
  }
}
