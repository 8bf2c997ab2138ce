import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { readStartArguments } from "./arguments.ts";

const given = (line: string): unknown => readStartArguments(line.split(" "));

test("the file of an application may stand before, between and behind the keys", () => {
  const rest = ["--port", "80", "--data=/srv"];
  const expected = { file: "app.ts", root: resolve("here"), rest };
  assert.deepEqual(given("app.ts --root here --port 80 --data=/srv"), expected);
  assert.deepEqual(given("--port 80 --data=/srv app.ts --root=here"), expected);
  assert.deepEqual(given("--port 80 --root here app.ts --data=/srv"), expected);
});

test("the value of a key is no file", () => {
  assert.deepEqual(given("--root here --data lib"), {
    file: undefined,
    root: resolve("here"),
    rest: ["--data", "lib"],
  });
  const negated = { file: "app.js", root: undefined, rest: ["--no-stats.enabled"] };
  assert.deepEqual(given("--no-stats.enabled app.js"), negated);
});
