import assert from "node:assert/strict";
import { test } from "node:test";
import { type JSONObject, KuzzleError, systemClock } from "../../../kernel/index.ts";
import { TypeTable } from "./type-table.ts";

const now = Date.UTC(2026, 0, 15, 12);
const types = new TypeTable({ now: () => now });

function prepare(name: string, typeOptions: JSONObject) {
  const type = types.find(name);
  assert.ok(type, name);
  const options = type.validateFieldSpecification(typeOptions);
  return (value: unknown): boolean => {
    const messages: string[] = [];
    const isValid = type.validate(options, value, messages);
    assert.equal(messages.length === 0, isValid, "a refusal says why, and nothing else does");
    return isValid;
  };
}

interface Case {
  readonly type: string;
  readonly options?: JSONObject;
  readonly accepts: readonly unknown[];
  readonly refuses: readonly unknown[];
}

const cases: readonly Case[] = [
  { type: "anything", accepts: [0, "", false, {}, null], refuses: [[], [1]] },
  { type: "boolean", accepts: [true, false], refuses: ["true", 0, 1, null, {}] },
  { type: "string", accepts: ["", "a"], refuses: [1, null, {}, ["a"]] },
  { type: "string", options: { length: { min: 2, max: 3 } }, accepts: ["ab", "abc", "💡"], refuses: ["a", "abcd", ""] },
  { type: "integer", accepts: [0, -3, 1e15, 2.0], refuses: [1.5, "1", null, Number.NaN, Infinity, true] },
  { type: "integer", options: { range: { min: -1, max: 2 } }, accepts: [-1, 0, 2], refuses: [-2, 3] },
  { type: "numeric", accepts: [0, -1.5, 1e300], refuses: ["1", null, {}, true] },
  { type: "numeric", options: { range: { min: 0.5 } }, accepts: [0.5, 9], refuses: [0.4] },
  { type: "object", accepts: [{}, { a: 1 }], refuses: [null, [], "a", 1] },
  { type: "enum", options: { values: ["a", "b"] }, accepts: ["a", "b"], refuses: ["c", "", 1, null, ["a"]] },
  { type: "email", accepts: ["ada@lovelace.org", ""], refuses: ["ada", "ada@localhost", 1, null, "a@b"] },
  { type: "email", options: { notEmpty: true }, accepts: ["ada@lovelace.org"], refuses: [""] },
  { type: "email", accepts: [], refuses: [`${"a".repeat(1_000_000)}@b.org`, "@".repeat(1_000_000)] },
  {
    type: "ip_address",
    accepts: ["127.0.0.1", "::1", ""],
    refuses: ["127.0.0", "1.2.3.256", 1, ":".repeat(1_000_000)],
  },
  { type: "ip_address", options: { notEmpty: true }, accepts: ["::1"], refuses: [""] },
  {
    type: "url",
    accepts: ["http://a.org/x?y=1", "a.org", "ftp://a.org", ""],
    refuses: ["http://localhost", "gopher://a.org", "a b", 1, `http://a.org/${"x".repeat(1_000_000)}`],
  },
  { type: "url", options: { notEmpty: true }, accepts: ["a.org"], refuses: [""] },
  {
    type: "geo_point",
    accepts: [[48.85, 2.35], "48.85, 2.35", { lat: 48.85, lon: 2.35 }, "u09tvw", { latLon: "48.85,2.35" }],
    refuses: [{ latitude: 1, longitude: 2 }, [1, 2, 3], "abc", 3, [91, 0]],
  },
  { type: "date", accepts: [0, now, -1], refuses: ["2020-01-01", null, Infinity, 9e15] },
  { type: "date", options: { formats: ["epoch_second"] }, accepts: [now / 1_000], refuses: [9e15, "1"] },
  {
    type: "date",
    options: { formats: ["strict_date", "epoch_millis"] },
    accepts: ["2020-02-29", 3],
    refuses: ["2021-02-29", "29/02/2020", {}, []],
  },
  {
    type: "date",
    options: { formats: ["strict_date_optional_time"], range: { min: "2020-01-01", max: "NOW" } },
    accepts: ["2020-01-01", "2026-01-15T12:00:00Z", "2026-01-15T13:00+01:00"],
    refuses: ["2019-12-31", "2026-01-15T12:00:01Z"],
  },
  {
    type: "date",
    options: { formats: ["epoch_millis", "epoch_second"], range: { min: "2020-01-01" } },
    accepts: [now, now / 1_000],
    refuses: [3],
  },
];

