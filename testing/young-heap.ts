import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
// The cast: what the flag adds.
const collect = runInNewContext("gc") as (options?: { readonly type: "minor" }) => void;

/** Collects everything; what lives through it is old. */
export function collectAll(): void {
  collect();
}

/** Collects the young objects alone, as happens all the time, and answers the bytes that are taken then. */
export function bytesAfterMinor(): number {
  collect({ type: "minor" });
  return process.memoryUsage().heapUsed;
}
