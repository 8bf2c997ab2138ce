import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as packaged from "../src/index.ts";
import { installResolution, registerPluginRoot } from "../src/plugins/index.ts";

test("a plugin's import of tenon is offered what the package shows to its type checker", async (t) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tenon-exports-")));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const plugin = join(root, "plugin.mjs");
  writeFileSync(plugin, 'export * from "tenon";\n');
  installResolution();
  registerPluginRoot(root, []);
  const provided: object = await import(pathToFileURL(plugin).href);
  assert.deepEqual(Object.keys(provided).sort(), Object.keys(packaged).sort());
});
