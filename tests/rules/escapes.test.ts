/** Ways around the rules of policies, and what becomes of those who try. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Kuzzle } from "kuzzle-sdk";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import type { Written } from "../api/wire.ts";
import { type Hospital, openHospital, patients, rules } from "./hospital.ts";

let hospital: Hospital;
before(async () => {
  hospital = await openHospital({
    config: { "security.restrictedProfileIds": ["own"] },
    prepare: (backend) => {
      backend.controller.register("clinic", {
        actions: {
          // The plugin acts for its user: by its rights, and as it likes.
          read: {
            handler: async (request) => {
              const user = request.getUser() as { _id: string };
              const as = (checkRights: boolean) => backend.sdk.as(user, { checkRights });
              const { index, collection } = patients;
              const search = (sdk: Kuzzle) => sdk.document.search(index, collection, {}, { size: 10 });
              return {
                checked: (await search(as(true) as never)).total,
                privileged: (await search(as(false) as never)).total,
                subscribed: await as(true)
                  .realtime.subscribe(index, collection, {}, () => {})
                  .then(
                    () => "yes",
                    ({ id }: { id: string }) => id,
                  ),
              };
            },
          },
        },
      });
    },
  });
});
after(() => hospital?.[Symbol.asyncDispose]());
beforeEach(() => hospital.reset());

/** For actions that are not about the patients. */
const nowhere = { index: undefined, collection: undefined };
const forbidden = "security.rights.forbidden";
const idOf = async (who: string, action: string, request: JSONObject = {}) =>
  (await hospital.ask(who, action, request)).error?.id;
const security = (action: string, _id: string, body: JSONObject) =>
  hospital.ask("admin", `security:${action}`, { _id, body, ...nowhere });

test("a scroll that somebody opened goes on for those only who see the same", async () => {
  const open = async (who: string) => {
    const { result } = await hospital.ask<{ scrollId: string }>(who, "search", { body: {}, size: 1, scroll: "10s" });
    return result.scrollId;
  };
  const next = async (who: string, scrollId: string) =>
    (await hospital.ask(who, "scroll", { scrollId, ...nowhere })).error?.id;
  assert.equal(await next("ward", await open("free")), "services.storage.unknown_scroll_id");
  assert.equal(await next("fields", await open("ward")), "services.storage.unknown_scroll_id");
  assert.equal(await next("ann", await open("bob")), "services.storage.unknown_scroll_id");
  assert.equal(await next("ward", await open("ward")), undefined);
  assert.equal(await next("free", await open("ward")), undefined);
  const begun = await open("bob");
  await hospital.setRule("bob", rules.ward);
  assert.equal(await next("bob", begun), "services.storage.unknown_scroll_id", "rights changed meanwhile");
  await hospital.setRule("bob", rules.bob);
});

test("hidden fields are found by no name: queries, sorts, aggregations, highlights, suggestions, patterns, aliases", async () => {
  const search = async (body: JSONObject) => {
    const { error, result } = await hospital.ask<{ total: number }>("both", "search", { body });
    const text = error?.message ?? JSON.stringify(result);
    assert.doesNotMatch(text, /alpha|beta|gamma|delta|influenza|measles|plague|hush/, JSON.stringify(body));
    return error === null || error === undefined ? result.total : error.id;
  };
  for (const field of ["secret.code", "alias", "tags.kept", "diagnosis.raw", "owner", "_kuzzle_info.author"]) {
    assert.equal(await search({ query: { exists: { field } } }), 0, field);
    assert.equal(await search({ query: { prefix: { [field]: "a" } } }), 0, field);
    assert.equal(await search({ query: { bool: { must_not: { exists: { field } } } } }), 2, field);
    await search({ sort: [field] });
    await search({ aggs: { a: { terms: { field } } } });
    await search({ aggs: { g: { global: {}, aggs: { a: { terms: { field } } } } } });
    await search({ collapse: { field } });
    await search({ fields: [field], docvalue_fields: [field] });
  }
  assert.equal(await search({ query: { query_string: { query: "influenza" } } }), 0);
  assert.equal(await search({ query: { multi_match: { query: "alpha hidden", fields: ["*"] } } }), 0);
  await search({ query: { match_all: {} }, highlight: { fields: { "*": { no_match_size: 50 } } } });
  await search({ _source: ["secret", "diag*", "*"], query: { match_all: {} } });
  await search({ suggest: { s: { prefix: "quick", completion: { field: "quick" } } } });
  await search({ suggest: { s: { text: "hiden", term: { field: "secret.note" } } } });
  const inner = { nested: { path: "visits", query: { match_all: {} }, inner_hits: { _source: true } } };
  assert.equal(await search({ query: inner }), 2);
  await search({ aggs: { t: { top_hits: { _source: ["*"], size: 5 } } } });
});

