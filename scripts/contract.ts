/**
 * How much of the public contract stands: `npm run contract`.
 *
 *   --verbose   also every fact that is missing or not tested
 *   --json      everything, for programs
 *   --check     fail when a total is lower than in contract/ledger.json
 *   --update    write contract/ledger.json
 *
 * An action or route is *there* when a running server lists it, an error when the catalogue has it with its code and class, an event when
 * the sources can fire it, a configuration key when the schema has it. It is *tested* when a server was seen to show it during a test
 * that passed, in the last full run of `npm test`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { factKinds } from "./contract/fact.ts";
import { readFacts } from "./contract/facts.ts";
import { findFiredEvents } from "./contract/fired-events.ts";
import { fallen, isOfKind, type Totals, totalsOf, writeUp } from "./contract/ledger.ts";
import { type PublicApi, presenceTest } from "./contract/present.ts";
import { readRecorded } from "./contract/recorded.ts";
import { askPublicApi } from "./contract/running-server.ts";

const { values: options } = parseArgs({
  options: {
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const ledgerFile = new URL("../contract/ledger.json", import.meta.url);
const recordedFolder = fileURLToPath(new URL("../reports/recorded", import.meta.url));

let publicApi: PublicApi | undefined;
try {
  publicApi = await askPublicApi();
} catch (error) {
  console.error(`contract: no server to ask. ${(error as Error).message}`);
  process.exitCode = 1;
}
const entries = writeUp(
  readFacts(fileURLToPath(new URL("../contract", import.meta.url))),
  presenceTest({ publicApi, firedEvents: findFiredEvents(root) }),
  readRecorded(recordedFolder),
);
const totals = totalsOf(entries);

if (options.json) console.log(JSON.stringify({ totals, entries }, null, 2));
else print();
if (!options.json) printBeyond();
if (!existsSync(recordedFolder)) console.error("contract: nothing is recorded as tested. Run `npm test` first.");
if (options.check) check();
if (options.update) writeFileSync(ledgerFile, `${JSON.stringify(totals, null, 2)}\n`);

function print(): void {
  for (const kind of factKinds) {
    printTotals(Object.entries(totals).filter(([name]) => isOfKind(name, kind)));
    if (options.verbose) {
      for (const { key, standing } of entries.filter((entry) => entry.kind === kind)) {
        if (standing !== "there and tested") console.log(`    ${standing.padEnd(8)} ${key}`);
      }
    }
  }
}

/** Actions of our own, which count for nothing above. */
function printBeyond(): void {
  const beyond = JSON.parse(readFileSync(new URL("../contract/beyond.json", import.meta.url), "utf8")) as readonly {
    readonly controller: string;
    readonly action: string;
  }[];
  const names = beyond.map(({ controller, action }) => `${controller}:${action}`);
  console.log(`beyond the contract     ${String(names.length).padStart(5)}  ${names.join(", ")}`);
}

function printTotals(lines: readonly (readonly [string, Totals[string] & {}])[]): void {
  for (const [name, { all, there, tested }] of lines) {
    const label = name.includes(" ") ? `    ${name.split(" ")[1]}` : `${name}s`;
    const figures = [tested, there - tested, all - there].map((figure) => String(figure).padStart(5)).join("  ");
    console.log(`${label.padEnd(24)}${String(all).padStart(5)}  tested, there, missing: ${figures}`);
  }
}

function check(): void {
  const before: Totals = JSON.parse(readFileSync(ledgerFile, "utf8"));
  const lines = fallen(before, totals);
  for (const line of lines) console.error(`contract: ${line}`);
  if (lines.length > 0) process.exitCode = 1;
  else console.log("contract: no total fell");
}
