/** What a search may ask for beside its hits reaches the client: suggestions, fields, explanations, versions. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { http, Line } from "./wire.ts";

interface Found {
  readonly hits: readonly JSONObject[];
  readonly total: number;
  readonly suggest?: JSONObject;
}

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({ data: ":memory:" });
  line = await Line.open(server);
  const properties = {
    title: { type: "text" },
    complete: { type: "completion" },
    at: { type: "date" },
    tag: { type: "keyword" },
  };
  const create = { controller: "collection", action: "create", index: "lib", collection: "books" };
  await line.result({ ...create, body: { mappings: { properties } } });
  const documents = ["The river", "The winter road", "A river in winter"].map((title, i) => ({
    _id: `d${i}`,
    body: { title, complete: { input: title, weight: i + 1 }, at: `202${i}-01-01`, tag: i === 0 ? "a" : "b" },
  }));
  await line.result({
    controller: "document",
    action: "mCreate",
    index: "lib",
    collection: "books",
    body: { documents },
  });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

const search = (body: JSONObject): Promise<Found> =>
  line.result<Found>({ controller: "document", action: "search", index: "lib", collection: "books", body });

test("suggestions stand beside the hits, by name", async () => {
  const { hits, suggest } = await search({
    query: { match: { title: "river" } },
    suggest: {
      text: "rivr",
      words: { term: { field: "title" } },
      titles: { prefix: "a ri", completion: { field: "complete" } },
    },
    _source: ["tag"],
  });
  assert.equal(hits.length, 2);
  assert.deepEqual(suggest, {
    words: [{ text: "rivr", offset: 0, length: 4, options: [{ text: "river", score: 0.75, freq: 2 }] }],
    titles: [
      {
        text: "a ri",
        offset: 0,
        length: 4,
        options: [{ text: "A river in winter", _id: "d2", _score: 3, _source: { tag: "b" } }],
      },
    ],
  });
});

test("a hit brings what it was asked for: fields, an explanation, its version", async () => {
  const { hits } = await search({
    query: { match: { title: "road" } },
    explain: true,
    version: true,
    seq_no_primary_term: true,
    fields: ["tag", { field: "at", format: "yyyy" }],
    docvalue_fields: [{ field: "at", format: "epoch_second" }],
    rescore: { query: { rescore_query: { match: { title: "winter" } } } },
  });
  const [hit] = hits;
  assert.equal(hit?._id, "d1");
  assert.deepEqual(hit?.fields, { at: ["2021"], tag: ["b"] });
  assert.equal(hit?._version, 1);
  assert.equal(typeof hit?._seq_no, "number");
  assert.equal(hit?._primary_term, 1);
  const explanation = hit?._explanation as JSONObject;
  assert.ok(Math.abs(Number(explanation.value) - Number(hit?._score)) < 1e-4);
  assert.ok(Array.isArray(explanation.details));
});

test("what was not asked for is not there, and neither is the source without stored fields", async () => {
  const { hits } = await search({ query: { ids: { values: ["d0"] } } });
  assert.deepEqual(Object.keys(hits[0] ?? {}).sort(), ["_id", "_score", "_source", "collection", "index"]);
  const without = await search({ query: { ids: { values: ["d0"] } }, stored_fields: "_none_" });
  assert.equal(without.hits[0]?._source, undefined);
});

test("several collections are weighed against each other", async () => {
  const body = {
    query: { constant_score: { filter: { match_all: {} }, boost: 2 } },
    indices_boost: [{ "lib/bo*": 3 }],
  };
  const answer = await http<Found>(server, "POST", "/_query", {
    controller: "document",
    action: "search",
    targets: [{ index: "lib", collections: ["books"] }],
    body,
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.result?.hits[0]?._score, 6);
});

test("what cannot be done is refused with the name of what was asked", async () => {
  const refused = async (body: JSONObject, id: string, text: RegExp): Promise<void> => {
    const answer = await http(server, "POST", "/lib/books/_search", body);
    assert.equal(answer.status, 400);
    assert.equal(answer.error?.id, id);
    assert.match(String(answer.error?.message), text);
  };
  await refused({ profile: true }, "services.storage.invalid_search_query", /profile/);
  await refused({ stored_fields: ["title"] }, "services.storage.invalid_search_query", /stored_fields/);
  await refused({ indices_boost: [{ nope: 2 }] }, "services.storage.unexpected_bad_request", /nope/);
  await refused(
    { suggest: { x: { text: "a", phrase: { field: "title", collate: {} } } } },
    "services.storage.unexpected_bad_request",
    /collate/,
  );
});
