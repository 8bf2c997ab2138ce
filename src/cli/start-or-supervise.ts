import { prepareThreads } from "../stores/documents/early.ts";
import { supervise } from "./supervise.ts";

const flag = "--supervise";

/** `tenon start`; with `--supervise` in a second process, and then this one loads nothing else. Answers the exit code. */
export async function startOrSupervise(argv: readonly string[]): Promise<number> {
  if (argv.includes(flag)) return supervise(argv.filter((argument) => argument !== flag));
  prepareThreads();
  const { start } = await import("./start.ts");
  return start(argv);
}
