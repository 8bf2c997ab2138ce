import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/strategies.md shows the plugin that the tests log in with, word for word", async () => {
  const page = await read("docs/strategies.md");
  for (const file of ["manifest.json", "package.json", "index.js"]) {
    assert.ok(page.includes(await read(`examples/strategies/company-login/${file}`)), file);
  }
});
