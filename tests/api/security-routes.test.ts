/** Every route of the controllers security and auth, as an administrator's tools and a user's application call them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer, type TestServer } from "../../testing/index.ts";
import { RouteCaller } from "./route-caller.ts";
import { assertMembers } from "./wire.ts";

interface Stored {
  readonly _id: string;
  readonly _source: JSONObject;
}
interface Hits {
  readonly hits: readonly Stored[];
  readonly total: number;
  readonly scrollId?: string;
}

let server: TestServer;
let routes: RouteCaller;

const password = "correct horse";
const local = (username: string): JSONObject => ({ username, password });
const params = (_id: string): { params: { _id: string } } => ({ params: { _id } });
const ofLocal = (_id: string): { params: Record<string, string> } => ({ params: { strategy: "local", _id } });
const idsOf = ({ hits }: Hits): string[] => hits.map(({ _id }) => _id).sort();

before(async () => {
  server = await startServer({ data: ":memory:", config: { "stats.enabled": false, "limits.loginsPerSecond": 100 } });
  routes = new RouteCaller(server);
});

after(() => server?.close());

const logIn = async (username: string): Promise<string> =>
  (await routes.result<{ jwt: string }>("POST /_login/:strategy", ofStrategy(local(username)))).jwt;

const ofStrategy = (body?: JSONObject): { params: Record<string, string>; body?: JSONObject } => ({
  params: { strategy: "local" },
  ...(body === undefined ? {} : { body }),
});

test("the first administrator is created under an id of its own, once", async () => {
  const body = { content: { name: "Ada" }, credentials: { local: local("ada") } };
  const created = await routes.result<Stored>("POST /_createFirstAdmin/:_id", { ...params("ada"), body });
  assert.equal(created._id, "ada");
  assert.deepEqual(created._source.profileIds, ["admin"]);
  assert.deepEqual(await routes.refusal("POST /_createFirstAdmin", { body }), ["api.process.admin_exists", 412]);
  routes.jwt = await logIn("ada");
});

test("without an id the first administrator gets one that reads well", async () => {
  await using other = await startServer({ data: ":memory:" });
  const created = await new RouteCaller(other).result<Stored>("POST /_createFirstAdmin", { body: {} });
  assert.match(created._id, /^kuid-[a-z]+-[a-z]+-\d{1,5}$/);
});

test("default rights are open until they are restricted", async () => {
  const stranger = { jwt: null, body: { controller: "index", action: "list" } };
  assert.deepEqual(await routes.result("POST /_checkRights", stranger), { allowed: true });
  assert.equal(await routes.result<unknown>("POST /_restrictDefaultRights"), null);
  assert.deepEqual(await routes.refusal("POST /_checkRights", stranger), ["security.rights.unauthorized", 401]);
});

test("a role is created, read, replaced, updated, found and deleted", async () => {
  const body = { controllers: { document: { actions: { get: true } } }, tags: ["t"] };
  const created = await routes.result<Stored>("POST /roles/:_id/_create", { ...params("reader"), body });
  assert.deepEqual([created._id, created._source.tags], ["reader", ["t"]]);
  assert.deepEqual(await routes.refusal("POST /roles/:_id/_create", { ...params("reader"), body }), [
    "services.storage.document_already_exists",
    400,
  ]);
  const read = await routes.result<Stored>("GET /roles/:_id", params("reader"));
  assert.deepEqual(read._source.controllers, body.controllers);
  const wider = { controllers: { document: { actions: { get: true, search: true } } } };
  const updated = await routes.result<Stored>("PUT /roles/:_id/_update", { ...params("reader"), body: wider });
  assert.deepEqual([updated._source.controllers, updated._source.tags], [wider.controllers, undefined]);
  await routes.result("PUT /roles/:_id", {
    ...params("writer"),
    body: { controllers: { bulk: { actions: { "*": true } } } },
  });
  await routes.result("PUT /roles/:_id", { ...params("spare"), body });
  const found = await routes.result<Hits>("POST /roles/_search", { body: { controllers: ["bulk"] } });
  assert.deepEqual(idsOf(found), ["admin", "writer"]);
  const several = await routes.result<Hits>("POST /roles/_mGet", { body: { ids: ["writer", "reader"] } });
  assert.deepEqual(
    several.hits.map(({ _id }) => _id),
    ["writer", "reader"],
  );
  assert.deepEqual(await routes.result("DELETE /roles/:_id", params("spare")), { _id: "spare" });
  assert.deepEqual(await routes.refusal("GET /roles/:_id", params("spare")), ["security.role.not_found", 404]);
  for (const id of ["x", "y"]) await routes.result("PUT /roles/:_id", { ...params(id), body });
  assert.deepEqual((await routes.result<string[]>("POST /roles/_mDelete", { body: { ids: ["x", "y"] } })).sort(), [
    "x",
    "y",
  ]);
});

test("a profile is created, read, replaced, updated, found, scrolled and deleted", async () => {
  const body = { policies: [{ roleId: "reader" }] };
  const created = await routes.result<Stored>("POST /profiles/:_id/_create", { ...params("readers"), body });
  assert.deepEqual([created._id, created._source.rateLimit], ["readers", 0]);
  const replaced = { policies: [{ roleId: "reader" }, { roleId: "writer" }], rateLimit: 100 };
  await routes.result("PUT /profiles/:_id", { ...params("writers"), body: replaced });
  const updated = await routes.result<Stored>("PUT /profiles/:_id/_update", {
    ...params("readers"),
    body: { rateLimit: 7 },
  });
  assert.deepEqual([updated._source.rateLimit, updated._source.policies], [7, body.policies]);
  const read = await routes.result<Stored>("GET /profiles/:_id", params("writers"));
  assert.deepEqual([read._source.rateLimit, read._source.policies], [100, replaced.policies]);
  const rights = await routes.result<{ hits: JSONObject[]; total: number }>(
    "GET /profiles/:_id/_rights",
    params("readers"),
  );
  assert.deepEqual(rights.hits.map(({ controller, action, value }) => [controller, action, value]).sort(), [
    ["document", "get", "allowed"],
    ["document", "search", "allowed"],
  ]);
  assert.equal(rights.total, 2);
  const several = await routes.result<Hits>("POST /profiles/_mGet", { body: { ids: ["writers", "readers"] } });
  assert.deepEqual(
    several.hits.map(({ _id }) => _id),
    ["writers", "readers"],
  );

  const first = await routes.result<Hits>("POST /profiles/_search", { query: { scroll: "1m", size: "2" }, body: {} });
  assert.deepEqual([first.total, first.hits.length], [5, 2]);
  const scrolled = { params: { scrollId: String(first.scrollId) }, query: { scroll: "1m" } };
  const second = await routes.result<Hits>("GET /profiles/_scroll/:scrollId", scrolled);
  assert.equal(second.hits.length, 2);
  assert.equal(new Set([...idsOf(first), ...idsOf(second)]).size, 4);

  for (const id of ["x", "y", "z"]) await routes.result("PUT /profiles/:_id", { ...params(id), body });
  assert.deepEqual(await routes.result("DELETE /profiles/:_id", params("z")), { _id: "z" });
  assert.deepEqual((await routes.result<string[]>("POST /profiles/_mDelete", { body: { ids: ["x", "y"] } })).sort(), [
    "x",
    "y",
  ]);
  assert.deepEqual(await routes.refusal("DELETE /roles/:_id", params("reader")), ["security.role.in_use", 412]);
});

test("a user is created in each way, read, updated, replaced, found, scrolled and deleted", async () => {
  const content = { profileIds: ["readers"], name: "Bob" };
  const body = { content, credentials: { local: local("bob") } };
  assert.equal((await routes.result<Stored>("POST /users/:_id/_create", { ...params("bob"), body }))._id, "bob");
  const unnamed = await routes.result<Stored>("POST /users/_create", { query: { kuid: "uuid" }, body: { content } });
  assert.match(unnamed._id, /^kuid-[0-9a-f-]{36}$/);
  const restricted = await routes.result<Stored>("POST /users/_createRestricted", { body: { content: { name: "R" } } });
  assert.deepEqual(restricted._source.profileIds, ["default"]);
  const named = await routes.result<Stored>("POST /users/:_id/_createRestricted", { ...params("res"), body: {} });
  assert.deepEqual([named._id, named._source.profileIds], ["res", ["default"]]);

  const updated = await routes.result<Stored>("PUT /users/:_id/_update", { ...params("bob"), body: { city: "Oslo" } });
  assert.deepEqual([updated._source.name, updated._source.city], ["Bob", "Oslo"]);
  const inserted = { content: { profileIds: ["writers"] }, default: { name: "new" } };
  const upserted = await routes.result<Stored>("POST /users/:_id/_upsert", { ...params("eve"), body: inserted });
  assert.deepEqual([upserted._source.profileIds, upserted._source.name], [["writers"], "new"]);
  await routes.result("PUT /users/:_id/_replace", { ...params("eve"), body: { profileIds: ["readers"] } });
  const replaced = await routes.result<Stored>("GET /users/:_id", params("eve"));
  assert.deepEqual([replaced._source.profileIds, replaced._source.name], [["readers"], undefined]);

  const byBody = await routes.result<Hits>("POST /users/_mGet", { body: { ids: ["eve", "bob"] } });
  assert.deepEqual(
    byBody.hits.map(({ _id }) => _id),
    ["eve", "bob"],
  );
  const byQuery = await routes.result<Hits>("GET /users/_mGet", { query: { ids: "bob,eve" } });
  assert.deepEqual(
    byQuery.hits.map(({ _id }) => _id),
    ["bob", "eve"],
  );
  const rights = await routes.result<{ hits: JSONObject[] }>("GET /users/:_id/_rights", params("bob"));
  assert.deepEqual(rights.hits.map(({ action }) => action).sort(), ["get", "search"]);

  const query = { terms: { profileIds: ["readers"] } };
  const first = await routes.result<Hits>("POST /users/_search", {
    query: { scroll: "1m", size: "1" },
    body: { query },
  });
  assert.deepEqual([first.total, first.hits.length], [3, 1]);
  const scrolled = await routes.result<Hits>("GET /users/_scroll/:scrollId", {
    params: { scrollId: String(first.scrollId) },
  });
  assert.equal(scrolled.hits.length, 1);
  assert.notDeepEqual(idsOf(first), idsOf(scrolled));

  assert.deepEqual(await routes.result("DELETE /users/:_id", params(unnamed._id)), { _id: unnamed._id });
  assert.deepEqual(await routes.result("POST /users/_mDelete", { body: { ids: [restricted._id] } }), [restricted._id]);
  assert.deepEqual(await routes.refusal("GET /users/:_id", params(unnamed._id)), ["security.user.not_found", 404]);
});

test("mappings of users, profiles and roles are extended, and their collections refreshed", async () => {
  for (const kind of ["users", "profiles", "roles"]) {
    const { mapping: before } = await routes.result<{ mapping: JSONObject }>(`GET /${kind}/_mapping`);
    assert.equal(before.rank, undefined);
    await routes.result(`PUT /${kind}/_mapping`, { body: { properties: { rank: { type: "integer" } } } });
    const { mapping } = await routes.result<{ mapping: JSONObject }>(`GET /${kind}/_mapping`);
    assert.deepEqual(mapping.rank, { type: "integer" });
    const sent = { params: { collection: kind } };
    assert.equal(await routes.result<unknown>("POST /_security/:collection/_refresh", sent), null);
  }
});

test("an administrator manages the credentials of a user", async () => {
  const eve = { ...ofLocal("eve"), body: local("eve") };
  assert.equal(await routes.result<unknown>("GET /credentials/:strategy/:_id/_exists", ofLocal("eve")), false);
  assert.equal(await routes.result<unknown>("POST /credentials/:strategy/:_id/_validate", eve), true);
  const info = { kuid: "eve", username: "eve" };
  assert.deepEqual(await routes.result("POST /credentials/:strategy/:_id/_create", eve), info);
  assert.equal(await routes.result<unknown>("GET /credentials/:strategy/:_id/_exists", ofLocal("eve")), true);
  assert.deepEqual(await routes.result("GET /credentials/:strategy/:_id", ofLocal("eve")), info);
  assert.deepEqual(await routes.result("GET /credentials/:strategy/:_id/_byId", ofLocal("eve")), info);
  const renamed = { ...ofLocal("eve"), body: { username: "eva" } };
  assert.deepEqual(await routes.result("PUT /credentials/:strategy/:_id/_update", renamed), {
    ...info,
    username: "eva",
  });
  assert.deepEqual(await routes.result("GET /users/:_id/_strategies", params("eve")), {
    strategies: ["local"],
    total: 1,
  });
  const query = { bool: { must: [{ match: { username: "eva" } }] } };
  const found = await routes.result<{ hits: JSONObject[]; total: number }>(
    "POST /credentials/:strategy/users/_search",
    ofStrategy({ query }),
  );
  assert.deepEqual([found.total, found.hits[0]?.kuid], [1, "eve"]);
  assert.deepEqual(await routes.result("DELETE /credentials/:strategy/:_id", ofLocal("eve")), { acknowledged: true });
  assert.equal(await routes.result<unknown>("GET /credentials/:strategy/:_id/_exists", ofLocal("eve")), false);
  const fields = await routes.result<string[]>("GET /credentials/:strategy/_fields", ofStrategy());
  assert.ok(fields.includes("username") && fields.includes("password"), String(fields));
  assert.deepEqual(await routes.result("GET /credentials/_fields"), { local: fields });
});

test("an administrator asks for a user's rights, gives it API keys and revokes its tokens", async () => {
  const asked = (action: string): JSONObject => ({
    params: { userId: "bob" },
    body: { controller: "document", action },
  });
  assert.deepEqual(await routes.result("POST /_checkRights/:userId", asked("get")), { allowed: true });
  assert.deepEqual(await routes.result("POST /_checkRights/:userId", asked("delete")), { allowed: false });

  const user = { params: { userId: "bob" } };
  const body = { description: "for a test" };
  const key = await routes.result<Stored>("POST /users/:userId/api-keys/_create", { ...user, body });
  const token = String(key._source.token);
  assert.match(token, /^kapikey-/);
  const listed = await routes.result<Hits>("POST /users/:userId/api-keys/_search", { ...user, body: {} });
  assert.deepEqual([idsOf(listed), listed.hits[0]?._source.token], [[key._id], undefined]);
  assert.equal((await routes.refusal("GET /_me", { jwt: token }))[0], "security.rights.forbidden");
  const removal = { params: { userId: "bob", _id: key._id } };
  assert.deepEqual(await routes.result("DELETE /users/:userId/api-keys/:_id", removal), { _id: key._id });
  assert.equal((await routes.refusal("GET /_me", { jwt: token }))[0], "security.token.invalid");

  const bobs = await logIn("bob");
  assert.equal(await routes.result<unknown>("DELETE /users/:_id/tokens", params("bob")), null);
  assert.equal((await routes.refusal("GET /_me", { jwt: bobs }))[0], "security.token.invalid");
});

/** The user of the tests below may do anything with its own account. */
test("a user logs in by either verb, sees itself, and refreshes, makes and gives back tokens", async () => {
  const actions = { "*": true };
  await routes.result("PUT /roles/:_id", { ...params("self"), body: { controllers: { auth: { actions } } } });
  await routes.result("PUT /profiles/:_id", { ...params("self"), body: { policies: [{ roleId: "self" }] } });
  await routes.result("PUT /users/:_id/_update", { ...params("bob"), body: { profileIds: ["self"] } });

  const session = await routes.result("POST /_login/:strategy", {
    ...ofStrategy(local("bob")),
    query: { expiresIn: "1h" },
  });
  assertMembers(session, ["_id", "expiresAt", "jwt", "ttl"]);
  assert.deepEqual([session._id, session.ttl], ["bob", 3_600_000]);
  const query = { username: "bob", password };
  const byGet = await routes.send("GET /_login/:strategy", { ...ofStrategy(), query });
  assert.deepEqual([byGet.status, byGet.result._id], [200, "bob"]);

  const jwt = String(session.jwt);
  for (const route of ["GET /_me", "GET /users/_me"]) {
    const me = await routes.result(route, { jwt });
    assert.deepEqual([me._id, me.strategies], ["bob", ["local"]], route);
  }
  for (const route of ["GET /_me/_rights", "GET /users/_me/_rights"]) {
    const rights = await routes.result<{ hits: JSONObject[]; total: number }>(route, { jwt });
    assert.deepEqual(rights.hits, [{ controller: "auth", action: "*", index: "*", collection: "*", value: "allowed" }]);
    assert.equal(rights.total, 1);
  }
  assert.deepEqual(await routes.result("GET /strategies", { jwt }), ["local"]);
  const checks = { jwt, body: { controller: "auth", action: "logout" } };
  assert.deepEqual(await routes.result("POST /_checkRights", checks), { allowed: true });

  const made = await routes.result("POST /_createToken", { jwt, query: { expiresIn: "1m" } });
  assert.deepEqual([made.ttl, made.singleUse], [60_000, false]);
  const valid = await routes.result("POST /_checkToken", { jwt, body: { token: made.token } });
  assert.deepEqual([valid.valid, valid.kuid, valid.expiresAt], [true, "bob", made.expiresAt]);
  const fresh = await routes.result("POST /_refreshToken", { jwt, query: { expiresIn: "2h" } });
  assert.deepEqual([fresh._id, fresh.ttl], ["bob", 7_200_000]);
  assert.deepEqual(await routes.result("POST /_logout", { jwt: String(fresh.jwt) }), { acknowledged: true });
  assert.equal((await routes.refusal("GET /_me", { jwt: String(fresh.jwt) }))[0], "security.token.invalid");
});

