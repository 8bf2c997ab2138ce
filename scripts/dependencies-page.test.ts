import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("docs/decisions/0006-dependencies.md says why each dependency is there, and lists no other", () => {
  const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(read("package.json"));
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const present = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const rows = read("docs/decisions/0006-dependencies.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const listed = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  assert.deepEqual(listed.sort(), present.sort());
});
