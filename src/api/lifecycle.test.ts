import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { steps } from "./pipeline.ts";

test("docs/lifecycle.md lists the steps of a request in their order", () => {
  const page = readFileSync(new URL("../../docs/lifecycle.md", import.meta.url), "utf8");
  for (const [phase, list] of Object.entries(steps)) {
    const [, section = ""] = page.split(`## ${phase}\n`);
    const documented = [...(section.split("\n## ")[0] ?? "").matchAll(/^\d+\. `([^`]+)`/gm)].map(([, name]) => name);
    assert.deepEqual(
      documented,
      list.map(({ name }) => name),
      phase,
    );
  }
});