test("hidden documents add to no number: totals, aggregations, global ones and background sets", async () => {
  const terms = { terms: { field: "ward" } };
  const body = {
    query: { match_all: {} },
    post_filter: { match_all: {} },
    aggs: {
      wards: terms,
      all: { global: {}, aggs: { wards: terms, plague: { filter: { match: { diagnosis: "plague" } } } } },
    },
  };
  const answer = await hospital.ask<{ aggregations: JSONObject; total: number }>("ward", "search", { body });
  const buckets = [{ key: "A", doc_count: 2 }];
  const wards = { doc_count_error_upper_bound: 0, sum_other_doc_count: 0, buckets };
  assert.deepEqual(answer.result.aggregations, { wards, all: { doc_count: 2, wards, plague: { doc_count: 0 } } });
  for (const refused of [
    { aggs: { a: { terms: { field: "ward", min_doc_count: 0 } } } },
    { suggest: { s: { text: "plagu", term: { field: "diagnosis" } } } },
    { explain: true },
  ]) {
    const { error } = await hospital.ask("ward", "search", { body: refused });
    assert.equal(error?.id, "services.storage.unexpected_bad_request");
    assert.match(error?.message ?? "", /hide/);
  }
  const like = { more_like_this: { like: [{ _id: "b1" }], fields: ["diagnosis"], min_term_freq: 1, min_doc_freq: 1 } };
  assert.equal((await hospital.ask<{ total: number }>("ward", "search", { body: { query: like } })).result.total, 0);
});

test("what reaches past single documents is refused to whoever is limited, with a hint", async () => {
  const actions = [
    "truncate",
    "delete",
    "update",
    "updateMapping",
    "create",
    "updateSpecifications",
    "deleteSpecifications",
  ];
  const all = [...actions.map((action) => `collection:${action}`), "index:delete", "index:mDelete", "index:stats"];
  const admin = ["resetDatabase", "loadFixtures", "loadMappings", "loadSecurities", "resetSecurity", "dump"];
  for (const action of [...all, ...admin.map((name) => `admin:${name}`), "debug:enable"]) {
    const { error } = await hospital.ask("ward", action, { body: { properties: {} } });
    assert.deepEqual([error?.id, error?.status], [forbidden, 403], action);
    assert.match(error?.message ?? "", /policies/);
  }
  assert.equal(await idOf("ward", "collection:getMapping"), undefined, "names of fields are no secret");
  assert.equal(await idOf("ward", "server:now"), undefined);
  assert.equal((await hospital.ask<{ count: number }>("free", "count", { body: {} })).result.count, 4);
});

test("deleting several indexes leaves those of which the user sees a part", async () => {
  await hospital.admin.index.create("mine");
  const policies = [
    { roleId: "everything", restrictedTo: [{ index: "mine" }] },
    { roleId: "everything", restrictedTo: [{ index: "hospital" }], documents: rules.ward },
  ];
  await security("updateProfile", "bob", { policies });
  await hospital.ask("bob", "index:mDelete", {
    ...nowhere,
    body: { indexes: ["mine", "hospital"] },
  });
  assert.equal(await hospital.admin.index.exists("hospital"), true);
  await hospital.setRule("bob", rules.bob);
});

test("a specification tells nothing of a hidden document: an update of it is as one of a document that is not there", async () => {
  const target = { index: "hospital", collection: "checked" };
  const { admin } = hospital;
  const mappings = { properties: { ward: { type: "keyword" } } };
  await admin.collection.create(target.index, target.collection, { mappings } as never);
  const fields = { age: { type: "integer", typeOptions: { range: { min: 0, max: 10 } } }, ward: { type: "string" } };
  const body = { strict: true, fields };
  await admin.collection.updateSpecifications(target.index, target.collection, body as never);
  await hospital.ask("free", "create", { ...target, _id: "b1", body: { ward: "B", age: 5 } });
  for (const _id of ["b1", "ghost"]) {
    const { error } = await hospital.ask("ward", "update", { ...target, _id, body: { age: 99 } });
    assert.deepEqual([error?.id, error?.message.includes("99")], ["services.storage.not_found", false], _id);
  }
});