test("a user changes itself by either route", async () => {
  const jwt = await logIn("bob");
  const changed = await routes.result<Stored>("PUT /_me", { jwt, body: { city: "Rome" } });
  assert.deepEqual([changed._id, changed._source.city, changed._source.name], ["bob", "Rome", "Bob"]);
  const again = await routes.result<Stored>("PUT /_updateSelf", { jwt, body: { city: "Bonn" } });
  assert.equal(again._source.city, "Bonn");
  assert.deepEqual(await routes.refusal("PUT /_me", { jwt, body: { profileIds: ["admin"] } }), [
    "api.assert.forbidden_argument",
    400,
  ]);
});

test("a user manages its own credentials, on the routes of today and on the old ones", async () => {
  const jwt = await logIn("bob");
  for (const [own, end] of [
    ["/_me/credentials/:strategy", ""],
    ["/credentials/:strategy", "/_me"],
  ] as const) {
    const sent = (body?: JSONObject) => ({ ...ofStrategy(body), jwt });
    const info = { kuid: "bob", username: "bob" };
    assert.equal(await routes.result<unknown>(`GET ${own}${end}/_exists`, sent()), true);
    assert.deepEqual(await routes.result(`GET ${own}${end}`, sent()), info);
    assert.deepEqual(await routes.result(`DELETE ${own}${end}`, sent()), { acknowledged: true });
    assert.equal(await routes.result<unknown>(`GET ${own}${end}/_exists`, sent()), false);
    assert.equal(await routes.result<unknown>(`POST ${own}${end}/_validate`, sent(local("robert"))), true);
    assert.deepEqual(await routes.result(`POST ${own}${end}/_create`, sent(local("robert"))), {
      ...info,
      username: "robert",
    });
    assert.deepEqual(await routes.result(`PUT ${own}${end}/_update`, sent({ username: "bob" })), info);
  }
});

test("a user makes, lists and deletes API keys of its own", async () => {
  const jwt = await logIn("bob");
  const body = { description: "mine" };
  const key = await routes.result<Stored>("POST /api-keys/_create", { jwt, body, query: { expiresIn: "1h" } });
  assert.deepEqual([key._source.userId, key._source.ttl], ["bob", 3_600_000]);
  assert.equal((await routes.result("GET /_me", { jwt: String(key._source.token) }))._id, "bob");
  assert.deepEqual(idsOf(await routes.result<Hits>("POST /api-keys/_search", { jwt, body: {} })), [key._id]);
  assert.deepEqual(await routes.result("DELETE /api-keys/:_id", { jwt, ...params(key._id) }), { _id: key._id });
  assert.deepEqual(idsOf(await routes.result<Hits>("POST /api-keys/_search", { jwt, body: {} })), []);
});

test("no route of these controllers is left out above", () => {
  assert.deepEqual(routes.uncalled("security", "auth"), []);
});