for (const { type, options = {}, accepts, refuses } of cases) {
  test(`${type} ${JSON.stringify(options)} accepts what it is for, and refuses the rest`, () => {
    const isValid = prepare(type, options);
    for (const value of accepts) assert.equal(isValid(value), true, JSON.stringify(value));
    for (const value of refuses) assert.equal(isValid(value), false, JSON.stringify(value)?.slice(0, 100));
  });
}

const wrongOptions: readonly (readonly [type: string, options: JSONObject, id: string])[] = [
  ["string", { length: 3 }, "validation.assert.invalid_type"],
  ["string", { length: { min: "1" } }, "validation.assert.invalid_type"],
  ["string", { length: { min: 2, max: 1 } }, "validation.assert.invalid_range"],
  ["string", { length: { from: 2 } }, "validation.assert.unexpected_properties"],
  ["integer", { range: { min: null } }, "validation.assert.invalid_type"],
  ["integer", { range: { min: 2, max: 1 } }, "validation.assert.invalid_range"],
  ["numeric", { range: [] }, "validation.assert.invalid_type"],
  ["numeric", { range: { max: "9" } }, "validation.assert.invalid_type"],
  ["object", { strict: "yes" }, "validation.assert.invalid_type"],
  ["email", { notEmpty: 1 }, "validation.assert.invalid_type"],
  ["url", { notEmpty: null }, "validation.assert.invalid_type"],
  ["ip_address", { notEmpty: "no" }, "validation.assert.invalid_type"],
  ["enum", {}, "validation.types.missing_enum_values"],
  ["enum", { values: [] }, "validation.assert.invalid_type"],
  ["enum", { values: ["a", 1] }, "validation.assert.invalid_type"],
  ["geo_shape", { shapeTypes: [] }, "validation.assert.invalid_type"],
  ["geo_shape", { shapeTypes: "point" }, "validation.assert.invalid_type"],
  ["geo_shape", { shapeTypes: ["point", "Polygon"] }, "validation.types.invalid_geoshape"],
  ["date", { formats: [] }, "validation.assert.invalid_type"],
  ["date", { formats: "date" }, "validation.assert.invalid_type"],
  ["date", { formats: ["date", "strict_basic_date"] }, "validation.types.invalid_date_format"],
  ["date", { formats: ["constructor"] }, "validation.types.invalid_date_format"],
  ["date", { range: { min: "yesterday" } }, "validation.types.invalid_date"],
  ["date", { range: { max: {} } }, "validation.types.invalid_date"],
  ["date", { range: { min: "2020-01-02", max: "2020-01-01" } }, "validation.assert.invalid_range"],
  ["date", { range: { since: 3 } }, "validation.assert.unexpected_properties"],
];

for (const [type, options, id] of wrongOptions) {
  test(`${type} ${JSON.stringify(options)} is refused with ${id}`, () => {
    assert.throws(() => prepare(type, options), { id, status: 412 });
  });
}

test("a type of a plugin is checked when it is added", () => {
  const table = new TypeTable(systemClock);
  const complete = { typeName: "even", validate: () => true, validateFieldSpecification: () => ({}) };
  const withId = (id: string) => (error: unknown) =>
    error instanceof KuzzleError && error.id === id && error.status === 500;
  for (const nameless of [null, "even", {}, { ...complete, typeName: "" }, { ...complete, typeName: 3 }]) {
    assert.throws(() => table.add(nameless), withId("validation.types.missing_type_name"));
  }
  for (const name of ["validate", "validateFieldSpecification"]) {
    assert.throws(() => table.add({ ...complete, [name]: undefined }), withId("validation.types.missing_function"));
  }
  assert.throws(() => table.add({ ...complete, allowChildren: true }), withId("validation.types.missing_function"));
  assert.throws(() => table.add({ ...complete, typeName: "string" }), withId("validation.types.already_exists"));
  table.add(complete);
  assert.throws(() => table.add(complete), withId("validation.types.already_exists"));
  assert.equal(table.find("even"), complete);
});
