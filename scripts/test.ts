/**
 * Runs the tests: `npm test`, `npm test -- src/filters tests/http`, `npm test -- --long`.
 *
 * Words are paths, or parts of paths, of the test files to run. Options:
 *   --long            also the suites with a time budget of their own (tests/long/)
 *   --name PATTERN    only tests whose name matches
 *   --reporter NAME   spec (the default), dot, tap
 *   --jobs N          files at once; as many as there are processors unless given, at least two
 *
 * A full run writes down which parts of the contract the tests saw, for `npm run contract`.
 */
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findTests } from "./test/find-tests.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const recordedFolder = fileURLToPath(new URL("../reports/recorded", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: "boolean", default: false },
    name: { type: "string" },
    reporter: { type: "string", default: "spec" },
    jobs: { type: "string", default: String(Math.max(2, availableParallelism())) },
  },
});
const files = findTests(root, { words: positionals, long: values.long });
if (files.length === 0) {
  console.error(`No test file matches ${positionals.join(" ")}`);
  process.exit(1);
}
const isFullRun = positionals.length === 0 && values.name === undefined;
process.exitCode = await run();

function run(): Promise<number> {
  const slowest = fileURLToPath(new URL("./test/slowest-reporter.ts", import.meta.url));
  const timeoutMs = values.long ? 1_800_000 : 120_000;
  const nodeArguments = [
    "--test",
    `--test-concurrency=${values.jobs}`,
    `--test-timeout=${timeoutMs}`, // of one file, too
    ...["--test-reporter", slowest, "--test-reporter-destination", "stdout"],
    ...["--test-reporter", values.reporter, "--test-reporter-destination", "stdout"],
    ...(values.name === undefined ? [] : [`--test-name-pattern=${values.name}`]),
    ...files,
  ];
  const child = spawn(process.execPath, nodeArguments, { cwd: root, stdio: "inherit", env: environment() });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function environment(): NodeJS.ProcessEnv {
  if (!isFullRun) return process.env;
  rmSync(recordedFolder, { recursive: true, force: true });
  mkdirSync(recordedFolder, { recursive: true });
  const setup = new URL("../testing/record/setup.ts", import.meta.url).href;
  // Through NODE_OPTIONS, so that servers which tests start as processes of their own are recorded as well.
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ""} --import=${setup}`.trim();
  return { ...process.env, NODE_OPTIONS: nodeOptions, CONTRACT_RECORDED: recordedFolder };
}
