/** Reading: by id, by query, page after page, counted and exported (contract/api/document.yaml, search.md 7 and 10). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { type Answer, assertMembers, http, httpText, Line, type Written } from "./wire.ts";

const books = { index: "lib", collection: "books" };

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({ data: ":memory:", config: { "limits.documentsFetchCount": 20 } });
  line = await Line.open(server);
  const properties = {
    title: { type: "text" },
    year: { type: "integer" },
    tag: { type: "keyword" },
    place: { properties: { city: { type: "keyword" } } },
    parts: { type: "nested", properties: { n: { type: "integer" } } },
  };
  const create = { controller: "collection", action: "create", index: "lib" };
  await line.result({ ...create, collection: "books", body: { mappings: { properties } } });
  await line.result({ ...create, collection: "others", body: { mappings: { properties } } });
  const documents = Array.from({ length: 12 }, (_, i) => ({
    _id: `d${String(i).padStart(2, "0")}`,
    body: { title: `Title number ${i}`, year: 2000 + i, tag: i % 2 === 0 ? "even" : "odd", place: { city: "x,y" } },
  }));
  await line.result({ controller: "document", action: "mCreate", ...books, body: { documents } });
  await line.result({
    controller: "document",
    action: "create",
    ...books,
    collection: "others",
    _id: "o",
    body: { year: 1 },
  });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

interface Page {
  readonly hits: readonly (Written & {
    readonly index: string;
    readonly collection: string;
    readonly _score: number | null;
  })[];
  readonly total: number;
  readonly scrollId?: string;
  readonly remaining?: number;
}

const document = <R = Page>(action: string, request: JSONObject = {}): Promise<R> =>
  line.result<R>({ controller: "document", action, ...books, ...request });

test("get and exists", async () => {
  const found = await document<Written>("get", { _id: "d00" });
  assertMembers(found, ["_id", "_source", "_version"]);
  assert.equal(await document("exists", { _id: "d00" }), true);
  assert.equal(await document("exists", { _id: "nobody" }), false);
  assert.equal((await http(server, "GET", "/lib/books/d00/_exists")).result as unknown, true);
  const { error } = await http(server, "GET", "/lib/books/_mExists");
  assert.equal(error?.id, "services.storage.not_found", "read as the id of a document");
});

test("search answers hits and their number, and only what was asked for beside", async () => {
  const page = await document("search");
  assertMembers(page, ["hits", "total"]);
  assert.deepEqual([page.hits.length, page.total], [10, 12]);
  for (const hit of page.hits) {
    assertMembers(hit, ["_id", "_score", "_source", "index", "collection"]);
    assert.deepEqual([hit.index, hit.collection, hit._score], ["lib", "books", 1]);
  }
  const sorted = await document("search", {
    body: { sort: [{ year: "desc" }], from: 5, size: 1 },
    size: 3,
  });
  assert.deepEqual(
    sorted.hits.map(({ _id, _score }) => [_id, _score]),
    [
      ["d11", null],
      ["d10", null],
      ["d09", null],
    ],
  );
  assertMembers(sorted.hits[0], ["_id", "_score", "_source", "index", "collection"]);
  const filtered = await document("search", {
    body: { query: { bool: { filter: { term: { tag: "odd" } } } }, _source: false },
  });
  assert.equal(filtered.total, 6);
  assertMembers(filtered.hits[0], ["_id", "_score", "index", "collection"]);
  assert.equal(filtered.hits[0]?._score, 0);
  const more = await document<Page & JSONObject>("search", {
    body: {
      query: { match: { title: "7" } },
      highlight: { fields: { title: {} } },
      aggs: { max: { max: { field: "year" } } },
    },
  });
  assertMembers(more, ["hits", "total", "aggregations"]);
  assert.deepEqual((more.hits[0] as unknown as JSONObject).highlight, { title: ["Title number <em>7</em>"] });
  assert.deepEqual(more.aggregations, { max: { value: 2007 } });
});

test("an empty query is all, and the query may be Koncorde", async () => {
  assert.equal((await document("search", { body: { query: {} } })).total, 12);
  assert.equal((await document("search", { lang: "koncorde", body: { query: {} } })).total, 12);
  const query = { and: [{ equals: { tag: "even" } }, { range: { year: { gte: 2006 } } }] };
  assert.equal((await document("search", { lang: "koncorde", body: { query } })).total, 3);
  assert.equal((await document<{ count: number }>("count", { lang: "koncorde", body: { query } })).count, 3);
  assert.deepEqual(await document("count", { lang: "koncorde" }), { count: 12 });
  assert.deepEqual(await document("count", { body: { query: { term: { tag: "odd" } } }, from: 3, size: 1 }), {
    count: 6,
  });
});

test("over GET the body of a search is an argument", async () => {
  const body = encodeURIComponent(JSON.stringify({ query: { term: { year: 2003 } } }));
  const { result } = await http<Page>(server, "GET", `/lib/books/_search?searchBody=${body}&size=1`);
  assert.deepEqual([result.total, result.hits[0]?._id], [1, "d03"]);
  const { error } = await http(server, "GET", "/lib/books/_search?searchBody=nonsense");
  assert.equal(error?.id, "api.assert.invalid_type");
});

test("targets search several collections, each once, and say where a hit is from", async () => {
  const targets = [
    { index: "lib", collections: ["books", "others", "books"] },
    { index: "lib", collections: ["others"] },
  ];
  const page = await line.result<Page>({
    controller: "document",
    action: "search",
    targets,
    body: { query: { range: { year: { lt: 2001 } } }, sort: "year" },
  });
  assert.deepEqual(
    page.hits.map(({ _id, collection }) => [_id, collection]),
    [
      ["o", "others"],
      ["d00", "books"],
    ],
  );
  assert.equal(page.total, 2);
});

test("the limit of fetched documents is on size minus from", async () => {
  assert.equal((await document("search", { size: 20 })).hits.length, 12);
  assert.equal((await document("search", { from: 1, size: 21 })).hits.length, 11);
  const { error } = await line.ask({ controller: "document", action: "search", ...books, size: 21 });
  assert.equal(error?.id, "services.storage.get_limit_exceeded");
});

test("a scroll is a snapshot, told how much remains, and ends", async () => {
  const first = await document("search", { size: 5, scroll: "10s", body: { sort: "year" } });
  assertMembers(first, ["hits", "total", "scrollId", "remaining"]);
  assert.deepEqual([first.hits.length, first.total, first.remaining], [5, 12, 7]);
  await line.result({ controller: "document", action: "create", ...books, _id: "later", body: { year: 9 } });
  const second = await document("scroll", { scrollId: first.scrollId, scroll: "10s" });
  assertMembers(second, ["hits", "total", "scrollId", "remaining"]);
  assert.deepEqual([second.hits[0]?._id, second.hits[0]?.collection, second.remaining], ["d05", "books", 2]);
  const { result: third } = await http<Page>(server, "GET", `/_scroll/${second.scrollId}`);
  assert.deepEqual([third.hits.length, third.remaining, third.total], [2, 0, 12]);
  const { error } = await http(server, "GET", `/_scroll/${third.scrollId}`);
  assert.equal(error?.id, "services.storage.unknown_scroll_id");
  const whole = await document("search", { size: 20, scroll: "10s" });
  assert.equal(whole.remaining, 0);
  const empty = await document("scroll", { scrollId: whole.scrollId });
  assert.deepEqual([empty.hits, empty.remaining], [[], 0]);
  await line.result({ controller: "document", action: "delete", ...books, _id: "later" });
  const { error: tooLong } = await line.ask({ controller: "document", action: "search", ...books, scroll: "61s" });
  assert.equal(tooLong?.id, "services.storage.scroll_duration_too_great");
  await document("search", { scroll: "1m" });
});

test("a cursor of private collections cannot be read here", async () => {
  const page = await line.result<{ scrollId: string }>({
    controller: "security",
    action: "searchProfiles",
    scroll: "10s",
    size: 1,
    body: {},
  });
  const { error } = await line.ask({ controller: "document", action: "scroll", scrollId: page.scrollId });
  assert.equal(error?.id, "services.storage.unknown_scroll_id");
});

test("an export streams lines of JSON, or of separated values", async () => {
  const jsonl = await httpText(server, "POST", "/lib/books/_export", { query: { term: { tag: "odd" } } });
  const lines = jsonl.text
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as JSONObject);
  assert.deepEqual(lines[0], { collection: "books", index: "lib", type: "collection" });
  assert.equal(lines.length, 7);
  assertMembers(lines[1], ["_id", "body"]);
  assert.equal(jsonl.headers.get("content-disposition"), 'attachment; filename="lib-books.jsonl"');
  assert.equal(jsonl.headers.get("content-type"), "html/text");

  const query = encodeURIComponent(JSON.stringify({ term: { year: 2001 } }));
  const csv = await httpText(server, "GET", `/lib/books/_export?format=csv&query=${query}`);
  assert.equal(csv.text, "_id,title,year,tag,place.city,parts\nd01,Title number 1,2001,odd,x,y,\n");
  assert.equal(csv.headers.get("content-type"), "text/csv");
  const body = {
    query: { term: { year: 2001 } },
    fields: ["year", "_id", "place", "nothing"],
    fieldsName: { year: "Y", _id: "I" },
  };
  const chosen = await httpText(server, "POST", "/lib/books/_export?format=CSV&separator=%3B", body);
  assert.equal(chosen.text, "I;Y;place;nothing\nd01;2001;[OBJECT];\n");
  assert.equal(chosen.headers.get("content-disposition"), 'attachment; filename="lib-books.CSV"');
});

test("columns of an export are paths into arrays too, and are labelled as the request says, whatever they are called", async () => {
  const odd = { index: "lib", collection: "odd" };
  await line.result({ controller: "collection", action: "create", ...odd, body: {} });
  const body = { list: [{ x: "a" }], "k.j": true, o: { p: 1 } };
  await line.result({ controller: "document", action: "create", ...odd, _id: "1", body });
  const fields = ["list[0].x", "list.0.x", "k.j", 'o["p"]', "list", "constructor", "__proto__"];
  const { text } = await httpText(server, "POST", "/lib/odd/_export?format=csv", {
    fields,
    fieldsName: { "k.j": "K" },
  });
  assert.equal(text, '_id,list[0].x,list.0.x,K,o["p"],list,constructor,__proto__\n1,a,a,true,1,[OBJECT],,\n');
  for (const refused of [{ fields: [1] }, { fields: [null] }, { fields: "x" }]) {
    const { error } = await http(server, "POST", "/lib/odd/_export?format=csv", refused);
    assert.equal(error?.id, "api.assert.invalid_type");
  }
  assert.equal((await http(server, "GET", "/lib/odd/_export?from=x")).error?.id, "api.assert.invalid_type");
});

test("a collapsed export is one page with the first document of each group", async () => {
  const collapse = { field: "tag" };
  const groups = await httpText(server, "POST", "/lib/books/_export", { collapse });
  const tags = groups.text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((text) => (JSON.parse(text) as { body: JSONObject }).body.tag);
  assert.ok(tags.length > 1);
  assert.equal(new Set(tags).size, tags.length);
  const page = await httpText(server, "GET", `/lib/books/_export?size=1&collapse=${JSON.stringify(collapse)}`);
  assert.equal(page.text.trimEnd().split("\n").length, 2);
});

test("an export that cannot be begun is refused, one that fails says so in its stream", async () => {
  const refused = await http(server, "POST", "/lib/books/_export?lang=koncorde", { query: { bool: {} } });
  assert.deepEqual([refused.status, refused.error?.id], [400, "api.assert.koncorde_restricted_keyword"]);
  for (const path of ["/lib/books/_export?query=nonsense", "/lib/books/_export?fields=nonsense"]) {
    assert.equal((await http(server, "GET", path)).error?.id, "api.assert.invalid_type");
  }
  const unknown = await httpText(server, "GET", "/lib/nowhere/_export");
  assert.equal(unknown.status, 200);
  assert.match(unknown.text, /nowhere/);
});

test("validate reports against the specifications, and is content where there are none", async () => {
  const at = { index: "nowhere", collection: "nothing" };
  const free = await line.result({ controller: "document", action: "validate", ...at, body: { a: 1 } });
  assert.deepEqual(free, { valid: true, errorMessages: {} });
  const body = { strict: true, fields: { year: { type: "integer" } } };
  await line.result({ controller: "collection", action: "updateSpecifications", ...at, body });
  for (const controller of ["document", "realtime"]) {
    const { status, result } = (await line.ask({
      controller,
      action: "validate",
      ...at,
      body: { year: "x" },
    })) as Answer;
    assert.deepEqual([status, result.valid], [200, false]);
    const fields = result.errorMessages as { fieldScope: { children: { year: { messages: string[] } } } };
    assert.equal(fields.fieldScope.children.year.messages.length, 1);
  }
});
