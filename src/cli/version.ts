import { readTenonVersion } from "../operation/index.ts";

/** `tenon version`: the version alone, as scripts read it. Answers the exit code. */
export function version(): Promise<number> {
  return new Promise((resolve) => process.stdout.write(`${readTenonVersion()}\n`, () => resolve(0)));
}
