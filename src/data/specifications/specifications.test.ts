import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  createSpecifications,
  openSpecificationStore,
  validations,
} from "../../../testing/data/open-specifications.ts";
import { type JSONObject, type LogFields, type Logger, silentLogger } from "../../kernel/index.ts";
import { type Bus, createLocalBus } from "../../stores/bus/index.ts";
import type { SpecificationsDeps } from "./specifications.ts";

const books = { index: "lib", collection: "books" };
const needsTitle = { fields: { title: { type: "string", mandatory: true } } };

async function openStore(t: TestContext) {
  const store = await openSpecificationStore();
  t.after(() => store.close());
  const start = async (deps: Partial<SpecificationsDeps> = {}) => {
    const specifications = createSpecifications(store, deps);
    await specifications.start();
    t.after(() => specifications.stop());
    return specifications;
  };
  return { store, start };
}

/** Keeps what is logged as an error. */
function recorder() {
  const errors: (LogFields & { event: string })[] = [];
  const log: Logger = { ...silentLogger, error: (event, fields) => errors.push({ event, ...fields }) };
  return { log, errors };
}

test("a specification is in force when it has been put, and after a restart", async (t) => {
  const { store, start } = await openStore(t);
  const first = await start({ clock: { now: () => 1_000 } });
  await first.put(books, needsTitle);
  assert.throws(() => first.check({ target: books, id: null, content: {} }));
  const document = await store.find(validations, "lib#books");
  assert.deepEqual(JSON.parse(document?.source ?? ""), {
    ...books,
    validation: needsTitle,
    _kuzzle_info: { author: null, createdAt: 1_000, updatedAt: 1_000, updater: null },
  });
  const second = await start();
  assert.equal(second.hasSpecification(books), true);
  assert.throws(() => second.check({ target: books, id: null, content: {} }));
});

test("a stored specification is read with its place and its metadata, an absent one is an error", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  await assert.rejects(specifications.get(books), { id: "validation.assert.not_found", status: 404 });
  await specifications.put(books, needsTitle);
  const { _kuzzle_info, ...content } = await specifications.get(books);
  assert.deepEqual(content, { ...books, validation: needsTitle });
  assert.equal((_kuzzle_info as JSONObject).author, null);
});

test("a specification that is not valid is refused with all messages, and the former one stays", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  await specifications.put(books, needsTitle);
  await assert.rejects(specifications.put(books, { fields: { a: {}, b: { type: "wrong" } } }), (error: Error) => {
    assert.match(error.message, /"a".*\n.*"wrong"/);
    return "id" in error && error.id === "validation.assert.invalid_specifications";
  });
  assert.throws(() => specifications.check({ target: books, id: null, content: {} }));
});

test("a forgotten specification is in force no more; forgetting it again is no error", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  await specifications.put(books, needsTitle);
  await specifications.delete(books);
  await specifications.delete(books);
  assert.equal(specifications.hasSpecification(books), false);
  const content = {};
  assert.equal(specifications.check({ target: books, id: null, content }), content);
});

test("other nodes follow what one node changes", async (t) => {
  const { start } = await openStore(t);
  const bus = createLocalBus(silentLogger);
  const [here, there] = [await start({ bus }), await start({ bus })];
  await here.put(books, needsTitle);
  await until(() => there.hasSpecification(books));
  await there.delete(books);
  await until(() => !here.hasSpecification(books));
});

test("a stopped node hears nothing, and messages of another shape disturb nobody", async (t) => {
  const { start } = await openStore(t);
  const { bus, listeners } = countingBus();
  const specifications = await start({ bus });
  await specifications.start();
  assert.equal(listeners(), 1);
  for (const message of [null, "x", {}, { index: 1, collection: [] }]) bus.publish("specifications:change", message);
  specifications.stop();
  specifications.stop();
  assert.equal(listeners(), 0);
});

