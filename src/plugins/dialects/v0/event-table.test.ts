import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { formerEvents, neverFired, toldDirectly } from "./event-table.ts";

interface Row {
  readonly v0: string;
  readonly v2: readonly string[];
  readonly in: string;
}

const contract = parse(readFileSync(new URL("../../../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
  legacy: { v0: readonly Row[] };
};

test("every event of the contract's table of the first generation is served as it says, or known never to fire", () => {
  for (const { v0, v2, in: conversion } of contract.legacy.v0) {
    if (v0.startsWith("memoryStorage:") || /[<*]/.test(v0)) continue; // served by rule
    if (toldDirectly.test(v0)) continue;
    const known = formerEvents.get(v0);
    if (known === undefined) assert.match(v0, neverFired);
    else {
      assert.deepEqual(known.today, v2, v0);
      if (conversion !== "synth") assert.equal(known.conversion, conversion, v0);
    }
  }
});
