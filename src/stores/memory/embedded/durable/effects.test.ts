import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parse } from "yaml";
import { changesNothing } from "./effects.ts";

const file = new URL("../../../../../contract/api/ms.yaml", import.meta.url);
const contract = parse(readFileSync(file, "utf8")) as {
  readonly actions: readonly { readonly name: string; readonly mode: string }[];
};

test("no command that writes is left out of the journal", () => {
  for (const { name, mode } of contract.actions) {
    // Access times are not kept, and these two write only when they store their result.
    const writes = mode === "write" && name !== "touch";
    const mayStore = name === "georadius" || name === "georadiusbymember";
    assert.equal(changesNothing(name), !writes && !mayStore, name);
  }
});
