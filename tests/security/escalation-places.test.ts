/** How a user whose policy names two collections tries to reach others. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { http, Line } from "../api/wire.ts";
import { type GuardedServer, openGuarded } from "./guarded-server.ts";
import { matrixRows } from "./matrix-rows.ts";

let guarded: GuardedServer;
let line: Line;
let ada: string;
let root: string;

before(async () => {
  guarded = await openGuarded();
  line = await Line.open(guarded.server);
  [ada, root] = await Promise.all([guarded.tokenOf("ada"), guarded.tokenOf("root")]);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await guarded?.[Symbol.asyncDispose]();
});

const forbidden = { id: "security.rights.forbidden", status: 403 };
const own = { index: "mine", collection: "books" } as const;

/** Every document of the server is as it was at the start. */
async function assertUntouched(): Promise<void> {
  const targets = [
    { index: "mine", collections: ["secrets"] },
    { index: "theirs", collections: ["books"] },
  ];
  const { hits } = await line.result<{ hits: { _source: JSONObject }[] }>({
    controller: "document",
    action: "search",
    targets,
    body: {},
    jwt: root,
  });
  assert.deepEqual(hits.map(({ _source }) => _source.of).sort(), ["mine/secrets", "theirs/books"]);
}

test("lists, wildcards and other spellings of a place are names like others, and not the user's", async () => {
  const indexes = [
    "*",
    "m*",
    "_all",
    "mine,theirs",
    "theirs,mine",
    "+mine",
    "-theirs",
    "<mine>",
    "mine/books",
    "MINE",
    " mine",
    "mine ",
    ["mine"],
    { index: "mine" },
    "%mine",
    "&mine",
    "&mine.books",
    "__proto__",
  ];
  for (const index of indexes) {
    for (const action of ["get", "search", "count", "create", "deleteByQuery"]) {
      const request = { controller: "document", action, index, collection: "books", _id: "only", body: {}, jwt: ada };
      assert.deepEqual(await line.refusal(request), forbidden, `${action} ${JSON.stringify(index)}`);
    }
  }
  const collections = [
    "*",
    "s*",
    "_all",
    "books,secrets",
    "secrets,books",
    "+books",
    "-books,*",
    "../theirs/books",
    "books/../secrets",
    "BOOKS",
    ["books"],
    "constructor",
  ];
  for (const collection of collections) {
    for (const action of ["get", "search", "count", "create", "deleteByQuery"]) {
      const request = { controller: "document", action, index: "mine", collection, _id: "only", body: {}, jwt: ada };
      assert.deepEqual(await line.refusal(request), forbidden, `${action} ${JSON.stringify(collection)}`);
    }
  }
  const headers = { authorization: `Bearer ${ada}` };
  for (const path of [
    "/mine/secrets/only",
    "/mine/books%2C secrets/only",
    "/mine/books%2F..%2Fsecrets/only",
    "/mine/%2A/only",
    "/mine/books/../secrets/only",
    "/theirs/books/only?index=mine",
    "/theirs/books/only?index=mine&index=theirs",
  ]) {
    const { status, error } = await http(guarded.server, "GET", path.replace(" ", "%20"), undefined, headers);
    assert.deepEqual([status, error?.id], [403, "security.rights.forbidden"], path);
  }
  await assertUntouched();
});

test("a search over targets finds nothing outside the policy, however the targets are written", async () => {
  const search = (targets: unknown, others: JSONObject = {}): JSONObject => ({
    controller: "document",
    action: "search",
    targets,
    body: {},
    jwt: ada,
    ...others,
  });
  const { total } = await line.result(search([{ index: "mine", collections: ["books", "notes"] }]));
  assert.equal(total, 2);
  for (const targets of [
    [{ index: "mine", collections: ["books", "secrets"] }],
    [
      { index: "mine", collections: ["books"] },
      { index: "theirs", collections: ["books"] },
    ],
    [{ index: "mine", collections: ["*"] }],
    [{ index: "*", collections: ["books"] }],
    [{ index: "mine", collections: ["books,secrets"] }],
    [{ index: "mine,theirs", collections: ["books"] }],
    [{ index: "mine", collections: [["secrets"]] }],
  ]) {
    assert.deepEqual(await line.refusal(search(targets)), forbidden, JSON.stringify(targets));
  }
  for (const targets of [
    [{}],
    [null],
    ["mine"],
    [{ index: "theirs" }],
    [{ collections: ["secrets"] }],
    [{ index: "theirs", collections: "books" }],
    [{ index: "theirs", collections: { 0: "books", length: 1 } }],
    { 0: { index: "theirs", collections: ["books"] } },
    "theirs",
  ]) {
    const { status, error } = await line.ask(search(targets));
    assert.deepEqual([status, error?.status], [400, 400], JSON.stringify(targets));
  }
  for (const place of [{ index: "theirs" }, { collection: "secrets" }, { index: "theirs", collection: "books" }]) {
    const allowed = [{ index: "mine", collections: ["books"] }];
    const { id } = await line.refusal(search(allowed, place));
    assert.equal(id, "api.assert.mutually_exclusive");
    const get = { controller: "document", action: "get", _id: "only", ...place, targets: allowed, jwt: ada };
    assert.equal((await line.refusal(get)).id, "api.assert.mutually_exclusive");
  }
});

