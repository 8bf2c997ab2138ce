/**
 * Compares the embedded engine with the reference engines: `npm run test:differential`, `npm run test:differential -- --searches 50 aggregations`.
 *
 * Words are parts of the names of the files to run, all of `tests/long/reference/` unless given. Options:
 *   --searches N      searches of each kind and collection; 700 unless given
 *   --seeds N         generated collections; 3 unless given
 *   --first-seed N    with which seed they begin, to search where nobody has searched before; 1 unless given
 *   --short           a few minutes: 60 searches of each kind, one collection
 *   --name PATTERN    only tests whose name matches
 *
 * Needs Java 17 and Maven. The report is printed, and stands in `reports/differential.json`. Fails when anything differs, and when the
 * searches of a kind find too little to prove anything.
 */
import { spawn } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { missingPrerequisite, sharedVariable, startReference } from "../tests/long/reference/reference-engine.ts";
import type { TallyReport } from "../tests/long/reference/tally.ts";
import { merge, print, weaknesses } from "./differential/report.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}reports/differential`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    searches: { type: "string" },
    seeds: { type: "string" },
    "first-seed": { type: "string" },
    short: { type: "boolean", default: false },
    name: { type: "string" },
  },
});

const missing = missingPrerequisite();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
const files = globSync("tests/long/reference/*.test.ts", { cwd: root })
  .filter((path) => positionals.length === 0 || positionals.some((word) => path.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches ${positionals.join(" ")}`);
  process.exit(1);
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const status = await run();
const report = merge(
  globSync("*.json", { cwd: folder })
    .sort()
    // Written by the files of this run.
    .map((name): TallyReport => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"))),
);
writeFileSync(`${root}reports/differential.json`, `${JSON.stringify(report, undefined, 1)}\n`);
console.log(print(report));
const weak = weaknesses(report);
for (const weakness of weak) console.error(weakness);
process.exitCode = status !== 0 || weak.length > 0 ? 1 : 0;

/** One file at a time, and one engine for all of them: a second one, which few files ask for, they start themselves. */
async function run(): Promise<number> {
  await using engine = await startReference();
  const { port, pid, folder: engineFolder } = engine;
  const { searches = values.short ? "60" : undefined, seeds = values.short ? "1" : undefined } = values;
  const env = {
    ...process.env,
    DIFFERENTIAL_REPORTS: folder,
    [sharedVariable]: JSON.stringify({ port, pid, folder: engineFolder }),
    ...(searches === undefined ? {} : { DIFFERENTIAL_SEARCHES: searches }),
    ...(seeds === undefined ? {} : { DIFFERENTIAL_SEEDS: seeds }),
    ...(values["first-seed"] === undefined ? {} : { DIFFERENTIAL_FIRST_SEED: values["first-seed"] }),
  };
  const filter = values.name === undefined ? [] : [`--test-name-pattern=${values.name}`];
  const child = spawn(process.execPath, ["--test", "--test-concurrency=1", ...filter, ...files], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  // Signals end this process by way of the engine that it started.
  process.once("exit", () => child.kill());
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
