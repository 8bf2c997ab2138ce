/** Every error that the contract lists for an action of these controllers, with the request that causes it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { books, type Refusals, wrongType } from "./refusals/cases.ts";
import { documentRefusals } from "./refusals/documents.ts";
import { otherRefusals } from "./refusals/others.ts";
import { Line } from "./wire.ts";

const contract = join(import.meta.dirname, "../../contract/api");

let server: TestServer;
let line: Line;

before(async () => {
  server = await startServer({
    data: ":memory:",
    config: {
      "limits.documentsWriteCount": 2,
      "limits.documentsFetchCount": 10,
      "limits.subscriptionConditionsCount": 3,
      "limits.subscriptionRooms": 1,
      "stats.enabled": false,
    },
  });
  line = await Line.open(server);
  await line.result({ controller: "index", action: "create", index: "lib" });
  const create = { controller: "collection", action: "create", index: "lib" };
  const properties = { title: { type: "text" }, year: { type: "integer" }, tag: { type: "keyword" } };
  await line.result({ ...create, collection: "books", body: { mappings: { properties } } });
  await line.result({ ...create, collection: "strict", body: { mappings: { dynamic: "strict", properties } } });
  await line.result({ ...create, collection: "many" });
  await line.result({ ...create, collection: "checked" });
  const specification = { strict: true, fields: { year: { type: "integer" } } };
  await line.result({
    controller: "collection",
    action: "updateSpecifications",
    index: "lib",
    collection: "checked",
    body: specification,
  });
  const write = { controller: "bulk", action: "write", index: "lib" };
  for (const collection of ["books", "strict", "checked"]) {
    await line.result({ ...write, collection, _id: "a", body: { year: 1969 } });
  }
  for (const id of ["1", "2", "3"]) await line.result({ ...write, collection: "many", _id: id, body: { year: 1 } });
  await line.result({ controller: "realtime", action: "subscribe", index: "lib", collection: "books", body: {} });
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await server?.close();
});

const refused: Refusals = { ...documentRefusals, ...otherRefusals };

/** What the contract lists and no request here can cause, with the reason. */
const elsewhere: Readonly<Record<string, string>> = {
  "document:update services.storage.too_many_changes":
    "needs a conflict in the middle of a write; the store's tests have it",
  "document:upsert services.storage.too_many_changes": "idem",
  "document:mCreate api.assert.unexpected_argument": "for calls of the embedded SDK",
  "document:mCreateOrReplace api.assert.unexpected_argument": "idem",
  "document:mReplace api.assert.unexpected_argument": "idem",
  "document:mUpdate api.assert.unexpected_argument": "idem",
  "document:mExists api.assert.missing_argument": "only index and collection, which are there",
  "collection:getMapping services.storage.unknown_index_collection": "a storage that changes behind our back",
  "collection:getMapping services.storage.multiple_indice_alias": "idem",
  "collection:getSettings services.storage.unknown_index_collection": "idem",
  "collection:updateMapping services.storage.unexpected_bad_request": "each wrong mapping has an error of its own",
  "bulk:mWrite services.storage.unexpected_bad_request": "per document, in its entry of errors",
  "realtime:join core.realtime.too_many_rooms": "for rooms of other nodes",
  "server:getStats api.assert.invalid_argument": "with statistics on: server.test.ts",
  "server:healthCheck core.fatal.service_unavailable": "needs a broken service",
};

for (const [name, { good, cases }] of Object.entries(refused)) {
  if (cases.length === 0) continue;
  test(`${name} refuses ${cases.length} requests as the contract says`, async () => {
    const [controller, action] = name.split(":");
    const wrong: unknown[] = [];
    for (const [expected, change] of cases) {
      const request = { controller, action, ...good, ...change };
      const { error, status } = await line.ask(request);
      if (error?.id !== expected || error.status !== status || error.status !== statuses.get(expected)) {
        wrong.push({
          change,
          expected,
          got: error === null ? "no error" : `${error.status} ${error.id}: ${error.message}`,
        });
      }
    }
    assert.deepEqual(wrong, []);
  });
}

const statuses: ReadonlyMap<string, number> = new Map(
  (JSON.parse(readFileSync(join(contract, "../errors.json"), "utf8")) as readonly { id: string; status: number }[]).map(
    ({ id, status }) => [id, status],
  ),
);

test("every error that the contract lists has a request here that causes it, or a reason why not", () => {
  const uncovered: string[] = [];
  for (const controller of ["document", "index", "collection", "bulk", "realtime", "server"]) {
    const page = parse(readFileSync(join(contract, `${controller}.yaml`), "utf8")) as {
      readonly actions: readonly { readonly name: string; readonly errors: readonly { readonly id: string }[] }[];
    };
    for (const { name, errors } of page.actions) {
      if (name.endsWith("pecifications")) continue; // tests of their own
      const key = `${controller}:${name}`;
      const covered = new Set(refused[key]?.cases.map(([id]) => id));
      if (refused[key] === undefined) uncovered.push(key);
      for (const { id } of errors) {
        if (!covered.has(id) && elsewhere[`${key} ${id}`] === undefined) uncovered.push(`${key} ${id}`);
      }
    }
  }
  assert.deepEqual(uncovered, []);
});

test("over HTTP a flag is true when it is present, whatever its value, also in a payload of _query", async () => {
  const { error } = await line.ask({ controller: "document", action: "delete", ...books, _id: "a", source: "false" });
  assert.equal(error?.id, wrongType);
  for (const path of ["silent=false&source=false", "source"]) {
    await line.result({ controller: "bulk", action: "write", ...books, _id: "flag", body: { year: 7 } });
    const response = await fetch(`${server.url}/lib/books/flag?${path}`, { method: "DELETE" });
    const { result } = (await response.json()) as { result: JSONObject };
    assert.deepEqual(result, { _id: "flag", _source: { year: 7 }, _version: result._version });
  }
  await line.result({ controller: "bulk", action: "write", ...books, _id: "flag", body: { year: 7 } });
  const response = await fetch(`${server.url}/_query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ controller: "document", action: "delete", ...books, _id: "flag", source: false }),
  });
  const { result } = (await response.json()) as { result: JSONObject };
  assert.deepEqual(result._source, { year: 7 });
});
