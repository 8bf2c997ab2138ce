import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../../kernel/index.ts";
import { findFault } from "./check-mapping.ts";
import { compileMapping } from "./compile-mapping.ts";
import { mergeMappings } from "./merge-mappings.ts";
import { parseMappings } from "./parse-mappings.ts";

const faultOf = (properties: JSONObject): string | undefined =>
  findFault(compileMapping(parseMappings({ properties })));

test("an alias needs a field beside it", () => {
  const nested = { type: "nested", properties: { k: { type: "keyword" } } };
  assert.equal(faultOf({ a: { type: "alias", path: "b" }, b: { type: "long" } }), undefined);
  assert.match(String(faultOf({ a: { type: "alias", path: "b" } })), /needs a field/);
  assert.match(String(faultOf({ a: { type: "alias", path: "b" }, b: { properties: {} } })), /needs a field/);
  assert.match(String(faultOf({ a: { type: "alias", path: "n.k" }, n: nested })), /same nested object/);
});

test("a copy goes to a field of its own nested object or of one around it", () => {
  const to = (target: string) => ({ type: "keyword", copy_to: target });
  const nested = (k: JSONObject) => ({ type: "nested", properties: { k, other: { type: "keyword" } } });
  assert.equal(faultOf({ n: nested(to("n.other")) }), undefined);
  assert.equal(faultOf({ n: nested(to("outside")) }), undefined);
  assert.equal(faultOf({ a: to("tc"), t: { type: "keyword" }, tc: { type: "text" } }), undefined);
  assert.match(String(faultOf({ a: to("n.other"), n: nested({ type: "keyword" }) })), /cannot reach/);
  assert.match(String(faultOf({ a: to("o"), o: { properties: {} } })), /an object/);
  assert.match(
    String(faultOf({ a: to("b.raw"), b: { type: "text", fields: { raw: { type: "keyword" } } } })),
    /sub-field/,
  );
});

test("parameters that an update leaves out have their default again, unless they cannot change", () => {
  const merged = (before: JSONObject, after: JSONObject) =>
    mergeMappings({ properties: { f: before } }, { properties: { f: after } }).properties?.f;
  const keyword = { type: "keyword" };
  assert.deepEqual(merged({ ...keyword, ignore_above: 5, copy_to: "x" }, keyword), keyword);
  assert.deepEqual(merged({ ...keyword, fields: { t: { type: "text" } } }, keyword), {
    ...keyword,
    fields: { t: { type: "text" } },
  });
  assert.deepEqual(merged({ type: "text", norms: true }, { type: "text", norms: false }), {
    type: "text",
    norms: false,
  });
  for (const [type, parameter, value] of [
    ["completion", "max_input_length", 30],
    ["geo_shape", "orientation", "left"],
    ["token_count", "analyzer", "whitespace"],
  ] as const) {
    const before = { type, analyzer: "standard" };
    assert.deepEqual(merged(before, { ...before, [parameter]: value }), { ...before, [parameter]: value });
  }
  const refused = (before: JSONObject, after: JSONObject): void => {
    assert.throws(() => merged(before, after), { id: "services.storage.cannot_change_mapping" });
  };
  refused({ ...keyword, doc_values: false }, keyword);
  refused(keyword, { ...keyword, null_value: "x" });
  refused({ type: "text", norms: false }, { type: "text" });
  refused({ type: "completion", analyzer: "simple" }, { type: "completion", analyzer: "standard" });
  refused({ enabled: false }, { enabled: true });
  refused({ type: "nested", properties: {} }, { type: "nested", include_in_root: true });
});