test("changes that come close together end with the last one written", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  const withDefault = (lang: number) => ({ fields: { lang: { type: "integer", defaultValue: lang } } });
  await Promise.all(Array.from({ length: 20 }, (_, i) => specifications.put(books, withDefault(i))));
  const { validation } = await specifications.get(books);
  const filled = specifications.check({ target: books, id: null, content: {} });
  assert.deepEqual(validation, withDefault(filled.lang as number));
});

test("the configured specifications are stored by the first start, with their place", async (t) => {
  const { start } = await openStore(t);
  const { log, errors } = recorder();
  const seeds = { lib: { books: needsTitle, wrong: { fields: { a: {} } } } };
  await start({ seeds, log });
  assert.deepEqual(
    errors.map(({ event, collection }) => [event, collection]),
    [["specifications.unreadable", "wrong"]],
  );
  const next = await start({ seeds: { lib: { books: { strict: true } } } });
  assert.deepEqual((await next.get(books)).validation, needsTitle);
  assert.equal(next.hasSpecification({ index: "lib", collection: "wrong" }), false);
});

test("a stored specification that cannot be read is logged and ignored", async (t) => {
  const { store, start } = await openStore(t);
  const texts = { "a#a": "{}", "lib#wrong": '{"index":"lib","collection":"wrong","validation":{"fields":{"a":{}}}}' };
  for (const [id, source] of Object.entries(texts)) await store.write(validations, [{ kind: "index", id, source }]);
  await (await start()).put(books, needsTitle);
  const { log, errors } = recorder();
  const specifications = await start({ log });
  assert.equal(specifications.hasSpecification(books), true);
  assert.equal(specifications.hasSpecification({ index: "lib", collection: "wrong" }), false);
  assert.equal(errors.length, 2);
  for (const { err } of errors) {
    assert.equal((err as { id?: string }).id, "validation.assert.incorrect_validation_format");
  }
});

test("at most a thousand stored specifications are loaded", async (t) => {
  const { store, start } = await openStore(t);
  const operations = Array.from({ length: 1_001 }, (_, i) => {
    const place = { index: "lib", collection: `c${i}` };
    return { kind: "index", id: `lib#c${i}`, source: JSON.stringify({ ...place, validation: {} }) } as const;
  });
  await store.write(validations, operations);
  const specifications = await start();
  const loaded = operations.filter((_, i) => specifications.hasSpecification({ index: "lib", collection: `c${i}` }));
  assert.equal(loaded.length, 1_000);
});

test("a type of a plugin checks values with the options that it prepared", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  specifications.addType({
    typeName: "multiple",
    allowedTypeOptions: ["of"],
    validateFieldSpecification: (options: JSONObject) => {
      if (typeof options.of !== "number") throw new Error('"of" must be a number');
      return { ...options, prepared: true };
    },
    validate: (options: JSONObject, value: unknown) =>
      options.prepared === true && Number.isInteger((value as number) / (options.of as number)),
  });
  const of = (typeOptions: JSONObject) => ({ fields: { n: { type: "multiple", typeOptions } } });
  assert.deepEqual(specifications.problemsOf(books, of({})), ['Field "n": "of" must be a number']);
  assert.equal(specifications.problemsOf(books, of({ of: 3, by: 4 })).length, 1);
  const submitted = of({ of: 3 });
  await specifications.put(books, submitted);
  assert.deepEqual(submitted, of({ of: 3 }));
  specifications.check({ target: books, id: null, content: { n: 9 } });
  assert.throws(() => specifications.check({ target: books, id: null, content: { n: 10 } }), {
    message: 'Field "n" is not valid: must be of the type "multiple"',
  });
});

