import assert from "node:assert/strict";
import { type Case, type Fields, idOf, password, sourceOf } from "./speaker.ts";

/** Roles, profiles, users and tokens. */
export const userCases: readonly Case[] = [
  [
    "security:createRole",
    {
      _id: "reader",
      body: {
        indexes: {
          library: { collections: { books: { controllers: { document: { actions: { get: true, create: false } } } } } },
          "*": {
            collections: {
              "*": { controllers: { document: { actions: { search: true } }, auth: { actions: { "*": true } } } },
            },
          },
        },
      },
    },
    (result) =>
      assert.deepEqual(sourceOf(result).controllers, {
        document: { actions: { get: true, create: false, search: true } },
        auth: { actions: { "*": true } },
      }),
  ],
  ["security:getRole", { _id: "reader" }, (result) => assert.equal(idOf(result), "reader")],
  [
    "security:mGetRoles",
    { body: { ids: ["reader"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  [
    "security:searchRoles",
    { body: { indexes: ["library"], from: 0, size: 2 } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 2),
  ],
  [
    "security:searchRoles",
    { body: { controllers: ["document"] } },
    (result) => assert.ok((result as { hits: unknown[] }).hits.length > 0),
  ],
  [
    "security:createOrReplaceRole",
    { _id: "reader", body: { controllers: { auth: { actions: { "*": true } } } } },
    (result) => assert.deepEqual(sourceOf(result).controllers, { auth: { actions: { "*": true } } }),
  ],
  [
    "security:updateRole",
    {
      _id: "reader",
      body: { indexes: { a: { collections: { b: { controllers: { server: { actions: { now: true } } } } } } } },
    },
    (result) => assert.deepEqual(sourceOf(result).controllers, { server: { actions: { now: true } } }),
  ],
  [
    "security:createProfile",
    { _id: "readers", body: { roles: ["reader", { _id: "default", restrictedTo: [{ index: "library" }] }] } },
    (result) =>
      assert.deepEqual(sourceOf(result).policies, [
        { roleId: "reader" },
        { roleId: "default", restrictedTo: [{ index: "library" }] },
      ]),
  ],
  [
    "security:createOrReplaceProfile",
    { _id: "readers", body: { roles: ["default"] } },
    (result) => assert.deepEqual(sourceOf(result).policies, [{ roleId: "default" }]),
  ],
  [
    "security:updateProfile",
    { _id: "readers", body: { roles: ["reader"] } },
    (result) => assert.deepEqual(sourceOf(result).policies, [{ roleId: "reader" }]),
  ],
  ["security:getProfile", { _id: "readers" }, (result) => assert.equal(idOf(result), "readers")],
  [
    "security:mGetProfiles",
    { body: { ids: ["readers"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  [
    "security:searchProfiles",
    { body: { roles: ["reader"] } },
    (result) => assert.equal((result as { hits: unknown[] }).hits.length, 1),
  ],
  ["security:getProfileRights", { _id: "readers" }, (result) => assert.ok("hits" in (result as Fields))],

  [
    "security:createUser",
    { _id: "ada", body: { profile: "default", name: "Ada", password } },
    async (result, at) => {
      assert.deepEqual([sourceOf(result).profileIds, sourceOf(result).password], [["default"], undefined]);
      assert.equal(await at.logIn("ada"), "ada");
    },
  ],
  [
    "security:createUser",
    { body: { profileIds: ["default"], name: "Somebody" } },
    (result) => assert.equal(typeof idOf(result), "string"),
  ],
  [
    "security:createRestrictedUser",
    { _id: "bob", body: { name: "Bob", password } },
    async (_, at) => assert.equal(await at.logIn("bob"), "bob"),
  ],
  [
    "security:updateUser",
    { _id: "ada", body: { name: "Lady Ada", password: "another secret" } },
    async (_, at) => {
      await assert.rejects(at.logIn("ada"), { status: 401 });
      assert.equal(sourceOf(await at.run("security:getUser", { _id: "ada" })).name, "Lady Ada");
    },
  ],
  [
    "security:createOrReplaceUser",
    { _id: "ada", body: { profileIds: ["default"], password } },
    async (result, at) => {
      assert.equal(sourceOf(result).name, undefined);
      assert.equal(await at.logIn("ada"), "ada");
    },
  ],
  [
    "security:createOrReplaceUser",
    { _id: "new", body: { profileIds: ["default"], password } },
    async (_, at) => assert.equal(await at.logIn("new"), "new"),
  ],
  ["security:getUser", { _id: "ada" }, (result) => assert.equal(idOf(result), "ada")],
  [
    "security:searchUsers",
    { body: { query: { ids: { values: ["ada", "bob"] } }, from: 0, size: 1 } },
    (result) =>
      assert.deepEqual([(result as { hits: unknown[] }).hits.length, (result as { total: number }).total], [1, 2]),
  ],
  ["security:getUserRights", { _id: "ada" }, (result) => assert.ok("hits" in (result as Fields))],
  ["security:deleteUser", { _id: "new" }, (result) => assert.equal(idOf(result), "new")],
  ["security:deleteProfile", { _id: "readers" }, () => {}],
  ["security:deleteRole", { _id: "reader" }, () => {}],

  [
    "auth:login",
    { body: { username: "ada", password, expiresIn: "1h" } },
    (result, at) => {
      const { _id, jwt, ttl } = result as { _id: string; jwt: string; ttl: number };
      assert.deepEqual([_id, ttl], ["ada", 3_600_000]);
      at.notes.token = jwt;
    },
  ],
  [
    "auth:checkToken",
    (at) => ({ body: { token: at.notes.token } }),
    (result) => assert.equal((result as Fields).valid, true),
  ],
  ["auth:getCurrentUser", {}, (result) => assert.equal(idOf(result), "ada")],
  ["auth:getMyRights", {}, (result) => assert.ok("hits" in (result as Fields))],
  ["auth:updateSelf", { body: { name: "Countess" } }, (result) => assert.equal(sourceOf(result).name, "Countess")],
  [
    "auth:logout",
    {},
    async (_, at) =>
      assert.deepEqual(((await at.run("auth:checkToken", { body: { token: at.notes.token } })) as Fields).valid, false),
  ],
  [
    "admin:createFirstAdmin",
    { _id: "root", body: { name: "Root", password } },
    async (_, at) => assert.equal(await at.logIn("root"), "root"),
  ],
];
