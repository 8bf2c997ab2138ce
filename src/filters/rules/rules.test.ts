/** What the rules of policies mean, without a server: lists of fields, values of the user, several policies together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RuleTemplate } from "./document-rule.ts";
import { FieldList } from "./field-list.ts";
import { parsePolicyRule } from "./parse-policy-rule.ts";

test("a name stands for the field and all below it, a star for all that begins so", () => {
  const list = new FieldList(["name", "visits.*", "na*", "a.b.c"]);
  const covered = ["name", "name.raw", "visits.date", "visits.x.y", "nature", "a.b.c", "a.b.c.d"];
  const others = ["visits", "visitsx", "mes", "a", "a.b", "a.b.cc", ""];
  for (const path of covered) assert.equal(list.covers(path), true, path);
  for (const path of others) assert.equal(list.covers(path), false, path);
  assert.deepEqual(
    ["a", "a.b", "visits", "other"].map((path) => list.reaches(path)),
    [true, true, true, false],
  );
  assert.equal(new FieldList(["*"]).covers("anything"), true);
  assert.equal(new FieldList([]).covers("anything"), false);
});

test("a cut leaves the listed fields, in arrays too, whatever the members are called", () => {
  const source = JSON.parse(
    '{"a":{"b":{"c":1,"d":2},"x":3},"visits":[{"date":1,"note":2},"text",[{"date":3,"note":4}],{"note":5}],"a.b.c":7,"a.b.e":8,"__proto__":{"a":1},"none":{"x":1}}',
  );
  const cut = new FieldList(["a.b.c", "visits.date", "none.y"]).cut(source);
  assert.equal(JSON.stringify(cut), '{"a":{"b":{"c":1}},"visits":[{"date":1},[{"date":3}],{}],"a.b.c":7}');
  assert.equal(JSON.stringify(new FieldList(["__proto__.a"]).cut(source)), '{"__proto__":{"a":1}}');
});

test("a change of a field that is not listed is found wherever it is", () => {
  const list = new FieldList(["visits.*", "ward", "deep.ok"]);
  const before = { ward: "A", name: "Ada", visits: [{ date: 1 }], deep: { ok: 1, no: 2 }, tags: ["x"], empty: {} };
  const change = (after: object) => list.foreignChange(before, { ...before, ...after });
  assert.equal(change({}), undefined);
  assert.equal(change({ ward: "B", visits: [{ date: 2 }, { note: "n" }] }), undefined);
  assert.equal(change({ visits: [] }), undefined);
  assert.equal(change({ deep: { ok: 2, no: 2 } }), undefined);
  assert.equal(change({ deep: { ok: 2 } }), "deep.no");
  assert.equal(change({ deep: "text" }), "deep");
  assert.equal(change({ name: "Bea" }), "name");
  assert.equal(change({ name: ["Ada"] }), "name");
  assert.equal(change({ visits: "text" }), "visits");
  assert.equal(change({ tags: ["x", "y"] }), "tags");
  assert.equal(change({ other: {} }), "other");
  assert.equal(change({ other: { a: { b: null } } }), "other.a.b");
  assert.equal(change({ "deep.no": 3 }), "deep.no");
  assert.equal(list.foreignChange({}, JSON.parse('{"__proto__":{"x":1}}')), "__proto__.x");
  assert.equal(new FieldList(["visits.date"]).foreignChange(before, { ...before, visits: [] }), undefined);
  const secret = { visits: [{ date: 1, secret: 2 }] };
  assert.equal(new FieldList(["visits.date"]).foreignChange(secret, { visits: [] }), "visits.secret");
});

const user: Readonly<Record<string, unknown>> = { _id: "ann", ward: "A", wards: ["A", "B"], level: 3, price: "$5" };
const seen = (filter: unknown, document: object, id?: string): boolean => {
  const rule = RuleTemplate.of([parsePolicyRule({ filter })])?.bind((path) => user[path]);
  return rule?.matches(document as never, id) === true;
};

test("documents are read as searches read them: arrays by their elements, null as missing, numbers also in texts", () => {
  assert.equal(seen({ equals: { a: "x" } }, { a: ["y", "x"] }), true);
  assert.equal(seen({ equals: { "a.b": "x" } }, { a: [{ b: "y" }, { b: ["x"] }] }), true);
  assert.equal(seen({ equals: { "a.b": "x" } }, { "a.b": "x" }), true);
  assert.equal(seen({ not: { equals: { a: "x" } } }, { a: ["y", "x"] }), false);
  assert.equal(seen({ not: { equals: { a: "x" } } }, {}), true);
  assert.equal(seen({ exists: "a" }, { a: null }), false);
  assert.equal(seen({ exists: "a" }, { a: [] }), false);
  assert.equal(seen({ missing: "a" }, { a: [null] }), true);
  assert.equal(seen({ exists: "a" }, { a: { b: 0 } }), true);
  assert.equal(seen({ equals: { a: 5 } }, { a: "5" }), true);
  assert.equal(seen({ equals: { a: true } }, { a: "true" }), true);
  assert.equal(seen({ range: { a: { gte: 1, lt: 3 } } }, { a: [9, "2"] }), true);
  assert.equal(seen({ range: { a: { gte: 1, lt: 3 } } }, { a: [3, "x", "", null] }), false);
  assert.equal(seen({ ids: { values: ["d1"] } }, {}, "d1"), true);
  assert.equal(seen({ exists: 'a["x"]' }, { a: ["x"] }), true);
  assert.equal(seen({ equals: { constructor: "x" } }, {}), false);
});

test("values of the user stand for the user, two dollars for one, and what the user lacks matches nothing", () => {
  assert.equal(seen({ equals: { owner: "$user._id" } }, { owner: "ann" }), true);
  assert.equal(seen({ equals: { owner: "$user._id" } }, { owner: "$user._id" }), false);
  assert.equal(seen({ in: { ward: "$user.wards" } }, { ward: "B" }), true);
  assert.equal(seen({ in: { ward: ["C", "$user.wards"] } }, { ward: "B" }), true);
  assert.equal(seen({ equals: { ward: "$user.wards" } }, { ward: "B" }), false, "a list is no value");
  assert.equal(seen({ not: { equals: { ward: "$user.wards" } } }, { ward: "Z" }), false);
  assert.equal(seen({ range: { level: { lte: "$user.level" } } }, { level: 3 }), true);
  assert.equal(seen({ range: { level: { lte: "$user.ward" } } }, { level: 3 }), false, "a text is no bound");
  assert.equal(seen({ equals: { price: "$$5" } }, { price: "$5" }), true);
  assert.equal(seen({ equals: { price: "$user.price" } }, { price: "$5" }), true);
  for (const clause of [{ equals: { ward: "$user.none" } }, { in: { ward: ["A", "$user.none"] } }]) {
    assert.equal(seen(clause, { ward: "A" }), false);
    assert.equal(seen({ not: clause }, { ward: "Z" }), false);
    assert.equal(seen({ not: { not: clause } }, { ward: "A" }), false);
    assert.equal(seen({ bool: { must_not: [clause] } }, { ward: "Z" }), false);
    assert.equal(seen({ or: [clause, { equals: { ward: "A" } }] }, { ward: "A" }), true);
    assert.equal(seen({ not: { and: [clause, { equals: { ward: "A" } }] } }, { ward: "Z" }), true);
  }
});

test("several policies allow what any of them allows; one without a limit lifts it, none at all hides everything", () => {
  const template = (...rules: unknown[]) =>
    RuleTemplate.of(rules.map((rule) => (rule === undefined ? undefined : parsePolicyRule(rule))))?.bind(
      () => undefined,
    );
  const a = { filter: { equals: { ward: "A" } }, readableFields: ["name"], writableFields: ["age"] };
  const b = { filter: { equals: { ward: "B" } }, readableFields: ["ward"] };
  const both = template(a, b);
  assert.deepEqual(
    ["A", "B", "C"].map((ward) => both?.matches({ ward }, "x")),
    [true, true, false],
  );
  assert.deepEqual(both?.cut({ name: 1, ward: 2, age: 3 }), { name: 1, ward: 2 });
  assert.equal(both?.writable, undefined);
  assert.equal(template(a, undefined), undefined);
  assert.equal(template(a, {}), undefined);
  assert.equal(template({ filter: a.filter }, { readableFields: [] }), undefined);
  assert.equal(template(a, { filter: a.filter })?.readable, undefined);
  assert.equal(template()?.matches({ ward: "A" }, "x"), false);
  assert.deepEqual(template()?.cut({ ward: "A" }), {});
  assert.equal(template(a)?.key, template({ ...a })?.key);
  assert.notEqual(template(a)?.key, template(b)?.key);
});
