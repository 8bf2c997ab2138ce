import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from making objects among the old ones, which it does where most of those that the same line of code made before lived long. A server's lines
 * make both: of an import, the batches that a collection found alive were taken for the rule, later ones were made old with all that they led to, and
 * each collection of the young copied what was dead (11 to 24 ms without a break where 2 to 4 ms are left, measured). For all threads of the process;
 * libraries must leave that to whoever owns it.
 */
export function collectYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
