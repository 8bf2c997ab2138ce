import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { configDocPath, renderConfigDoc } from "./config-doc.ts";

test("docs/configuration.md says what the schema says (else run: node scripts/config-doc.ts)", () => {
  assert.equal(readFileSync(configDocPath, "utf8"), renderConfigDoc());
});
