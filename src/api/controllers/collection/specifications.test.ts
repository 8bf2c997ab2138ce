import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { createSpecifications, openSpecificationStore } from "../../../../testing/data/open-specifications.ts";
import { type JSONObject, KuzzleRequest } from "../../../kernel/index.ts";
import { createSpecificationActions } from "./specifications.ts";

interface ContractRoute {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
}

const contract = new URL("../../../../contract/", import.meta.url);
const store = await openSpecificationStore();
const specifications = createSpecifications(store);
await specifications.start();
after(async () => {
  specifications.stop();
  await store.close();
});

const actions = createSpecificationActions(specifications, () => undefined);
const place = { index: "lib", collection: "books" };
const needsTitle = { fields: { title: { type: "string", mandatory: true } } };

/** Runs an action, and answers its result as a client gets it. */
async function run(action: string, request: JSONObject): Promise<unknown> {
  const result = await actions[action]?.invoke(new KuzzleRequest({ controller: "collection", action, ...request }));
  return JSON.parse(JSON.stringify(result));
}

test("routes are those of the contract", () => {
  const routes = JSON.parse(readFileSync(new URL("routes.json", contract), "utf8")) as readonly ContractRoute[];
  const expected = routes
    .filter(({ controller, action }) => controller === "collection" && action.endsWith("Specifications"))
    .map(({ verb, path, action }) => `${action} ${verb} ${path}`);
  const declared = Object.entries(actions).flatMap(([name, { http }]) =>
    http.map(({ verb, path }) => `${name} ${verb} ${path}`),
  );
  assert.deepEqual(declared.sort(), expected.sort());
  assert.equal(declared.length, 6);
});

test("a specification is stored, read, and forgotten", async () => {
  assert.deepEqual(await run("updateSpecifications", { ...place, body: needsTitle }), needsTitle);
  const stored = (await run("getSpecifications", place)) as JSONObject;
  assert.deepEqual(stored.validation, needsTitle);
  assert.equal((stored._kuzzle_info as JSONObject).author, null);
  assert.deepEqual(await run("deleteSpecifications", place), { acknowledged: true });
  assert.deepEqual(await run("deleteSpecifications", place), { acknowledged: true });
  await assert.rejects(run("getSpecifications", place), { id: "validation.assert.not_found", status: 404 });
});

test("a specification is checked without being stored", async () => {
  assert.deepEqual(await run("validateSpecifications", { ...place, body: needsTitle }), { valid: true });
  const answer = (await run("validateSpecifications", {
    ...place,
    body: { fields: { a: {}, b: { type: "wrong" } } },
  })) as { valid: boolean; details: string[]; description: string };
  assert.equal(answer.valid, false);
  assert.equal(answer.details.length, 2);
  for (const detail of answer.details) assert.equal(typeof detail, "string");
  assert.equal(typeof answer.description, "string");
  await assert.rejects(run("getSpecifications", place), { status: 404 });
});

test("an update that is not valid is refused, and stores nothing", async () => {
  const id = "validation.assert.invalid_specifications";
  await assert.rejects(run("updateSpecifications", { ...place, body: { fields: { a: {} } } }), { id, status: 400 });
  await assert.rejects(run("getSpecifications", place), { status: 404 });
});

test("index, collection and body are needed", async () => {
  for (const action of ["updateSpecifications", "validateSpecifications"]) {
    await assert.rejects(run(action, place), { id: "api.assert.body_required" });
  }
  for (const action of ["getSpecifications", "deleteSpecifications"]) {
    await assert.rejects(run(action, { index: "lib" }), { id: "api.assert.missing_argument" });
    await assert.rejects(run(action, { collection: "books" }), { id: "api.assert.missing_argument" });
  }
  await assert.rejects(run("scrollSpecifications", {}), { id: "api.assert.missing_argument" });
});

test("names that no document could be stored under are refused by the store, not by a crash", async () => {
  await assert.rejects(run("updateSpecifications", { index: "x".repeat(2_000), collection: "y", body: {} }), {
    status: 400,
  });
});

test("a search answers hits and their number, a scroll the rest", async () => {
  for (const collection of ["a", "b", "c"]) await run("updateSpecifications", { index: "s", collection, body: {} });
  const body = { query: { term: { index: "s" } }, sort: ["collection"], aggs: { n: { terms: { field: "index" } } } };
  const first = (await run("searchSpecifications", { body, size: 2, scroll: "10s" })) as JSONObject;
  assert.deepEqual(Object.keys(first).sort(), ["hits", "scrollId", "total"]);
  assert.equal(first.total, 3);
  const hits = first.hits as { _id: string; index: string; collection: string; _source: JSONObject }[];
  assert.deepEqual(
    hits.map(({ _id, index, collection, _source }) => [_id, index, collection, _source.collection]),
    [
      ["s#a", "kuzzle", "validations", "a"],
      ["s#b", "kuzzle", "validations", "b"],
    ],
  );
  const second = (await run("scrollSpecifications", { scrollId: first.scrollId })) as JSONObject;
  assert.equal((second.hits as JSONObject[])[0]?._id, "s#c");
  assert.equal("remaining" in second, false);
});

test("searches are refused as the contract says", async () => {
  const refused: readonly (readonly [JSONObject, string])[] = [
    [{ body: [] }, "api.assert.invalid_type"],
    [{ body: { query: "x" } }, "api.assert.invalid_type"],
    [{ size: "x" }, "api.assert.invalid_type"],
    [{ scroll: 3 }, "api.assert.invalid_type"],
    [{ size: 10_001 }, "services.storage.get_limit_exceeded"],
    [{ body: { script_fields: {} } }, "services.storage.invalid_search_query"],
    [{ body: { query: { script: "x" } } }, "services.storage.invalid_query_keyword"],
    [{ scroll: "2m" }, "services.storage.scroll_duration_too_great"],
    [{ body: { query: { equals: { index: "s" } } } }, "services.storage.unknown_query_keyword"],
  ];
  for (const [request, id] of refused) {
    await assert.rejects(run("searchSpecifications", request), { id }, JSON.stringify(request));
  }
  await assert.rejects(run("scrollSpecifications", { scrollId: "x" }), { id: "services.storage.unknown_scroll_id" });
  await assert.rejects(run("scrollSpecifications", { scrollId: "x", scroll: 3 }), { id: "api.assert.invalid_type" });
});