test("aggregations, highlights, sources and queries of a search do not leave its collection", async () => {
  const lookup = { terms: { of: { index: "theirs", id: "only", path: "of" } } };
  const join = { terms: { of: { index: "&theirs.books", type: "_doc", id: "only", path: "of" } } };
  const alike = {
    more_like_this: {
      fields: ["of"],
      like: [{ _index: "&theirs.books", _id: "only" }],
      min_term_freq: 1,
      min_doc_freq: 1,
    },
  };
  const shape = { geo_shape: { of: { indexed_shape: { index: "theirs", id: "only", path: "of" } } } };
  for (const query of [lookup, join, alike, shape, { term: { _index: "&theirs.books" } }]) {
    const { error, result } = await line.ask<{ hits: JSONObject[] }>({
      controller: "document",
      action: "search",
      ...own,
      body: { query },
      jwt: ada,
    });
    if (error === null) assert.deepEqual(result.hits, [], JSON.stringify(query));
    else assert.equal(error.status, query === alike ? 403 : 400, JSON.stringify(query));
  }
  const everything = { all: { global: {}, aggs: { of: { terms: { field: "of.keyword" } } } } };
  const { error, result } = await line.ask({
    controller: "document",
    action: "search",
    ...own,
    body: { aggs: everything },
    jwt: ada,
  });
  assert.ok(error !== null || !JSON.stringify(result).includes("theirs"), JSON.stringify(result));
});

test("lines of a bulk import cannot name another place", async () => {
  for (const verb of ["index", "create", "update", "delete"]) {
    for (const place of [
      { _index: "theirs" },
      { _index: "&theirs.books" },
      { _index: "&mine.secrets" },
      { index: "theirs", collection: "books" },
      { _type: "secrets" },
      { _index: "%kuzzle.users" },
    ]) {
      const bulkData: JSONObject[] = [{ [verb]: { _id: "only", ...place } }];
      if (verb !== "delete") bulkData.push(verb === "update" ? { doc: { of: "ada" } } : { of: "ada" });
      await line.ask({ controller: "bulk", action: "import", ...own, body: { bulkData }, jwt: ada });
      await assertUntouched();
    }
  }
  const users = await guarded.privileged({ controller: "security", action: "searchUsers", body: {} });
  assert.equal(users.total, 4);
});

test("documents of a multiple request cannot name another place", async () => {
  const named = { _id: "only", _index: "theirs", index: "theirs", collection: "secrets", body: { of: "ada" } };
  for (const action of [
    "mCreate",
    "mCreateOrReplace",
    "mReplace",
    "mUpdate",
    "mUpsert",
    "mDelete",
    "mGet",
    "mExists",
  ]) {
    const body = { documents: [named], ids: ["only", "../secrets/only"] };
    const answer = await line.ask({ controller: "document", action, ...own, body, jwt: ada });
    assert.ok(!JSON.stringify(answer.result).includes("theirs/books"), action);
    assert.deepEqual(
      await line.refusal({ controller: "document", action, index: "mine", collection: "secrets", body, jwt: ada }),
      forbidden,
    );
    await assertUntouched();
  }
});

test("indexes that a user may not delete stay, whoever names them in a list", async () => {
  await guarded.privileged({ controller: "index", action: "create", index: "spare" });
  const body = { indexes: ["spare", "theirs", "*", "kuzzle", "%kuzzle"] };
  const answer = await line.result({ controller: "index", action: "mDelete", body, jwt: ada });
  assert.deepEqual(answer, { deleted: [] });
  await assertUntouched();
});

