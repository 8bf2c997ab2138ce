import assert from "node:assert/strict";
import { test } from "node:test";
import { KuzzleError, systemClock } from "../../kernel/index.ts";
import { parseSpecification } from "./parse-specification.ts";
import { TypeTable } from "./types/type-table.ts";

const target = { index: "lib", collection: "books" };
const types = new TypeTable(systemClock);
const parse = (specification: unknown) => parseSpecification(specification, target, { types, regExpEngine: "re2" });

/** The ids of what is wrong. */
function problemIds(specification: unknown): readonly (string | undefined)[] {
  const parsed = parse(specification);
  return parsed.ok ? [] : parsed.problems.map(({ error }) => (error instanceof KuzzleError ? error.id : undefined));
}

const ofField = (field: unknown) => problemIds({ fields: { title: field } });

test("a specification may say little or nothing", () => {
  assert.deepEqual(problemIds({}), []);
  assert.deepEqual(problemIds({ strict: true, fields: {}, validators: "ignored" }), []);
  assert.deepEqual(ofField({ type: "string", description: { any: "thing" }, mandatory: false, defaultValue: 3 }), []);
});

test("a specification that is no object is refused", () => {
  for (const wrong of [null, undefined, [], "strict", 3]) {
    assert.deepEqual(problemIds(wrong), ["validation.assert.invalid_type"]);
  }
  assert.deepEqual(problemIds({ fields: [] }), ["validation.assert.invalid_type"]);
  assert.deepEqual(ofField("string"), ["validation.assert.invalid_type"]);
});

test("members that mean nothing are refused, at every place", () => {
  const unexpected = ["validation.assert.unexpected_properties"];
  assert.deepEqual(problemIds({ stict: true }), unexpected);
  assert.deepEqual(ofField({ type: "string", required: true }), unexpected);
  assert.deepEqual(ofField({ type: "string", multivalued: { value: true, min: 1 } }), unexpected);
  assert.deepEqual(ofField({ type: "string", typeOptions: { range: {} } }), unexpected);
  assert.deepEqual(ofField({ type: "string", typeOptions: { length: { least: 1 } } }), unexpected);
  assert.deepEqual(ofField({ type: "boolean", typeOptions: { strict: true } }), unexpected);
});

test("a field needs a type that exists", () => {
  assert.deepEqual(ofField({}), ["validation.assert.missing_type"]);
  assert.deepEqual(ofField({ type: "number" }), ["validation.assert.unknown_type"]);
  assert.deepEqual(ofField({ type: ["string"] }), ["validation.assert.unknown_type"]);
  assert.deepEqual(ofField({ type: "__proto__" }), ["validation.assert.unknown_type"]);
});

test("multivalued needs a boolean value, and counts only when it is true", () => {
  assert.deepEqual(ofField({ type: "string", multivalued: {} }), ["validation.assert.missing_value"]);
  assert.deepEqual(ofField({ type: "string", multivalued: true }), ["validation.assert.invalid_type"]);
  assert.deepEqual(ofField({ type: "string", multivalued: { value: "yes" } }), ["validation.assert.invalid_type"]);
  assert.deepEqual(ofField({ type: "string", multivalued: { value: false, minCount: 1, maxCount: 2 } }), [
    "validation.assert.not_multivalued",
    "validation.assert.not_multivalued",
  ]);
  assert.deepEqual(ofField({ type: "string", multivalued: { value: true, minCount: 3, maxCount: 2 } }), [
    "validation.assert.invalid_range",
  ]);
  assert.deepEqual(ofField({ type: "string", multivalued: { value: true, minCount: "1" } }), [
    "validation.assert.invalid_type",
  ]);
});

test("every level of a path must be declared, and able to have children", () => {
  assert.deepEqual(problemIds({ fields: { "a/b": { type: "string" } } }), ["validation.assert.missing_parent"]);
  assert.deepEqual(problemIds({ fields: { a: { type: "object" }, "a/b/c": { type: "string" } } }), [
    "validation.assert.missing_nested_spec",
  ]);
  assert.deepEqual(problemIds({ fields: { a: { type: "string" }, "a/b": { type: "string" } } }), [
    "validation.assert.unexpected_children",
  ]);
  assert.deepEqual(problemIds({ fields: { "/a": { type: "string" } } }), ["validation.assert.missing_parent"]);
  assert.deepEqual(problemIds({ fields: { "": { type: "object" }, "/a": { type: "string" } } }), []);
});

test("validators must be filters of at most fifty conditions", () => {
  const invalid = ["validation.assert.invalid_filters"];
  assert.deepEqual(problemIds({ validators: [] }), invalid);
  assert.deepEqual(problemIds({ validators: [{}] }), invalid);
  assert.deepEqual(problemIds({ validators: [{ equal: { a: 1 } }] }), invalid);
  const values = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  assert.deepEqual(problemIds({ validators: [{ in: { a: values(50) } }] }), []);
  assert.deepEqual(problemIds({ validators: [{ in: { a: values(51) } }] }), invalid);
  assert.deepEqual(problemIds({ validators: [{ regexp: { a: "(" } }] }), invalid);
});

test("what is wrong with several fields is answered together, each message naming its field", () => {
  const parsed = parse({
    fields: { a: {}, b: { type: "wrong" }, "c/d": { type: "string", typeOptions: { length: { min: "1" } } } },
  });
  assert.ok(!parsed.ok);
  const messages = parsed.problems.map(({ message }) => message);
  assert.equal(messages.length, 3);
  assert.match(messages[0] ?? "", /"a" in "lib:books"/);
  assert.match(messages[1] ?? "", /"b".*"wrong"/);
  assert.match(messages[2] ?? "", /^Field "c\.d": "length\.min" must be a number\.$/);
});

test("a hostile specification is refused with a bounded number of messages", () => {
  const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, {}]));
  assert.equal(problemIds({ fields }).length, 100);
  assert.deepEqual(problemIds({ fields: { ["a/".repeat(50_000)]: { type: "string" } } }), [
    "validation.assert.invalid_type",
  ]);
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  assert.deepEqual(ofField({ type: "string", defaultValue: deep }), ["validation.assert.invalid_type"]);
  assert.deepEqual(ofField({ type: "enum", typeOptions: { values: deep } }), ["validation.assert.invalid_type"]);
});
