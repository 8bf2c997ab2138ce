import type { Backend } from "../app/index.ts";
import { explain } from "./explain.ts";

/** Stops servers, one after the other. Answers the exit code. */
export async function stopAll(backends: readonly Backend[]): Promise<number> {
  try {
    for (const backend of backends) await backend.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`The server did not stop cleanly: ${explain(error)}\n`);
    return 1;
  }
}
