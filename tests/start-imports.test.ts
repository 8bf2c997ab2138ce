/** What a start loads that nobody needs before the first answer. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** Loads the server in a process of its own; answers the built-in modules and the files of packages that are there then. */
function loadedWithServer(): string {
  const url = new URL("../src/app/server.ts", import.meta.url).href;
  const script = `import { createRequire } from "node:module";
    await import(${JSON.stringify(url)});
    const { cache } = createRequire(import.meta.url);
    console.log([...process.moduleLoadList, ...Object.keys(cache)].join("\\n"));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("loading the server loads its HTTP, and not the client of the standard library", () => {
  const loaded = loadedWithServer();
  assert.match(loaded, /NativeModule _http_server/);
  assert.doesNotMatch(loaded, /undici\/undici/);
});

test("what signs tokens and what reads forms is loaded with the first of them", () => {
  const loaded = loadedWithServer();
  assert.match(loaded, /node_modules\/ws\//);
  assert.doesNotMatch(loaded, /node_modules\/(jsonwebtoken|semver|busboy)\//);
});
