/** What searches look up in other documents: what a user may not get is not looked up for it. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { type Hospital, openHospital, patients } from "./hospital.ts";

const lists = { index: patients.index, collection: "lists" };
const places = { index: patients.index, collection: "places" };
const password = "correct horse";

let hospital: Hospital;
before(async () => {
  hospital = await openHospital({}, ["free", "ward", "fields"]);
  await must("admin", "collection:create", { ...lists, body: { mappings: { dynamic: "false" } } });
  const documents = [
    {
      _id: "a",
      body: {
        ...{ ward: "A", names: ["Ada", "Bea"], secret: { code: "Ada" }, text: "harbour" },
        ...{ profiles: ["free", "searcher"], roles: ["gets"] },
        area: {
          type: "envelope",
          coordinates: [
            [0, 2],
            [2, 0],
          ],
        },
      },
    },
    { _id: "b", body: { ward: "B", names: ["Bela"], text: "mountain", area: "ENVELOPE (0, 20, 20, 0)" } },
    { _id: "far", body: { text: "mountain" } },
  ];
  await must("admin", "bulk:mWrite", { ...lists, body: { documents } });
  const properties = { ward: { type: "keyword" }, at: { type: "geo_shape" }, text: { type: "text" } };
  await must("admin", "collection:create", { ...places, body: { mappings: { properties } } });
  const found = [
    { _id: "near", body: { ward: "A", at: "POINT (1 1)", text: "the harbour" } },
    { _id: "far", body: { ward: "A", at: "POINT (9 9)", text: "the mountain" } },
  ];
  await must("admin", "bulk:mWrite", { ...places, body: { documents: found } });
  // Searches everywhere, and gets documents of the patients only.
  const everywhere = { document: { actions: { search: true, count: true } } };
  await must("admin", "security:createRole", { _id: "searches", body: { controllers: everywhere } });
  await must("admin", "security:createRole", {
    _id: "gets",
    body: { controllers: { document: { actions: { get: true } } } },
  });
  const restrictedTo = [{ index: patients.index, collections: [patients.collection] }];
  const policies = [{ roleId: "searches" }, { roleId: "gets", restrictedTo }];
  await must("admin", "security:createProfile", { _id: "searcher", body: { policies } });
  const controllers = {
    bulk: { actions: { updateByQuery: true, deleteByQuery: true } },
    security: { actions: { searchUsers: true } },
  };
  await must("admin", "security:createRole", { _id: "bulks", body: { controllers } });
  await must("admin", "security:createProfile", { _id: "bulker", body: { policies: [{ roleId: "bulks" }] } });
  for (const name of ["searcher", "bulker"]) {
    const body = { content: { profileIds: [name] }, credentials: { local: { username: name, password } } };
    await must("admin", "security:createUser", { _id: name, body });
  }
});
after(() => hospital?.[Symbol.asyncDispose]());
beforeEach(() => hospital.reset());

async function must(who: string, action: string, request: JSONObject): Promise<JSONObject> {
  const { error, result } = await hospital.ask(who, action, request);
  assert.equal(error ?? undefined, undefined, JSON.stringify(error));
  return result;
}

const lookup = (id: string, path = "names", place: JSONObject = lists): JSONObject => ({
  terms: { "name.raw": { ...place, id, path } },
});
/** The ids that a search finds, or the id of its refusal. */
async function found(who: string, query: JSONObject): Promise<string> {
  const { error, result } = await hospital.ask<{ hits: { _id: string }[] }>(who, "search", { body: { query } });
  if (error) return String(error.id);
  return result.hits
    .map(({ _id }) => _id)
    .sort()
    .join(" ");
}

test("terms are looked up in a document of another collection", async () => {
  assert.equal(await found("free", lookup("a")), "a1 b1");
  assert.equal(await found("free", lookup("a", "names", { index: "&hospital.lists" })), "a1 b1");
  assert.equal(await found("free", { bool: { must_not: lookup("b") } }), "a1 a2 b1");
  assert.equal(await found("free", lookup("nobody")), "");
  assert.equal(await found("free", lookup("a", "nothing")), "");
  assert.equal(
    await found("free", lookup("a", "names", { ...lists, collection: "none" })),
    "services.storage.unknown_collection",
  );
});

test("counts, exports and writes by query look up too", async () => {
  const query = lookup("a");
  assert.deepEqual(await must("free", "count", { body: { query } }), { count: 2 });
  const { successes } = await must("free", "updateByQuery", { body: { query, changes: { age: 1 } } });
  assert.deepEqual((successes as { _id: string }[]).map(({ _id }) => _id).sort(), ["a1", "b1"]);
  const { server } = hospital;
  const { jwt } = await hospital.as("free");
  const exported = await fetch(`http://127.0.0.1:${server.port}/hospital/patients/_export?format=csv`, {
    method: "POST",
    headers: { authorization: `Bearer ${jwt}`, "content-type": "application/json" },
    body: JSON.stringify({ query, fields: ["name"] }),
  });
  assert.deepEqual((await exported.text()).trim().split("\n").sort(), ["_id,name", "a1,Ada", "b1,Bea"]);
  const { ids } = await must("free", "deleteByQuery", { body: { query } });
  assert.deepEqual((ids as string[]).sort(), ["a1", "b1"]);
});

