/** Contents, queries and names that are meant to break something. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { assertBlamesClient, assertNotOurs, books, closeLibrary, openLibrary } from "./hostile-library.ts";
import { type Answer, http, httpText, Line, type Partial, until, type Written } from "./wire.ts";

let server: TestServer;
let line: Line;

before(async () => {
  ({ server, line } = await openLibrary());
});

after(() => closeLibrary(server, line));

const document = <R = Written>(action: string, request: JSONObject = {}) =>
  line.ask<R>({ controller: "document", action, ...books, ...request });

const deep = (levels: number, open: string, close: string, core = "1"): string =>
  open.repeat(levels) + core + close.repeat(levels);

test("deep nesting is stored or refused, in contents, queries, mappings and filters", async () => {
  for (const levels of [20, 100, 1_000, 20_000]) {
    const object = deep(levels, '{"a":', "}");
    const list = `{"a":${deep(levels, "[", "]")}}`;
    const bool = deep(levels, '{"bool":{"must":[', "]}}", '{"match_all":{}}');
    const not = deep(levels, '{"not":', "}", '{"exists":"a"}');
    const and = deep(levels, '{"and":[', "]}", '{"exists":"a"}');
    const properties = deep(levels, '{"properties":{"a":', "}}", '{"type":"keyword"}');
    const requests: readonly [verb: "POST" | "PUT", path: string, body: string][] = [
      ["POST", "/lib/books/_create", object],
      ["POST", "/lib/books/_create", list],
      ["PUT", "/lib/books/deep", object],
      ["POST", "/lib/books/deep/_upsert", `{"changes":${object}}`],
      ["POST", "/lib/books/_mCreate", `{"documents":[{"body":${object}}]}`],
      ["POST", "/lib/books/_bulk", `{"bulkData":[{"index":{}},${object}]}`],
      ["POST", "/lib/books/_bulk", `{"bulkData":[{"update":{"_id":"deep"}},{"doc":${object}}]}`],
      ["POST", "/lib/books/_publish", object],
      ["POST", "/lib/books/_search", `{"query":${bool}}`],
      ["POST", "/lib/books/_search", `{"query":${object}}`],
      ["POST", "/lib/books/_search", `{"aggs":{"x":${object}}}`],
      ["POST", "/lib/books/_search", `{"sort":${object}}`],
      ["POST", "/lib/books/_search?lang=koncorde", `{"query":${not}}`],
      ["POST", "/lib/books/_search?lang=koncorde", `{"query":${and}}`],
      ["PUT", "/lib/books/_query", `{"query":{},"changes":${object}}`],
      ["PUT", `/lib/deep-${levels}`, `{"mappings":${properties}}`],
      ["PUT", `/lib/deep-${levels}`, `{"mappings":{"_meta":${object}}}`],
      ["PUT", `/lib/deep-${levels}`, `{"settings":${object}}`],
      ["POST", "/_query", `{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":${not}}`],
      ["POST", "/_query", `{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":${and}}`],
      ["POST", "/_query", `{"controller":"server","action":"now","volatile":${object}}`],
      ["POST", "/_query", `{"controller":"server","action":"now","x":${object}}`],
    ];
    for (const [verb, path, body] of requests) {
      const { status, text } = await httpText(server, verb, path, body);
      assert.ok(
        status < 500,
        `${levels} levels, ${verb} ${path} ${body.slice(0, 60)}: ${status} ${text.slice(0, 300)}`,
      );
    }
  }
});

test("a member named __proto__ is data like any other, at every level and on every way", async () => {
  const content = '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":2},"constructor":{"prototype":3}}}';
  const parsed = JSON.parse(content) as JSONObject;
  const read = async (id: string): Promise<string> => {
    const { text } = await httpText(server, "GET", `/lib/books/${id}`);
    const { result } = JSON.parse(text) as Answer<Written>;
    const { _kuzzle_info: _, ...rest } = result._source;
    return JSON.stringify(rest);
  };
  const ways: readonly [verb: "POST" | "PUT", path: string, body: string][] = [
    ["POST", "/lib/books/p/_create", content],
    ["PUT", "/lib/books/p", content],
    ["PUT", "/lib/books/p/_replace", content],
    ["PUT", "/lib/books/p/_update", content],
    ["POST", "/lib/books/p/_upsert", `{"changes":${content},"default":${content}}`],
    ["PUT", "/lib/books/_mCreateOrReplace", `{"documents":[{"_id":"p","body":${content}}]}`],
    ["PUT", "/lib/books/_mUpdate", `{"documents":[{"_id":"p","body":${content}}]}`],
    ["POST", "/lib/books/_mUpsert", `{"documents":[{"_id":"p","changes":${content}}]}`],
    ["POST", "/lib/books/_write?_id=p", content],
    ["POST", "/lib/books/_bulk", `{"bulkData":[{"update":{"_id":"p"}},{"doc":${content}}]}`],
    ["PUT", "/lib/books/_query", `{"query":{"ids":{"values":["p"]}},"changes":${content}}`],
  ];
  for (const [verb, path, body] of ways) {
    const { status, text } = await httpText(server, verb, path, body);
    assert.equal(status, 200, `${verb} ${path} ${text}`);
    assert.equal(await read("p"), JSON.stringify(parsed), `${verb} ${path}`);
    assert.equal(({} as JSONObject).polluted, undefined);
  }
  const merge = '{"__proto__":{"more":1},"a":{"__proto__":{"more":2}}}';
  await httpText(server, "PATCH", "/lib/books/p/_update", merge);
  assert.equal(
    await read("p"),
    '{"__proto__":{"polluted":1,"more":1},"a":{"__proto__":{"polluted":2,"more":2},"constructor":{"prototype":3}}}',
  );
  await httpText(
    server,
    "DELETE",
    "/lib/books/p/_fields",
    '{"fields":["__proto__.more","a.__proto__","a.constructor.prototype"]}',
  );
  assert.equal(await read("p"), '{"__proto__":{"polluted":1},"a":{"constructor":{}}}');
  await httpText(server, "PATCH", "/lib/books/_bulk/_query", `{"query":{"ids":{"values":["p"]}},"changes":${merge}}`);
  assert.equal(await read("p"), '{"__proto__":{"polluted":1,"more":1},"a":{"constructor":{},"__proto__":{"more":2}}}');
  const hits = await http<{ hits: Written[] }>(server, "POST", "/lib/books/_search", {
    query: { ids: { values: ["p"] } },
  });
  assert.ok(Object.hasOwn(hits.result.hits[0]?._source ?? {}, "__proto__"));
});

test("filters, mappings, names and rooms may be called __proto__ without a prototype being touched", async () => {
  const filters = [
    '{"equals":{"__proto__.polluted":1}}',
    '{"__proto__":{"a":1}}',
    '{"equals":{"__proto__":1}}',
    '{"exists":"__proto__"}',
    '{"in":{"__proto__.x":["a"]}}',
    '{"range":{"__proto__":{"gt":1}}}',
    '{"and":[{"__proto__":{}}]}',
  ];
  const [index, collection] = ["__proto__", "tostring"];
  await using own = await Line.open(server);
  for (const filter of filters) {
    own.sendRaw(
      `{"controller":"realtime","action":"subscribe","index":"${index}","collection":"${collection}","body":${filter}}`,
    );
  }
  await until(() => own.received.length === filters.length, "all answers");
  for (const { status } of own.received) assert.ok((status as number) < 500);
  const published = '{"__proto__":{"polluted":1,"x":"a"},"a":1}';
  for (const path of [`/${index}/${collection}/_publish`, "/lib/books/_publish"]) {
    assert.equal((await httpText(server, "POST", path, published)).status, 200);
  }
  const list = await line.result<Record<string, Record<string, object>>>({ controller: "realtime", action: "list" });
  assert.ok(Object.hasOwn(Object.getOwnPropertyDescriptor(list, index)?.value, collection));
  assert.deepEqual(Object.keys(Object.prototype), []);

  const bodies = ['{"mappings":{"properties":{"__proto__":{"type":"keyword"}}}}', '{"mappings":{"__proto__":{}}}'];
  for (const body of bodies) {
    const { status } = await httpText(server, "PUT", "/lib/proto", body);
    assert.ok(status < 500);
  }
  for (const name of ["__proto__", "constructor", "hasownproperty", "valueof"]) {
    const target = { index: name, collection: name };
    await line.result({ controller: "collection", action: "create", ...target, body: {} });
    await line.result({ controller: "document", action: "create", ...target, _id: name, body: {} });
    const found = await line.result<{ total: number }>({ controller: "document", action: "search", ...target });
    assert.equal(found.total, 1, name);
    assert.equal(await line.result({ controller: "index", action: "exists", index: name }), true);
  }
  const indexes = await line.result<{ indexes: string[]; collections: Record<string, number> }>({
    controller: "index",
    action: "list",
    countCollection: true,
  });
  assert.ok(indexes.indexes.includes("__proto__"));
  assert.ok(Object.hasOwn(indexes.collections, "__proto__"));
});

test("ids may be anything that is text of at most 512 bytes", async () => {
  const ids = [
    "a/b",
    "ü/ñ 漢字🙂",
    " ",
    "%2F",
    "?",
    "#x",
    "a+b",
    "__proto__",
    "0",
    "null",
    "\t",
    "'\";--",
    "x".repeat(512),
  ];
  for (const id of ids) {
    const path = `/lib/books/${encodeURIComponent(id)}`;
    const { status, result, error } = await http<Written>(server, "POST", `${path}/_create`, { tag: "id" });
    assert.deepEqual([status, result?._id], [200, id], `${JSON.stringify(id)} ${error?.message}`);
    assert.equal((await document("get", { _id: id })).result._id, id);
    const found = await document<{ hits: Written[] }>("search", { body: { query: { ids: { values: [id] } } } });
    assert.equal(found.result.hits[0]?._id, id);
    assert.deepEqual((await document("delete", { _id: id })).result, { _id: id });
  }
  for (const id of ["x".repeat(513), "é".repeat(257)]) {
    for (const action of ["create", "createOrReplace", "upsert"]) {
      assertBlamesClient(
        (await document(action, { _id: id, body: { changes: {} } })) as never,
        `${action} ${id.length}`,
      );
    }
    const { result } = await document<Partial>("mCreate", { body: { documents: [{ _id: id, body: {} }] } });
    assert.equal(result.errors[0]?.status, 400);
    assert.equal((await document("get", { _id: id })).status, 404);
  }
});

test("ids and names with half a character are refused: two of them would be one on the disk", async () => {
  for (const half of ["\ud800", "a\udc01"]) {
    for (const action of ["create", "createOrReplace", "upsert"]) {
      assertBlamesClient((await document(action, { _id: half, body: { changes: {} } })) as never, `${action} ${half}`);
    }
    const { result } = await document<Partial>("mCreate", { body: { documents: [{ _id: half, body: {} }] } });
    assert.equal(result.errors[0]?.status, 400);
    const index = await line.ask({ controller: "index", action: "create", index: half });
    assert.equal(index.error?.id, "services.storage.invalid_index_name");
    const collection = await line.ask({ controller: "collection", action: "create", index: "lib", collection: half });
    assert.equal(collection.error?.id, "services.storage.invalid_collection_name");
  }
});

test("an index or a collection that is a list or an object is refused, and none of that name is made", async () => {
  for (const value of [[], ["lib"], {}]) {
    const index = await line.ask({ controller: "index", action: "create", index: value });
    assert.deepEqual([index.status, index.error?.id], [400, "api.assert.invalid_type"]);
    const collection = await line.ask({ controller: "collection", action: "create", index: "lib", collection: value });
    assert.deepEqual([collection.status, collection.error?.id], [400, "api.assert.invalid_type"]);
  }
});

test("an import takes numbers for ids, as from a table, and no lists or objects", async () => {
  const bulkData = [
    { index: { _id: 7 } },
    { tag: "a" },
    { index: { _id: 7 } },
    { tag: "b" },
    { update: { _id: 7 } },
    { doc: { tag: "c" } },
  ];
  const { result } = await http<{ successes: unknown[] }>(server, "POST", "/lib/books/_bulk", { bulkData });
  assert.deepEqual(result?.successes, [
    { index: { _id: "7", status: 201 } },
    { index: { _id: "7", status: 200 } },
    { update: { _id: "7", status: 200 } },
  ]);
  for (const _id of [{}, ["a"]]) {
    const { error } = await http(server, "POST", "/lib/books/_bulk", { bulkData: [{ index: { _id } }, { tag: "a" }] });
    assert.equal(error?.id, "services.storage.unexpected_bad_request");
  }
  assert.deepEqual((await document("delete", { _id: "7" })).result, { _id: "7" });
});

test("huge arrays are handled or refused", async () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i);
  assert.equal((await http(server, "PUT", "/lib/books/huge", { list: numbers, year: 5 })).status, 200);
  const words = numbers.slice(0, 60_000).map((number) => `w${number}`);
  const requests: readonly [path: string, body: unknown][] = [
    ["/lib/books/_search", { query: { terms: { tag: words } } }],
    ["/lib/books/_search", { query: { ids: { values: words } } }],
    [
      "/lib/books/_search",
      { query: { bool: { should: numbers.slice(0, 20_000).map((year) => ({ term: { year } })) } } },
    ],
    ["/lib/books/_search", { sort: numbers.slice(0, 50_000).map(() => "year") }],
    ["/lib/books/_search?lang=koncorde", { query: { in: { tag: words } } }],
    ["/lib/books/_mGet", { ids: words }],
    ["/lib/books/_mExists", { ids: words }],
    ["/lib/books/_mCreate", { documents: numbers.map(() => ({})) }],
    [
      "/lib/books/_bulk",
      {
        bulkData: numbers
          .slice(0, 90_000)
          .map(() => ({ delete: { _id: "x" } }))
          .slice(0, 30_000),
      },
    ],
    ["/lib/books/_publish", { list: numbers }],
    [
      "/_query",
      { controller: "document", action: "search", targets: words.map((index) => ({ index, collections: ["x"] })) },
    ],
    [
      "/_query",
      { controller: "realtime", action: "subscribe", index: "i", collection: "c", body: { in: { tag: words } } },
    ],
    ["/_query", { controller: "server", action: "healthCheck", services: words.join(",") }],
  ];
  for (const [path, body] of requests) {
    const answer = await http(server, "POST", path, body);
    assertNotOurs(answer, `${path} ${JSON.stringify(body).slice(0, 80)}`);
  }
});

test("empty names are missing ones", async () => {
  for (const change of [{ index: "" }, { collection: "" }, { _id: "" }]) {
    const { error } = await document("get", { _id: "a", ...change });
    assert.equal(error?.id, "api.assert.missing_argument");
  }
});

test("metadata cannot be forged by names with dots, on any way", async () => {
  const forged = { "_kuzzle_info.author": "mallory", "_kuzzle_info.createdAt": 5, "_kuzzle_info.x": 1 };
  const ways: readonly [verb: "POST" | "PUT" | "PATCH", path: string, body: unknown][] = [
    ["POST", "/lib/books/forged/_create", forged],
    ["PUT", "/lib/books/forged", forged],
    ["PUT", "/lib/books/forged/_replace", forged],
    ["PATCH", "/lib/books/forged/_update", forged],
    ["POST", "/lib/books/forged/_upsert", { changes: forged }],
    ["POST", "/lib/books/forged-new/_upsert", { changes: {}, default: forged }],
    ["PUT", "/lib/books/_mCreateOrReplace", { documents: [{ _id: "forged", body: forged }] }],
    ["PATCH", "/lib/books/_mUpdate", { documents: [{ _id: "forged", body: forged }] }],
    ["POST", "/lib/books/_mUpsert", { documents: [{ _id: "forged-too", changes: {}, default: forged }] }],
    ["POST", "/lib/books/_bulk", { bulkData: [{ index: { _id: "forged" } }, forged] }],
    ["POST", "/lib/books/_bulk", { bulkData: [{ update: { _id: "forged" } }, { doc: forged }] }],
    ["PUT", "/lib/books/_query", { query: { ids: { values: ["forged"] } }, changes: forged }],
  ];
  const query = { term: { "_kuzzle_info.author": "mallory" } };
  for (const [verb, path, body] of ways) {
    const { error } = await http(server, verb, path, body);
    assert.equal(error, null, `${verb} ${path}`);
    const found = await document<{ total: number }>("search", { body: { query } });
    assert.equal(found.result.total, 0, `${verb} ${path} ${JSON.stringify(body)}`);
  }
});