test("a search over several collections is held in each to what the user may see there", async () => {
  const { admin } = hospital;
  await admin.collection.create("hospital", "rooms", {
    mappings: { properties: { ward: { type: "keyword" } } },
  } as never);
  await admin.document.create("hospital", "rooms", { ward: "B", secret: "of the room" }, "r1");
  const policies = [
    { roleId: "everything", restrictedTo: [{ index: "hospital", collections: ["rooms"] }] },
    { roleId: "everything", restrictedTo: [{ index: "hospital", collections: ["patients"] }], documents: rules.both },
  ];
  const body = { profiles: { bob: { policies } } };
  const loading = { refresh: "wait_for", ...nowhere, body };
  assert.equal((await hospital.ask("admin", "admin:loadSecurities", loading)).error ?? null, null);
  const targets = [{ index: "hospital", collections: ["patients", "rooms"] }];
  const request = {
    targets,
    ...nowhere,
    body: { aggs: { w: { terms: { field: "ward" } } } },
  };
  const { error, result } = await hospital.ask<{ hits: Written[] }>("bob", "search", request);
  assert.equal(error ?? null, null, JSON.stringify(error));
  assert.deepEqual(result.hits.map(({ _id, _source }) => `${_id} ${_source.secret}`).sort(), [
    "a1 undefined",
    "a2 undefined",
    "r1 of the room",
  ]);
  await hospital.setRule("bob", rules.bob);
});

test("a plugin that acts for its user by its rights is held to the rules, one that does not is not", async () => {
  const answer = await hospital.ask("ward", "clinic:read", { ...nowhere });
  assert.deepEqual(answer.result, { checked: 2, privileged: 4, subscribed: forbidden });
  const free = await hospital.ask("free", "clinic:read", { ...nowhere });
  assert.deepEqual(free.result, { checked: 4, privileged: 4, subscribed: "yes" });
});

test("users do not choose the values by which rules know what is theirs", async () => {
  const own = { filter: { equals: { ward: "$user.ward" } } };
  await security("createOrReplaceProfile", "own", { policies: [{ roleId: "everything", documents: own }] });
  await security("updateUser", "bob", { profileIds: ["own"], ward: "A" });
  const total = async () => (await hospital.ask<{ count: number }>("bob", "count", { body: {} })).result.count;
  assert.equal(await total(), 2);
  for (const body of [{ ward: "B" }, { ward: null }, { "ward.x": 1 }])
    assert.equal(await idOf("bob", "auth:updateSelf", { body, ...nowhere }), forbidden);
  assert.equal(await idOf("bob", "auth:updateSelf", { body: { colour: "red" } }), undefined);
  const create = (content: JSONObject) =>
    idOf("bob", "security:createRestrictedUser", { body: { content, credentials: {} } });
  assert.equal(await create({ ward: "B" }), forbidden);
  assert.equal(await create({ colour: "blue" }), undefined);
  await security("updateUser", "bob", { profileIds: ["bob"] });
});