test("rooms of other collections are neither told nor joined", async () => {
  const subscribe = { controller: "realtime", action: "subscribe", index: "theirs", collection: "books", body: {} };
  const { roomId } = await line.result({ ...subscribe, jwt: root });
  await using other = await Line.open(guarded.server);
  assert.deepEqual(await other.refusal({ ...subscribe, jwt: ada }), forbidden);
  assert.deepEqual(
    await other.refusal({ controller: "realtime", action: "join", body: { roomId }, jwt: ada }),
    forbidden,
  );
  const list = await other.result<Record<string, JSONObject>>({ controller: "realtime", action: "list", jwt: ada });
  assert.deepEqual(list.theirs ?? {}, {});
  await line.result({ controller: "realtime", action: "unsubscribe", body: { roomId }, jwt: root });
});

test("a scroll goes on only where it was opened: pages of users are no pages of documents", async () => {
  const page = await line.result({
    controller: "security",
    action: "searchUsers",
    body: {},
    size: 1,
    scroll: "10s",
    jwt: root,
  });
  assert.match(String(page.scrollId), /[0-9a-f-]{32}/, "an id that cannot be guessed");
  const scroll = { controller: "document", action: "scroll", scrollId: page.scrollId, jwt: ada };
  assert.equal((await line.refusal(scroll)).id, "services.storage.unknown_scroll_id");
  const validations = {
    controller: "collection",
    action: "searchSpecifications",
    body: {},
    size: 1,
    scroll: "10s",
    jwt: ada,
  };
  assert.equal((await line.ask(validations)).status, 200);
});

/** These look at no document and no mapping, whatever place they are given. */
const placeless = new Set([
  "collection:deleteSpecifications",
  "collection:updateSpecifications",
  "collection:validateSpecifications",
  "document:validate",
  "realtime:publish",
  "realtime:subscribe",
  "realtime:validate",
]);

test("no action reaches the server's own storage, not even an administrator's", async () => {
  const local = "plugin-kuzzle-plugin-auth-passport-local";
  const users = { controller: "security", action: "searchUsers", body: {} };
  const before = await guarded.privileged(users);
  const places = ["kuzzle", "%kuzzle", "&kuzzle", "%kuzzle.users", ".kuzzle", local, `%${local}`].flatMap((index) =>
    ["users", "tokens"].map((collection) => ({ index, collection })),
  );
  const many = {
    query: { match_all: {} },
    changes: { profileIds: ["admin"] },
    bulkData: [{ index: { _id: "x" } }, { profileIds: ["admin"] }],
    documents: [{ _id: "ada", body: { profileIds: ["admin"] } }],
    ids: ["ada"],
    fields: ["profileIds"],
    profileIds: ["admin"],
  };
  const bodies = [{}, { query: {} }, { profileIds: ["admin"] }, { properties: { leak: { type: "keyword" } } }, many];
  for (const [controller, rows] of Object.entries(matrixRows)) {
    for (const [action, { place }] of Object.entries(rows)) {
      if (place === "nothing" || placeless.has(`${controller}:${action}`)) continue;
      const answers = places.flatMap((target) =>
        bodies.map(async (body) => {
          const asked = { controller, action, ...target, _id: "ada", body, jwt: root };
          const { error, result } = await line.ask<unknown>(asked);
          const isNothing = result === false || (Array.isArray(result) && result.length === 0);
          assert.ok(error !== null || isNothing, `${controller}:${action} ${target.index} ${JSON.stringify(result)}`);
        }),
      );
      await Promise.all(answers);
    }
  }
  assert.deepEqual(await guarded.privileged(users), before);
});

test("nobody hears of changes of the server's own storage", async () => {
  await using ears = await Line.open(guarded.server);
  const subscribe = { controller: "realtime", action: "subscribe", body: {}, jwt: root };
  for (const index of ["kuzzle", "%kuzzle", "plugin-kuzzle-plugin-auth-passport-local"]) {
    await ears.result({ ...subscribe, index, collection: "users" });
  }
  await ears.result({ ...subscribe, ...own });
  // Neither do specifications that an administrator gives such a place count for it.
  const specify = { controller: "collection", action: "updateSpecifications", index: "kuzzle", collection: "users" };
  await line.result({ ...specify, body: { strict: true, fields: { none: { type: "integer" } } }, jwt: root });
  await guarded.privileged({ controller: "security", action: "updateUser", _id: "bob", body: { hobby: "chess" } });
  const credentials = { controller: "security", action: "updateCredentials", strategy: "local", _id: "bob" };
  await guarded.privileged({ ...credentials, body: { username: "bob", password: "another password" } });
  await line.result({ controller: "realtime", action: "publish", ...own, body: { last: true }, jwt: ada });
  const heard = await ears.take(1);
  assert.deepEqual(
    heard.map(({ index, collection }) => [index, collection]),
    [["mine", "books"]],
  );
});
