import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fieldTypes, unsupportedTypes } from "./types/field-types.ts";

const page = readFileSync(new URL("../../../../docs/mappings.md", import.meta.url), "utf8");

/** What stands in backticks in the first column of a table, which begins behind a heading. */
function firstColumn(heading: string): Set<string> {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const rows = section.split("\n## ")[0]?.match(/^\| `.*$/gm) ?? [];
  return new Set(
    rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([a-z_0-9]+)`/g)].map(([, name]) => name ?? "")),
  );
}

test("docs/mappings.md lists the types of fields that there are, and those that are refused", () => {
  const objects = ["object", "nested", "alias"];
  assert.deepEqual([...firstColumn("Types")].sort(), [...fieldTypes.keys(), ...objects].sort());
  const refused = /Refused by name:([^.]*)\./.exec(page)?.[1] ?? "";
  assert.deepEqual(
    [...refused.matchAll(/`([a-z_0-9]+)`/g)].map(([, name]) => name).sort(),
    [...unsupportedTypes].sort(),
  );
});

test("docs/mappings.md says of parameters what some type takes", () => {
  const taken = new Set([...fieldTypes.values()].flatMap(({ parameters }) => Object.keys(parameters)));
  const ofAll = ["fields", "copy_to", "meta", "enabled", "include_in_parent", "include_in_root", "dynamic"];
  for (const name of firstColumn("Parameters"))
    assert.ok(taken.has(name) || ofAll.includes(name), `No type has the parameter "${name}".`);
});
