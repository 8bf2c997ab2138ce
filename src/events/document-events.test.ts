import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";

test("the typed events of documents are those of the contract's actions, and no other", () => {
  const source = readFileSync(new URL("./document-events.ts", import.meta.url), "utf8");
  const [, members = ""] = /interface DocumentResults \{(.*?)\n\}/s.exec(source) ?? [];
  const typed = [...members.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  const contract = readFileSync(new URL("../../contract/api/document.yaml", import.meta.url), "utf8");
  const { actions } = parse(contract) as { actions: { name: string }[] };
  assert.deepEqual(typed.sort(), actions.map(({ name }) => name).sort());
});