test("writes by query of bulk look up too", async () => {
  const query = lookup("a");
  const place = { ...patients, body: { query } };
  const changes = { age: 1 };
  const refused = await hospital.ask("bulker", "bulk:updateByQuery", { ...place, body: { query, changes } });
  assert.deepEqual([refused.error?.id, refused.error?.status], ["security.rights.forbidden", 403]);
  assert.equal((await hospital.ask("bulker", "bulk:deleteByQuery", place)).error?.id, "security.rights.forbidden");
  assert.deepEqual(await must("free", "bulk:updateByQuery", { body: { query, changes } }), { updated: 2 });
  assert.deepEqual(await must("free", "count", { body: { query: { term: { age: 1 } } } }), { count: 2 });
  assert.deepEqual(await must("ward", "bulk:deleteByQuery", place), { deleted: 1 }, "the rule of the list counts");
  assert.deepEqual(await must("free", "bulk:deleteByQuery", place), { deleted: 1 });
});

test("searches of users, profiles and roles look up too", async () => {
  const at = (path: string): JSONObject => ({ ...lists, id: "a", path });
  const ids = async (action: string, body: JSONObject): Promise<string> => {
    const { error, result } = await hospital.ask<{ hits: { _id: string }[] }>("free", action, { body });
    return String(error?.id ?? result.hits.map(({ _id }) => _id).sort());
  };
  const byProfile = { query: { terms: { profileIds: at("profiles") } } };
  assert.equal(await ids("security:searchUsers", byProfile), "free,searcher");
  assert.equal(await ids("security:searchProfiles", { query: { ids: { values: ["ward"] } } }), "ward");
  assert.equal(
    await ids("security:searchProfiles", { query: { terms: { "policies.roleId": at("roles") } } }),
    "searcher",
  );
  assert.equal(await ids("security:searchRoles", { query: { terms: { _id: at("roles") } } }), "gets");
  const { error } = await hospital.ask("bulker", "security:searchUsers", { body: byProfile });
  assert.deepEqual([error?.id, error?.status], ["security.rights.forbidden", 403]);
});

test("shapes and documents that are alike are looked up with the same rights", async () => {
  const ids = async (who: string, query: JSONObject): Promise<string> => {
    const { error, result } = await hospital.ask<{ hits: { _id: string }[] }>(who, "search", {
      ...places,
      body: { query },
    });
    return String(error?.id ?? result.hits.map(({ _id }) => _id).sort());
  };
  const within = (id: string, path = "area"): JSONObject => ({
    geo_shape: { at: { indexed_shape: { ...lists, id, path }, relation: "within" } },
  });
  assert.equal(await ids("free", within("a")), "near");
  assert.equal(await ids("free", within("b")), "far,near");
  assert.equal(await ids("ward", within("b")), "services.storage.unexpected_bad_request", "as if it were not there");
  assert.equal(await ids("free", within("a", "none")), "services.storage.unexpected_bad_request");
  assert.equal(await ids("searcher", within("a")), "security.rights.forbidden");

  const alike = (id: string): JSONObject => ({
    more_like_this: {
      fields: ["text"],
      like: [{ _index: "&hospital.lists", _id: id }],
      ...{ min_term_freq: 1, min_doc_freq: 1, minimum_should_match: 1 },
    },
  });
  assert.equal(await ids("free", alike("a")), "near");
  assert.equal(await ids("free", alike("far")), "", "left out by its id, as in the reference");
  assert.equal(await ids("ward", alike("a")), "near");
  assert.equal(await ids("ward", alike("b")), "", "as if it were empty");
  assert.equal(await ids("free", alike("b")), "far");
  assert.equal(await ids("searcher", alike("a")), "security.rights.forbidden");
});

test("a document that a rule hides, and a field that may not be read, give no terms", async () => {
  assert.equal(await found("ward", lookup("a")), "a1");
  assert.equal(await found("ward", { bool: { must_not: lookup("b") } }), "a1 a2", "as if it were not there");
  assert.equal(await found("free", lookup("a", "secret.code")), "a1");
  assert.equal(await found("fields", lookup("a", "secret.code")), "");
  assert.equal(await found("fields", lookup("a", "names")), "");
});

test("who may not get documents of a collection may not look up in it", async () => {
  assert.equal(await found("searcher", { match_all: {} }), "a1 a2 b1 b2");
  assert.equal(await found("searcher", lookup("a")), "security.rights.forbidden");
  const aggs = { a: { filter: lookup("a") } };
  const { error } = await hospital.ask("searcher", "search", { body: { aggs } });
  assert.deepEqual([error?.id, error?.status], ["security.rights.forbidden", 403]);
  const counted = await hospital.ask("searcher", "count", { body: { query: lookup("a") } });
  assert.equal(counted.error?.id, "security.rights.forbidden");
  assert.equal(await found("searcher", lookup("a1", "name", patients)), "a1");
  const percolate = { field: "search", ...lists, id: "a" };
  assert.equal(await found("searcher", { bool: { must: [{ percolate }] } }), "security.rights.forbidden");
});

test("private collections are unknown to lookups", async () => {
  const place = { index: "kuzzle", collection: "users" };
  assert.equal(await found("free", lookup("root", "profileIds", place)), "services.storage.unknown_index");
  assert.equal(
    await found("free", lookup("root", "profileIds", { index: "%kuzzle.users" })),
    "services.storage.unexpected_bad_request",
  );
});
