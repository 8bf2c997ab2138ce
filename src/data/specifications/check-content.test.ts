import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createSpecifications, openSpecificationStore } from "../../../testing/data/open-specifications.ts";
import { type JSONObject, KuzzleError } from "../../kernel/index.ts";

const store = await openSpecificationStore();
const specifications = createSpecifications(store);
await specifications.start();
after(async () => {
  specifications.stop();
  await store.close();
});

const target = { index: "lib", collection: "books" };

/** Puts the specification in force, and answers what checks a content against it. */
async function given(specification: JSONObject) {
  await specifications.put(target, specification);
  return (content: JSONObject, stored?: JSONObject, id: string | null = null): JSONObject =>
    specifications.check({ target, id, content, ...(stored === undefined ? {} : { stored }) });
}

const report = (content: JSONObject) => specifications.report({ target, id: null, content });

function failsField(path: string, text: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof KuzzleError);
    assert.equal(error.id, "validation.check.failed_field");
    assert.equal(error.status, 400);
    assert.equal(error.props[0], path);
    assert.match(String(error.props[1]), text);
    return true;
  };
}

const failsDocument = { id: "validation.check.failed_document", status: 400 };

test("a content that has its specification is answered as it is", async () => {
  const check = await given({ fields: { title: { type: "string", mandatory: true } } });
  const content = { title: "Emma", more: true };
  assert.equal(check(content), content);
});

test("a mandatory field must be there and not null, a field with a default need not", async () => {
  const check = await given({
    fields: {
      title: { type: "string", mandatory: true },
      lang: { type: "string", mandatory: true, defaultValue: "en" },
    },
  });
  assert.throws(() => check({}), failsField("title", /mandatory/));
  assert.throws(() => check({ title: null }), failsField("title", /mandatory/));
  assert.deepEqual(check({ title: "Emma" }), { title: "Emma", lang: "en" });
});

test("an absent or null field that is not mandatory passes, whatever its type", async () => {
  const check = await given({ fields: { pages: { type: "integer", typeOptions: { range: { min: 1 } } } } });
  assert.deepEqual(check({ pages: null }), { pages: null });
  assert.deepEqual(check({}), {});
  assert.throws(() => check({ pages: 0 }), failsField("pages", /at least 1/));
});

test("the first failing field in the order of declaration is the one answered", async () => {
  const check = await given({ fields: { b: { type: "string" }, a: { type: "string" } } });
  assert.throws(() => check({ a: 1, b: 1 }), failsField("b", /string/));
});

test("a strict specification refuses members that it does not declare, but for the server's own", async () => {
  const check = await given({ strict: true, fields: { title: { type: "string" } } });
  assert.throws(() => check({ title: "Emma", pages: 3 }), failsDocument);
  check({ title: "Emma", _kuzzle_info: { author: "-1" } });
  assert.throws(() => check(JSON.parse('{ "__proto__": 1 }')), failsDocument);
});

test("an update of a document with metadata passes a strict specification", async () => {
  const check = await given({ strict: true, fields: { title: { type: "string", mandatory: true } } });
  assert.deepEqual(check({}, { title: "Emma", _kuzzle_info: { author: "-1" } }), {});
});

test("an object is as strict as the object around it, unless it says otherwise", async () => {
  const check = await given({
    strict: true,
    fields: {
      open: { type: "object", typeOptions: { strict: false } },
      "open/below": { type: "object" },
      closed: { type: "object" },
      "closed/known": { type: "string" },
    },
  });
  check({ open: { any: 1, below: { any: 1 } }, closed: { known: "x" } });
  assert.throws(() => check({ closed: { unknown: 1 } }), failsField("closed", /unknown/));
});

test("fields of objects are checked under their dotted path", async () => {
  const check = await given({
    fields: {
      address: { type: "object" },
      "address/city": { type: "string", mandatory: true },
    },
  });
  assert.throws(() => check({ address: {} }), failsField("address.city", /mandatory/));
  assert.throws(() => check({ address: { city: 3 } }), failsField("address.city", /string/));
  assert.throws(() => check({ address: "Bath" }), failsField("address", /object/));
  check({ address: { city: "Bath" } });
  check({});
});

test("children may be declared before their parents", async () => {
  const check = await given({ fields: { "a/b": { type: "integer" }, a: { type: "object" } } });
  assert.throws(() => check({ a: { b: "x" } }), failsField("a.b", /integer/));
});

