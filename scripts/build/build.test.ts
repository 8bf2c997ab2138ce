import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { packageProblems } from "./check-package.ts";
import { launcher } from "./launcher.ts";
import { copyAssets, layOut } from "./package-layout.ts";
import { danglingReferences } from "./references.ts";

function tree(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "build-"));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test("in the package src/ is the top, and testing/ finds it there", (t) => {
  const dist = tree(t, {
    ".staged/src/app/index.js": 'export * from "../kernel/index.js";\n',
    ".staged/src/app/index.d.ts": 'export * from "../kernel/index.ts";\n',
    ".staged/testing/index.js": 'export * from "../src/app/index.js"; // ../src/app\n',
    ".staged/testing/deep/a.d.ts": 'export type A = import("../../src/app/index.ts").A;\n',
  });
  layOut(dist);
  const read = (path: string): string => readFileSync(join(dist, path), "utf8");
  assert.equal(read("app/index.js"), 'export * from "../kernel/index.js";\n');
  assert.equal(read("app/index.d.ts"), 'export * from "../kernel/index.js";\n');
  assert.equal(read("testing/index.js"), 'export * from "../app/index.js"; // ../src/app\n');
  assert.equal(read("testing/deep/a.d.ts"), 'export type A = import("../../app/index.js").A;\n');
});

test("assets travel with the code, sources and tests do not", (t) => {
  const root = tree(t, {
    "src/api/page.html": "<p>",
    "src/api/a.ts": "",
    "src/api/a.test.ts": "",
    "src/README.md": "",
  });
  mkdirSync(join(root, "dist"));
  copyAssets(root, join(root, "dist"));
  assert.equal(readFileSync(join(root, "dist/api/page.html"), "utf8"), "<p>");
  assert.throws(() => readFileSync(join(root, "dist/api/a.ts")));
});

test("a thread or module that the compiled code names and that is not there is found", (t) => {
  const dist = tree(t, {
    "a.js":
      'new Worker(new URL("./gone.ts", import.meta.url));\nnew URL("./b.js", import.meta.url);\nimport "./lost.js";\n',
    "b.js": `new URL(\`./\${name}.js\`, import.meta.url); // new URL("./c.js", import.meta.url)\nimport "ws";\n`,
  });
  assert.deepEqual(danglingReferences(dist), ["a.js names ./gone.ts", "a.js names ./lost.js"]);
});

test("the launcher runs the program, and hands it to the bundled Node when its own is too old", (t) => {
  const program =
    "console.log(process.argv.slice(2).join(), process.versions.node.split('.')[0] > 20, process.env.MALLOC_MMAP_THRESHOLD_ ?? '-');";
  const name = `node-${process.platform}-${process.arch}`;
  const root = tree(t, {
    "package.json": '{"type":"module"}',
    "main.js": launcher,
    "old.js": launcher.replace("process.versions.node.split", '"20.1.0".split'),
    "program.js": program,
    [`node_modules/${name}/package.json`]: "{}",
    [`node_modules/${name}/bin/node`]: `#!/bin/sh\necho bundled\nexec "${process.execPath}" "$@"\n`,
  });
  const run = (file: string, command = "start", more: NodeJS.ProcessEnv = {}): string => {
    const env = { PATH: process.env.PATH, XDG_CACHE_HOME: join(root, "cache"), ...more };
    return execFileSync(process.execPath, [join(root, file), command, "x"], { encoding: "utf8", env });
  };
  const bytes = process.platform === "linux" ? "524288" : "-";
  assert.equal(run("main.js"), `start,x true ${bytes}\n`);
  assert.equal(run("main.js", "start", { MALLOC_MMAP_THRESHOLD_: "7" }), "start,x true 7\n");
  assert.equal(run("main.js", "help"), "help,x true -\n");
  const profiled = `--cpu-prof --cpu-prof-dir=${join(root, "profiles")}`;
  assert.equal(run("main.js", "start", { NODE_OPTIONS: profiled }), "start,x true -\n");
  assert.ok(readdirSync(join(root, "cache", "tenon")).length > 0, "what was compiled is not kept");
  execFileSync("chmod", ["+x", join(root, `node_modules/${name}/bin/node`)]);
  assert.equal(run("old.js"), `bundled\nstart,x true ${bytes}\n`);
  rmSync(join(root, "node_modules"), { recursive: true });
  assert.throws(() => run("old.js"), /needs Node 24\.7 or newer/);
});

test("a package that lacks an entry point or holds a test is refused", (t) => {
  const root = tree(t, {
    "package.json": JSON.stringify({
      name: "sample",
      version: "1.0.0",
      files: ["dist"],
      bin: { sample: "dist/cli/main.js" },
      exports: { ".": { default: "./dist/index.js" }, "./testing": { default: "./dist/testing/index.js" } },
    }),
    "src/index.ts": "",
    "dist/cli/main.js": "",
    "dist/a.test.js": "",
    "README.md": "",
    LICENSE: "",
  });
  assert.deepEqual(packageProblems(root), [
    "the package lacks CHANGELOG.md",
    "the package lacks dist/index.js",
    "the package must not hold dist/a.test.js",
  ]);
});
