import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { readRecorded, type Tested } from "./recorded.ts";

const setup = new URL("../../testing/record/setup.ts", import.meta.url).href;
const kernel = new URL("../../src/kernel/index.ts", import.meta.url).href;

/** Runs one test file in which `see(name)` records an event, and answers what counts as tested. */
async function recordedBy(t: TestContext, body: string): Promise<Tested> {
  const folder = mkdtempSync(join(tmpdir(), "recorded-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "sample.test.mjs");
  writeFileSync(
    file,
    `import { before, describe, test } from "node:test";
     import { execFileSync } from "node:child_process";
     import { findRecorder } from ${JSON.stringify(kernel)};
     const see = (name) => findRecorder().event(name);
     const code = "import(process.argv[1]).then(({ findRecorder }) => findRecorder().event(process.argv[2]))";
     const seeInProcess = (name) => {
       const said = execFileSync(process.execPath, ["-e", code, ${JSON.stringify(kernel)}, name], { encoding: "utf8" });
       if (said !== "") throw new Error("recording shows: " + said);
     };
     ${body}`,
  );
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env; // else the runner thinks that it runs inside itself
  const env: NodeJS.ProcessEnv & { CONTRACT_RECORDED: string } = {
    ...inherited,
    NODE_OPTIONS: `--import=${setup}`,
    CONTRACT_RECORDED: join(folder, "out"),
  };
  delete env.CONTRACT_RECORDED_TEST;
  mkdirSync(env.CONTRACT_RECORDED);
  await promisify(execFile)(process.execPath, ["--test", file], { env }).catch(() => {}); // some of them fail on purpose
  return readRecorded(env.CONTRACT_RECORDED);
}

test("what a passed test has seen counts, what a failed one has seen does not", async (t) => {
  const tested = await recordedBy(
    t,
    `test("good", () => see("good"));
     test("bad", () => { see("bad"); throw new Error("on purpose"); });
     describe("inside", () => test("also good", () => see("in a suite")));
     test("process", () => seeInProcess("in a process"));`,
  );
  assert.deepEqual([...tested.event].sort(), ["good", "in a process", "in a suite"]);
});

test("what was seen before the tests counts when all tests of the file passed", async (t) => {
  const tested = await recordedBy(t, `before(() => see("first")); test("good", () => {});`);
  assert.deepEqual([...tested.event], ["first"]);
  const failed = await recordedBy(
    t,
    `before(() => see("first")); test("good", () => {}); test("bad", () => { throw new Error("on purpose"); });`,
  );
  assert.deepEqual([...failed.event], []);
});

test("nothing is recorded where nobody listens", async () => {
  const { findRecorder } = await import("../../src/kernel/index.ts");
  if (process.env.CONTRACT_RECORDED === undefined) assert.equal(findRecorder(), undefined);
  assert.equal(readRecorded("/does/not/exist").event.size, 0);
});
