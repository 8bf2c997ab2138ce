/** Routes of the storage that other tests reach by their actions alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { RouteCaller, type Sent } from "./route-caller.ts";
import { http, type Partial } from "./wire.ts";

let server: TestServer;
let routes: RouteCaller;

const books: { readonly params: Readonly<Record<string, string>> } = { params: { index: "lib", collection: "books" } };
const withBody = (body: JSONObject): Sent => ({ ...books, body });
const idsOf = ({ successes }: Partial): string[] => successes.map(({ _id }) => _id);

before(async () => {
  server = await startServer({ data: ":memory:", config: { "stats.enabled": false } });
  routes = new RouteCaller(server);
  await http(server, "POST", "/lib/_create");
});

after(() => server?.close());

test("a collection is created, listed, described, refreshed, emptied and deleted", async () => {
  const mappings = { properties: { year: { type: "integer" } } };
  assert.deepEqual(await routes.result("PUT /:index/:collection", withBody({ mappings })), { acknowledged: true });
  const listed = await routes.result("GET /:index/_list", { params: { index: "lib" } });
  assert.deepEqual(listed.collections, [{ name: "books", type: "stored" }]);
  assert.equal(await routes.result<unknown>("GET /:index/:collection/_exists", books), true);
  await routes.result("PUT /:index/:collection/_mapping", withBody({ properties: { title: { type: "text" } } }));
  const mapping = await routes.result<{ properties: JSONObject }>("GET /:index/:collection/_mapping", books);
  assert.deepEqual([mapping.properties.year, mapping.properties.title], [{ type: "integer" }, { type: "text" }]);
  await routes.result("POST /:index/:collection", withBody({ mappings: { dynamic: "strict" } }));
  const strict = await routes.result("GET /:index/:collection/_mapping", books);
  assert.equal(strict.dynamic, "strict");
  const settings = await routes.result("GET /:index/:collection/_settings", books);
  assert.deepEqual(settings, { number_of_replicas: "1", number_of_shards: "1" });
});

test("many documents are written, read, changed and deleted on the routes for many", async () => {
  const documents = ["a", "b", "c"].map((_id) => ({ _id, body: { year: 1 } }));
  const written = await routes.result<Partial>("POST /:index/:collection/_mWrite", withBody({ documents }));
  assert.deepEqual(idsOf(written), ["a", "b", "c"]);
  assert.equal(await routes.result<unknown>("POST /:index/:collection/_refresh", books), null);
  const ids = withBody({ ids: ["a", "no"] });
  assert.deepEqual(await routes.result("POST /:index/:collection/_mExists", ids), { successes: ["a"], errors: ["no"] });
  const got = await routes.result<Partial>("POST /:index/:collection/_mGet", ids);
  assert.deepEqual([idsOf(got), got.errors], [["a"], ["no"]]);
  const replacing = withBody({ documents: [{ _id: "a", body: { year: 2 } }] });
  const replaced = await routes.result<Partial>("PUT /:index/:collection/_mReplace", replacing);
  assert.deepEqual(replaced.successes[0]?._version, 2);
  const changing = withBody({ documents: [{ _id: "a", body: { title: "x" } }] });
  const changed = await routes.result<Partial>("PATCH /:index/:collection/_mUpdate", changing);
  assert.deepEqual([changed.successes[0]?._version, changed.successes[0]?._source.year], [3, 2]);
  const query = (year: number): Sent => withBody({ query: { term: { year } } });
  const deleted = await routes.result("DELETE /:index/:collection/_query", query(2));
  assert.deepEqual(
    (deleted.documents as JSONObject[]).map(({ _id }) => _id),
    ["a"],
  );
  assert.deepEqual(await routes.result("DELETE /:index/:collection/_bulk/_query", query(1)), { deleted: 2 });
});

test("specifications are checked, stored, found, scrolled and deleted", async () => {
  const specification = { strict: true, fields: { year: { mandatory: true, type: "integer" } } };
  const validation = "POST /:index/:collection/_validateSpecifications";
  assert.deepEqual(await routes.result(validation, withBody(specification)), { valid: true });
  const wrong = await routes.result(validation, withBody({ fields: { year: { type: "nonsense" } } }));
  assert.equal(wrong.valid, false);
  assert.ok((wrong.details as unknown[]).length > 0);

  const path = "/:index/:collection/_specifications";
  assert.deepEqual(await routes.refusal(`GET ${path}`, books), ["validation.assert.not_found", 404]);
  assert.deepEqual(await routes.result(`PUT ${path}`, withBody(specification)), specification);
  const stored = await routes.result(`GET ${path}`, books);
  assert.deepEqual([stored.index, stored.collection, stored.validation], ["lib", "books", specification]);
  const other = { params: { index: "lib", collection: "notes" }, body: { fields: {} } };
  await http(server, "PUT", "/lib/notes");
  await routes.result(`PUT ${path}`, other);

  type Page = { readonly hits: readonly { readonly _id: string }[]; readonly total: number; readonly scrollId: string };
  const first = await routes.result<Page>("POST /validations/_search", {
    query: { size: "1", scroll: "1m" },
    body: {},
  });
  assert.deepEqual([first.total, first.hits.length], [2, 1]);
  const second = await routes.result<Page>("GET /validations/_scroll/:scrollId", {
    params: { scrollId: first.scrollId },
  });
  assert.deepEqual([...first.hits, ...second.hits].map(({ _id }) => _id).sort(), ["lib#books", "lib#notes"]);
  assert.equal(second.total, 2);

  await routes.result<unknown>(`DELETE ${path}`, books);
  assert.deepEqual(await routes.refusal(`GET ${path}`, books), ["validation.assert.not_found", 404]);
});

test("a collection is emptied, then deleted", async () => {
  await http(server, "POST", "/lib/books/_create", { year: 3 });
  assert.deepEqual(await routes.result("DELETE /:index/:collection/_truncate", books), { acknowledged: true });
  assert.deepEqual((await http(server, "POST", "/lib/books/_count", {})).result, { count: 0 });
  await routes.result<unknown>("DELETE /:index/:collection", books);
  assert.equal(await routes.result<unknown>("GET /:index/:collection/_exists", books), false);
});

test("no route of the controller collection is left out above", () => {
  assert.deepEqual(routes.uncalled("collection"), []);
});
