import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { findTests } from "./find-tests.ts";

test("test files are found by parts of their paths, long suites only when asked for", (t) => {
  const root = mkdtempSync(join(tmpdir(), "find-tests-"));
  t.after(() => rmSync(root, { recursive: true }));
  const paths = ["src/a/x.test.ts", "src/a/x.ts", "tests/http/y.test.ts", "tests/long/z.test.ts", "docs/no.test.ts"];
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  assert.deepEqual(findTests(root), ["src/a/x.test.ts", "tests/http/y.test.ts"]);
  assert.deepEqual(findTests(root, { long: true }).length, 3);
  assert.deepEqual(findTests(root, { words: ["./src/a", "y.test"] }), ["src/a/x.test.ts", "tests/http/y.test.ts"]);
  assert.deepEqual(findTests(root, { words: ["nothing"] }), []);
});
