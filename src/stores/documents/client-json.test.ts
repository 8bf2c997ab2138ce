import assert from "node:assert/strict";
import { test } from "node:test";
import { parseClientJson, parseClientObject } from "./client-json.ts";

test("an object with members that JavaScript would call can be printed, and has these members", () => {
  for (const text of ['{"a":{"toString":"m"}}', '{"a":{"valueOf":1,"toString":2}}', '{"a":{"to\\u0053tring":1}}']) {
    const value = parseClientObject(text);
    assert.equal(String(value.a), "[object Object]");
    assert.equal(Number.isNaN(Number(value.a)), true);
    assert.deepEqual(JSON.stringify(value), JSON.stringify(JSON.parse(text)));
  }
  assert.equal(String(parseClientObject('{"a":[[{"toString":[]}]]}').a), "[object Object]");
});

test("what is nested deeper than 500 levels is refused", () => {
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  assert.ok(Array.isArray(parseClientJson(nested(500))));
  assert.throws(() => parseClientJson(nested(501)), /deeper than 500 levels/);
  assert.throws(() => parseClientObject(`{"a":${nested(500)}}`), { status: 400 });
});