test("an array is refused where a single value is declared, whatever its type", async () => {
  const check = await given({
    fields: { any: { type: "anything" }, point: { type: "geo_point", multivalued: { value: false } } },
  });
  assert.throws(() => check({ any: [] }), failsField("any", /array/));
  assert.throws(() => check({ point: [48.85, 2.35] }), failsField("point", /array/));
});

test("a field with several values must be an array of the right length whose elements have its type", async () => {
  const check = await given({
    fields: {
      tags: { type: "string", multivalued: { value: true, minCount: 1, maxCount: 2 } },
      points: { type: "geo_point", multivalued: { value: true } },
    },
  });
  check({ tags: ["a", "b"], points: [[48.85, 2.35], "48.85, 2.35"] });
  assert.throws(() => check({ tags: "a" }), failsField("tags", /must be an array/));
  assert.throws(() => check({ tags: [] }), failsField("tags", /at least 1/));
  assert.throws(() => check({ tags: ["a", "b", "c"] }), failsField("tags", /at most 2/));
  assert.throws(() => check({ tags: ["a", null] }), failsField("tags", /string/));
});

test("the elements of an array of objects are checked one by one", async () => {
  const check = await given({
    fields: {
      authors: { type: "object", multivalued: { value: true }, typeOptions: { strict: true } },
      "authors/name": { type: "string", mandatory: true },
    },
  });
  check({ authors: [{ name: "Ada" }, { name: "Bob" }] });
  assert.throws(() => check({ authors: [{ name: "Ada" }, {}] }), failsField("authors.name", /mandatory/));
  assert.throws(() => check({ authors: [{ name: "Ada", age: 3 }] }), failsField("authors", /age/));
});

test("validators must all match, and see the id of the document", async () => {
  const check = await given({
    validators: [{ range: { pages: { gt: 10 } } }, { or: [{ equals: { lang: "en" } }, { equals: { _id: "emma" } }] }],
  });
  check({ pages: 11, lang: "en" });
  check({ pages: 11 }, undefined, "emma");
  assert.throws(() => check({ pages: 11 }), failsDocument);
  assert.throws(() => check({ pages: 9, lang: "en" }), failsDocument);
});

test("validators of a replaced specification count no more", async () => {
  await given({ validators: [{ exists: "title" }] });
  const check = await given({ validators: [{ exists: "name" }] });
  check({ name: "Emma" });
});

test("defaults fill what is absent or null, false and zero too, and leave the given content alone", async () => {
  const check = await given({
    fields: {
      lang: { type: "string", defaultValue: "en" },
      copies: { type: "integer", defaultValue: 0 },
      lent: { type: "boolean", defaultValue: false },
      meta: { type: "object", defaultValue: { tags: [] } },
      nothing: { type: "string", defaultValue: null },
    },
  });
  const content = { lang: null };
  const filled = check(content);
  assert.deepEqual(filled, { lang: "en", copies: 0, lent: false, meta: { tags: [] } });
  assert.deepEqual(content, { lang: null });
  (filled.meta as { tags: string[] }).tags.push("changed");
  assert.deepEqual(check({}).meta, { tags: [] });
});

test("defaults below objects are filled where the object is, in arrays element by element", async () => {
  const check = await given({
    fields: {
      author: { type: "object" },
      "author/role": { type: "string", defaultValue: "writer" },
      copies: { type: "object", multivalued: { value: true } },
      "copies/state": { type: "string", defaultValue: "new" },
    },
  });
  assert.deepEqual(check({}), {});
  assert.deepEqual(check({ author: {}, copies: [{ state: "old" }, {}] }), {
    author: { role: "writer" },
    copies: [{ state: "old" }, { state: "new" }],
  });
});

test("default values are not checked", async () => {
  const check = await given({ fields: { pages: { type: "integer", defaultValue: "many" } } });
  assert.deepEqual(check({}), { pages: "many" });
});

test("an update is checked together with what is stored, and fills only what it sends as null", async () => {
  const check = await given({
    fields: {
      title: { type: "string", mandatory: true },
      lang: { type: "string", defaultValue: "en" },
      state: { type: "string", defaultValue: "new" },
      author: { type: "object" },
      "author/name": { type: "string", mandatory: true },
      "author/city": { type: "string", defaultValue: "Bath" },
    },
  });
  const stored = { title: "Emma", author: { name: "Jane", city: "York" } };
  assert.deepEqual(check({ lang: null, author: { city: null } }, stored), { lang: "en", author: { city: "Bath" } });
  assert.throws(() => check({ title: null }, stored), failsField("title", /mandatory/));
  assert.throws(() => check({ author: { name: 3 } }, stored), failsField("author.name", /string/));
});

