import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { referenceDocPath, renderReferenceDoc } from "./reference-doc.ts";

test("docs/reference.md says what the server's actions declare (else run: node scripts/reference-doc.ts)", async () => {
  assert.equal(readFileSync(referenceDocPath, "utf8"), await renderReferenceDoc());
});
