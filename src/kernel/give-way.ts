import { getPriority, setPriority } from "node:os";

/** A third of the time of a core that another thread wants. With less, a busy neighbour on the machine would stop searches nearly altogether. */
const steps = 5;
const lowest = 19;

/**
 * For threads that work long at a time: the main thread, which answers everybody, gets a core before the one that calls this. On Linux only, where
 * priorities are those of threads; elsewhere the whole process would give way.
 */
export function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    setPriority(0, Math.min(lowest, getPriority(0) + steps));
  } catch {
    // A sandbox may refuse it; all that is lost is the order.
  }
}