test("a rule is checked when its profile is saved, and the place is named", async () => {
  const cases: readonly [unknown, string, RegExp][] = [
    ["text", "api.assert.invalid_type", /p\.policies\[0\]\.documents"/],
    [{ filters: {} }, "api.assert.unexpected_argument", /documents\.filters/],
    [{ __proto__: null, constructor: 1 }, "api.assert.unexpected_argument", /documents\.constructor/],
    [{ filter: {} }, "api.assert.invalid_type", /documents\.filter/],
    [{ filter: [] }, "api.assert.invalid_type", /documents\.filter/],
    [{ filter: { equals: { a: 1, b: 2 } } }, "api.assert.koncorde_dsl_error", /documents\.filter/],
    [{ filter: { regexp: { a: "x" } } }, "api.assert.koncorde_dsl_error", /filter\.regexp: .*searches/],
    [{ filter: { and: [{ not: { match: { a: "x" } } }] } }, "api.assert.koncorde_dsl_error", /and\[0\]\.not\.match/],
    [{ filter: { geoDistance: { a: [1, 1], distance: "1m" } } }, "api.assert.koncorde_dsl_error", /geoDistance/],
    [{ filter: { equals: { a: null } } }, "api.assert.koncorde_dsl_error", /missing/],
    [{ filter: { equals: { a: "$kuid" } } }, "api.assert.koncorde_dsl_error", /\$user\._id/],
    [{ filter: { equals: { a: "$user." } } }, "api.assert.koncorde_dsl_error", /\$user/],
    [{ filter: { ghost: {} } }, "api.assert.koncorde_dsl_error", /ghost/],
    [{ readableFields: "name" }, "api.assert.invalid_type", /readableFields/],
    [{ readableFields: ["a", 1] }, "api.assert.invalid_type", /readableFields\[1\]/],
    [{ writableFields: ["a.*.b"] }, "api.assert.invalid_argument", /writableFields\[0\]/],
  ];
  for (const [documents, id, place] of cases) {
    const { error } = await security("createOrReplaceProfile", "p", {
      policies: [{ roleId: "everything", documents }],
    });
    assert.equal(error?.id, id, JSON.stringify(documents));
    assert.match(error?.message ?? "", place);
  }
  let deep: JSONObject = { equals: { a: 1 } };
  for (let i = 0; i < 100; i++) deep = { not: deep };
  const { error } = await security("createOrReplaceProfile", "p", {
    policies: [{ roleId: "everything", documents: { filter: deep } }],
  });
  assert.equal(error?.id, "api.assert.koncorde_dsl_error");
  for (const documents of [
    {},
    { filter: { in: { owner: "$user.wards" } } },
    { filter: { bool: { must_not: [{ range: { age: { gte: "$user.from", lt: "$user.to" } } }] } } },
    { filter: { equals: { price: "$$5" } }, readableFields: [], writableFields: ["*"] },
  ]) {
    const answer = await security("createOrReplaceProfile", "p", { policies: [{ roleId: "everything", documents }] });
    assert.equal(answer.error ?? null, null, JSON.stringify(answer.error));
  }
});

test("a rule that searches cannot be held to exactly refuses them and says what to map; points are read all the same", async () => {
  const cases: readonly [JSONObject, string, RegExp | undefined][] = [
    [{ equals: { unmapped: "x" } }, "a1", /unmapped.*mapping/],
    [{ not: { equals: { unmapped: "x" } } }, "a1", /unmapped/],
    [{ equals: { age: "30" } }, "a1", /keyword/],
    [{ equals: { "visits.date": "2020-A" } }, "a1", /nested/],
    [{ equals: { "secret.note": "hidden alpha note" } }, "a1", /keyword/],
    [{ equals: { alias: "alpha" } }, "a1", /alias/],
    [{ equals: { name: "Ada" } }, "a1", undefined],
    [{ equals: { "secret.code": "alpha" } }, "a1", undefined],
    [{ and: [{ range: { age: { gte: 30, lt: 31 } } }, { missing: "secret.code" }] }, "none", undefined],
    [{ in: { name: ["Ada", "Bea"] } }, "a1", undefined],
    [{ ids: { values: ["a1"] } }, "a1", undefined],
  ];
  for (const [filter, _id, hint] of cases) {
    await hospital.setRule("bob", { filter });
    const { error, result } = await hospital.ask<{ hits: Written[] }>("bob", "search", { body: {} });
    const found = (await hospital.ask<boolean>("bob", "exists", { _id: "a1" })).result;
    if (hint === undefined) {
      assert.equal(error ?? null, null, JSON.stringify(error));
      assert.equal(
        result.hits.some((hit) => hit._id === "a1"),
        _id === "a1",
      );
      assert.equal(found, _id === "a1", JSON.stringify(filter));
    } else {
      assert.deepEqual([error?.id, error?.status], [forbidden, 403], JSON.stringify(filter));
      assert.match(error?.message ?? "", hint);
    }
  }
  await hospital.setRule("bob", rules.bob);
});

test("profiles and listings of rights carry the rules", async () => {
  const { result } = await hospital.ask("ward", "auth:getMyRights", { ...nowhere });
  const { hits } = result as { hits: JSONObject[] };
  assert.deepEqual(hits, [
    { controller: "*", action: "*", index: "*", collection: "*", value: "allowed", documents: [rules.ward] },
  ]);
  const profile = await hospital.admin.security.getProfile("both");
  assert.deepEqual((profile as unknown as { policies: JSONObject[] }).policies, [
    { roleId: "everything", documents: rules.both },
  ]);
  const may = async (who: string, controller: string, action: string) => {
    const body = { controller, action, ...patients };
    return (await hospital.ask(who, "auth:checkRights", { body, ...nowhere })).result.allowed;
  };
  assert.deepEqual([await may("ward", "document", "get"), await may("ward", "collection", "truncate")], [true, false]);
  assert.equal(await may("free", "collection", "truncate"), true);
});

test("rules hold after a restart", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-rules-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const data = join(root, "data");
  await using first = await openHospital({ root, data }, ["ward"]);
  const token = (await first.as("ward")).jwt;
  await first.server.backend.stop();
  await using second: TestServer = await startServer({ root, data });
  const response = await fetch(`${second.url}/hospital/patients/_search`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  const { result } = (await response.json()) as { result: { total: number } };
  assert.equal(result.total, 2);
});
