import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { eventNames } from "./event-names.ts";

test("the events with a name of their own are those of the contract", () => {
  const file = new URL("../../contract/plugins/events.yaml", import.meta.url);
  const { events } = parse(readFileSync(file, "utf8")) as { events: { name: string }[] };
  const named = events.map(({ name }) => name).filter((name) => !name.includes("<"));
  assert.ok(named.length > 40);
  assert.deepEqual(eventNames.filter((name) => !name.startsWith("log:")).sort(), named.sort());
});
