/** What a start loads that nobody needs before the first answer. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** Loads a module in a process of its own; answers the built-in modules that are there then. */
function builtInsAfter(module: string): string {
  const url = new URL(`../src/${module}`, import.meta.url).href;
  const script = `await import(${JSON.stringify(url)}); console.log(process.moduleLoadList.join("\\n"))`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("loading the server loads its HTTP, and not the client of the standard library", () => {
  const builtIns = builtInsAfter("app/server.ts");
  assert.match(builtIns, /NativeModule _http_server/);
  assert.doesNotMatch(builtIns, /undici\/undici/);
});