test("in an update, arrays are laid over the stored ones by position", async () => {
  const check = await given({
    fields: {
      authors: { type: "object", multivalued: { value: true } },
      "authors/name": { type: "string", mandatory: true },
      "authors/age": { type: "integer" },
    },
  });
  const stored = { authors: [{ name: "Jane" }, { name: "Ann" }] };
  check({ authors: [{ age: 41 }] }, stored);
  assert.throws(
    () => check({ authors: [{ age: 41 }, {}, { age: 3 }] }, stored),
    failsField("authors.name", /mandatory/),
  );
});

test("a report lists every field that fails, nested as the fields are, and changes nothing", async () => {
  await given({
    strict: true,
    fields: {
      title: { type: "string", mandatory: true },
      lang: { type: "string", defaultValue: "en" },
      author: { type: "object" },
      "author/name": { type: "string" },
      "author/age": { type: "integer", typeOptions: { range: { max: 130 } } },
    },
    validators: [{ exists: "isbn" }],
  });
  const content = { unknown: 1, author: { name: 3, age: 140 } };
  const { valid, errorMessages } = report(content);
  assert.equal(valid, false);
  assert.deepEqual(errorMessages.fieldScope, {
    children: {
      title: { messages: ["is mandatory"] },
      author: {
        children: {
          name: { messages: ["must be a string"] },
          age: { messages: ["must be at most 130"] },
        },
      },
    },
  });
  assert.equal((errorMessages.documentScope as string[]).length, 2);
  assert.deepEqual(content, { unknown: 1, author: { name: 3, age: 140 } });
});

test("a report of a valid content, and of a collection without specification, is empty", async () => {
  await given({ fields: { title: { type: "string" } } });
  assert.deepEqual(report({ title: "Emma" }), { valid: true, errorMessages: {} });
  const elsewhere = { index: "lib", collection: "elsewhere" };
  assert.equal(specifications.hasSpecification(elsewhere), false);
  assert.deepEqual(specifications.report({ target: elsewhere, id: null, content: { title: 1 } }), {
    valid: true,
    errorMessages: {},
  });
});

test("names that mean something to JavaScript are names like any other", async () => {
  const check = await given(
    JSON.parse(
      '{"fields": {"__proto__": {"type": "string", "defaultValue": "x"}, "constructor": {"type": "integer"}}}',
    ),
  );
  const filled = check({});
  assert.deepEqual(Object.entries(filled), [["__proto__", "x"]]);
  assert.equal(Object.getPrototypeOf(filled), Object.prototype);
  assert.throws(() => check(JSON.parse('{"__proto__": 3}')), failsField("__proto__", /string/));
  const { errorMessages } = report(JSON.parse('{"__proto__": 3}'));
  assert.match(JSON.stringify(errorMessages), /"__proto__":\{"messages"/);
  assert.deepEqual(Object.entries(check(JSON.parse('{"__proto__": null}'), JSON.parse('{"__proto__": "y"}'))), [
    ["__proto__", "x"],
  ]);
});

test("contents nested a hundred thousand levels deep are checked or refused, never a crash", async () => {
  const check = await given({
    fields: { any: { type: "object" }, shape: { type: "geo_shape" }, "any/x": { type: "object", defaultValue: {} } },
    validators: [{ missing: "forbidden" }],
  });
  const deep = (open: string, close: string): unknown => JSON.parse(`${open.repeat(100_000)}0${close.repeat(100_000)}`);
  const objects = { any: deep('{"x":', "}") };
  const arrays = { any: { x: {}, y: deep("[", "]") } };
  check(objects);
  check(arrays);
  assert.throws(() => check(objects, objects), failsDocument);
  assert.throws(() => check(arrays, arrays), failsDocument);
  const collection = deep('{"type":"geometrycollection","geometries":[', "]}");
  assert.throws(() => check({ shape: collection }), failsField("shape", /nest/));
});

test("a huge array of wrong values costs one message", async () => {
  await given({ fields: { tags: { type: "string", multivalued: { value: true } } } });
  const { errorMessages } = report({ tags: new Array(1_000_000).fill(7) });
  assert.deepEqual(errorMessages, { fieldScope: { children: { tags: { messages: ["must be a string"] } } } });
});

test("a validator whose expression explodes elsewhere runs in linear time", { timeout: 60_000 }, async () => {
  const check = await given({ validators: [{ regexp: { text: "^(a+)+$" } }] });
  assert.throws(() => check({ text: `${"a".repeat(5_000)}b` }), failsDocument);
});