test("a type may refuse its options by answering false, and have children of its own strictness", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  specifications.addType({
    typeName: "box",
    allowChildren: true,
    allowedTypeOptions: ["empty"],
    validateFieldSpecification: (options: JSONObject) => options.empty !== true,
    validate: () => true,
    getStrictness: () => true,
  });
  const box = (typeOptions: JSONObject) => ({
    fields: { box: { type: "box", typeOptions }, "box/n": { type: "integer" } },
  });
  assert.equal(specifications.problemsOf(books, box({ empty: true })).length, 1);
  await specifications.put(books, box({}));
  const check = (value: unknown) => specifications.check({ target: books, id: null, content: { box: value } });
  check({ n: 1 });
  check("no object");
  assert.throws(() => check({ n: "x" }), { props: ["box.n", "must be an integer"] });
  assert.throws(() => check({ m: 1 }), /"box"/);
});

test("a type of a plugin that throws is named in the error", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  const validate = () => {
    throw new TypeError("no such thing");
  };
  specifications.addType({ typeName: "broken", validate, validateFieldSpecification: () => ({}) });
  await specifications.put(books, { fields: { a: { type: "broken" } } });
  assert.throws(() => specifications.check({ target: books, id: null, content: { a: 1 } }), {
    id: "plugin.runtime.unexpected_error",
    message: /"broken".*no such thing/,
  });
});

test("a specification whose type is added after the start is in force from then on", async (t) => {
  const { start } = await openStore(t);
  const type = { typeName: "late", validate: () => false, validateFieldSpecification: () => ({}) };
  const first = await start();
  first.addType(type);
  await first.put(books, { fields: { a: { type: "late" } } });
  const second = await start();
  assert.equal(second.hasSpecification(books), false);
  second.addType(type);
  assert.throws(() => second.check({ target: books, id: null, content: { a: 1 } }));
});

test("types that take the place of others are in force at once, and what is refused changes nothing", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  const only = (word: string) => ({
    typeName: "only",
    validate: (_: JSONObject, value: unknown) => value === word,
    validateFieldSpecification: () => ({}),
  });
  const [former, next] = [only("one"), only("two")];
  specifications.addType(former);
  await specifications.put(books, { fields: { a: { type: "only" } } });
  const check = (a: string): unknown => specifications.check({ target: books, id: null, content: { a } });
  check("one");
  assert.throws(() => specifications.replaceTypes([former], [next, { typeName: "" }]), {
    id: "validation.types.missing_type_name",
  });
  assert.throws(() => specifications.replaceTypes([], [next]), { id: "validation.types.already_exists" });
  check("one");
  specifications.replaceTypes([former], [next]);
  check("two");
  assert.throws(() => check("one"));
  specifications.replaceTypes([next], []);
  assert.equal(specifications.hasSpecification(books), false, "what lacks its type is left out");
  specifications.addType(former);
  check("one");
});

test("stored specifications are found by index and collection, in pages", async (t) => {
  const { start } = await openStore(t);
  const specifications = await start();
  for (const collection of ["a", "b", "c"]) await specifications.put({ index: "lib", collection }, needsTitle);
  await specifications.put({ index: "shop", collection: "a" }, needsTitle);
  const body = { query: { term: { index: "lib" } }, sort: ["collection"] };
  const page = await specifications.search({ body, from: 1, size: 1 });
  assert.equal(page.total, 3);
  assert.deepEqual(
    page.hits.map(({ id, index, collection }) => [id, index, collection]),
    [["lib#b", "kuzzle", "validations"]],
  );
  const first = await specifications.search({ body, from: 0, size: 2, scroll: "10s" });
  const second = await specifications.scroll(first.scrollId ?? "", undefined);
  assert.deepEqual(
    second.hits.map(({ id }) => id),
    ["lib#c"],
  );
  await assert.rejects(specifications.scroll(first.scrollId ?? "", undefined), {
    id: "services.storage.unknown_scroll_id",
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, "in time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function countingBus(): { bus: Bus; listeners: () => number } {
  const bus = createLocalBus(silentLogger);
  let count = 0;
  const listen: Bus["listen"] = (channel, listener) => {
    const stop = bus.listen(channel, listener);
    count++;
    return () => {
      count--;
      stop();
    };
  };
  return { bus: { ...bus, listen }, listeners: () => count };
}
