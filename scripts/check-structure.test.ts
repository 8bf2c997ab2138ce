import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkStructure } from "./structure/check.ts";
import type { Exceptions } from "./structure/exceptions.ts";
import { importsOf } from "./structure/imports.ts";

/** A tree of files in a folder of its own, as `<rule> <file>:<line>` of what is wrong with it. */
async function check(t: TestContext, files: Record<string, string>, exceptions?: Exceptions): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "structure-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const findings = await checkStructure(root, exceptions);
  return findings.map(({ rule, file, line, isWarning }) => `${isWarning ? "~" : ""}${rule} ${file}:${line}`);
}

const kernel = { "src/kernel/index.ts": "export const a = 1;\n", "src/kernel/inner.ts": "export const b = 1;\n" };

test("imports of a lower room through its door are fine, from rooms, tests and what lies beside src/", async (t) => {
  const found = await check(t, {
    ...kernel,
    "src/api/one.ts": 'import { a } from "../kernel/index.ts";\nexport const c = a;\n',
    "src/api/one.test.ts": 'import { start } from "../../testing/index.ts";\nstart();\n',
    "testing/index.ts": 'export { a as start } from "../src/kernel/index.ts";\n',
    "src/index.ts": 'export * from "./kernel/index.ts";\n',
  });
  assert.deepEqual(found, []);
});

test("an import of a room above, or beside on the same floor, is an error at its line", async (t) => {
  const found = await check(t, {
    ...kernel,
    "src/kernel/up.ts": '\nimport type { x } from "../api/index.ts";\nexport type X = typeof x;\n',
    "src/api/index.ts": "export const x = 1;\n",
    "src/stores/bus/index.ts": 'export * from "../memory/index.ts";\n',
    "src/stores/memory/index.ts": "export const m = 1;\n",
  });
  assert.deepEqual(found, ["floor src/kernel/up.ts:2", "floor src/stores/bus/index.ts:1"]);
});

test("another room is entered by its door only, also from testing/ and scripts/", async (t) => {
  const entering = 'export { b } from "../src/kernel/inner.ts";\n';
  const found = await check(t, {
    ...kernel,
    "src/data/index.ts": 'const later = () => import("../kernel/inner.ts");\nexport { later };\n',
    "testing/index.ts": entering,
    "scripts/a.ts": entering,
  });
  assert.deepEqual(found, ["door scripts/a.ts:1", "door src/data/index.ts:1", "door testing/index.ts:1"]);
});

test("nothing in src/ imports testing/ but its tests, and nothing at all imports scripts/", async (t) => {
  const found = await check(t, {
    "src/kernel/a.ts": 'import "../../testing/index.ts";\n',
    "src/kernel/a.test.ts": 'import "../../testing/index.ts";\nimport "../../scripts/b.ts";\n',
    "testing/index.ts": "export {};\n",
    "scripts/b.ts": "export {};\n",
  });
  assert.deepEqual(found, ["beside src/kernel/a.test.ts:2", "beside src/kernel/a.ts:1"]);
});

test("a file outside the rooms and an import of a missing file are errors", async (t) => {
  const found = await check(t, { "src/misc/a.ts": 'import "./gone.ts";\n', "src/stores/loose.ts": "export {};\n" });
  assert.deepEqual(found, ["room src/misc/a.ts:1", "missing src/misc/a.ts:1", "room src/stores/loose.ts:1"]);
});

test("a circle of imports inside a room is an error, one of types alone is not", async (t) => {
  const found = await check(t, {
    "src/kernel/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
    "src/kernel/b.ts": '\nimport { a } from "./a.ts";\nexport const b = () => a;\n',
    "src/kernel/c.ts": 'import type { D } from "./d.ts";\nexport type C = D;\n',
    "src/kernel/d.ts": 'import type { C } from "./c.ts";\nexport type D = C | 1;\n',
  });
  assert.deepEqual(found, ["cycle src/kernel/b.ts:2"]);
});

test("a file of more than 400 lines is an error, of more than 300 a warning", async (t) => {
  const found = await check(t, {
    "src/kernel/long.ts": "export {};\n".repeat(401),
    "src/kernel/longish.ts": "export {};\n".repeat(400),
    "src/kernel/short.ts": "export {};\n".repeat(300),
  });
  assert.deepEqual(found, ["size src/kernel/long.ts:401", "~size src/kernel/longish.ts:400"]);
});

test("top-level await is an error in what plugins can require, however far away, and nowhere else", async (t) => {
  const found = await check(t, {
    "src/plugins/kuzzle/exports.ts": 'export * from "../index.ts";\nexport const f = async () => await f();\n',
    "src/plugins/index.ts": 'import type { T } from "./typed.ts";\nexport * from "./far.ts";\nexport type X = T;\n',
    "src/plugins/far.ts": "if (1 > 0) {\n  await using x: AsyncDisposable = open();\n}\n",
    "src/plugins/typed.ts": "await 1;\nexport type T = 1;\n",
    "src/cli/main.ts": "await 1;\n",
  });
  assert.deepEqual(found, ["await src/plugins/far.ts:1"]);
});

test("the process's environment is read in src/cli and src/config/sources only", async (t) => {
  const reads = "export const e = [process.env.A, process.cwd(), process.pid];\n";
  const found = await check(t, {
    "src/cli/main.ts": reads,
    "src/config/sources/variables.ts": reads,
    "src/config/other.ts": reads,
    "src/kernel/a.ts": 'import { argv } from "node:process";\nexport const a = argv;\n',
    "src/kernel/fine.ts":
      '// process.env\nexport const text = "process.env";\nexport const b = { process: { env: 1 } };\n',
    "src/kernel/a.test.ts": reads,
  });
  assert.deepEqual(found, [
    "ambient src/config/other.ts:1",
    "ambient src/config/other.ts:1",
    "ambient src/kernel/a.ts:1",
  ]);
});

test("an exception with a reason allows what it names, and is an error when nothing needs it", async (t) => {
  const exceptions: Exceptions = {
    size: [{ file: "src/kernel/short.ts", maxLines: 500, reason: "none" }],
    cycle: [],
    ambient: [{ file: "src/kernel/env.ts", reads: "process.env", reason: "it must" }],
  };
  const files = { "src/kernel/short.ts": "export {};\n", "src/kernel/env.ts": "export const { A } = process.env;\n" };
  assert.deepEqual(await check(t, files, exceptions), ["exception src/kernel/short.ts:1"]);
});

test("imports are found in every form, and not in comments, texts and regular expressions", () => {
  const source = `
import a, { type B } from "./1.ts";
import type { C } from "./2.ts";
export {
  d,
} from './3.ts';
import "./4.ts";
const e = await import("./5.ts"); // import "./not.ts"
type F = typeof import("./6.ts");
/* export * from "./not.ts"; */
const g = \`
import "./not.ts";
\${await import("./7.ts")} import "./not.ts"\`;
const h = 4 / 2, i = /["'\`]/.test("'") ? "import './not.ts'" : 'x';
export * from "./8.ts";`;
  assert.deepEqual(
    importsOf(source).map(({ specifier, line, isType }) => [specifier, line, isType]),
    [
      ["./1.ts", 2, false],
      ["./2.ts", 3, true],
      ["./3.ts", 6, false],
      ["./4.ts", 7, false],
      ["./5.ts", 8, false],
      ["./6.ts", 9, true],
      ["./7.ts", 13, false],
      ["./8.ts", 15, false],
    ],
  );
});
