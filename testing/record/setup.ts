/**
 * Writes down what servers in this process record, with the test during which they did: `CONTRACT_RECORDED=<folder> node --import
 * ./testing/record/setup.ts --test`. One file of JSON lines per process; `scripts/contract` reads them.
 *
 * A line is `{ kind, key, tests }` for what was seen, or `{ test, passed }` for how a test ended. What was seen outside any test, in a
 * `before` at the top of a file, has the name of the process's own file of lines in `tests`: it is as good as all tests in there.
 */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Recorded, recordedChannel } from "../../src/kernel/index.ts";

// Not imported: this file runs in every process that a test starts, and must not make them slower.
const channel: typeof recordedChannel = "tenon:contract";

/** Tells processes that tests start which test that was. */
const starterVariable = "CONTRACT_RECORDED_TEST";

const folder = process.env.CONTRACT_RECORDED;
// The runner itself imports this file too, and runs no test.
if (folder !== undefined && !process.execArgv.includes("--test")) record(folder);

function record(into: string): void {
  const name = `${process.pid}-${Date.now().toString(36)}.jsonl`;
  const starter = process.env[starterVariable];
  const outside = starter ?? name;
  const running = new Set<string>();
  const written = new Set<string>();
  const write = (line: object): void => {
    const text = JSON.stringify(line);
    if (written.has(text)) return;
    written.add(text);
    appendFileSync(join(into, name), `${text}\n`);
  };

  subscribe(channel, (message) => {
    const { kind, key } = message as Recorded; // the channel's only type
    write({ kind, key, tests: running.size > 0 ? [...running] : [outside] });
  });
  // A server that a test started is no test, and would become one by asking for hooks.
  if (process.env.NODE_TEST_CONTEXT === undefined || starter !== undefined) return;

  const { afterEach, beforeEach } = process.getBuiltinModule("node:test");
  process.env[starterVariable] = outside;
  // The callbacks' type speaks of suites as well; a hook of each test is given a test.
  beforeEach((context) => {
    const test = keyOf(context as TestContext);
    running.add(test);
    process.env[starterVariable] = test;
  });
  afterEach((context) => {
    const test = keyOf(context as TestContext);
    running.delete(test);
    process.env[starterVariable] = outside;
    write({ test, passed: (context as TestContext).passed });
  });
}

const keyOf = (test: TestContext): string => `${test.filePath ?? ""} ${test.fullName}`;
