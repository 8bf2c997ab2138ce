import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { createLocalUser, login, openLocalServer } from "../../../../testing/security/local-strategy.ts";
import type { JSONObject } from "../../../kernel/index.ts";

test("a user with a name and a password logs in; the password is kept as argon2id only", async () => {
  await using server = await openLocalServer();
  await createLocalUser(server, "ada", "sesame");
  const jwt = await server.logIn("ada", "sesame");
  assert.ok(jwt);
  const info = await server.ask({ controller: "auth", action: "getMyCredentials", strategy: "local", jwt });
  assert.deepEqual(info, { username: "ada", kuid: "ada" });
  const stored = await server.credentials("ada");
  assert.match(String(stored.userPassword), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(JSON.stringify(stored).includes("sesame"), false);
});

test("wrong names, wrong passwords and missing ones get the same answer", async () => {
  await using server = await openLocalServer();
  await createLocalUser(server, "ada", "sesame");
  const wrong = await server.refusal(login("ada", "wrong"));
  assert.deepEqual([wrong.status, wrong.id], [401, "plugin.strategy.missing_user"]);
  const unknown = await server.refusal(login("nobody", "sesame"));
  assert.deepEqual([unknown.status, unknown.id, unknown.message], [wrong.status, wrong.id, wrong.message]);
  for (const [username, password] of [
    ["ada", undefined],
    [undefined, "sesame"],
    ["ada", ["sesame"]],
    [{ $ne: 1 }, "sesame"],
    ["__proto__", "x"],
  ]) {
    assert.equal((await server.refusal(login(username, password))).status, 401);
  }
});

test("an unknown name costs as much work as a wrong password", async () => {
  await using server = await openLocalServer();
  await createLocalUser(server, "ada", "sesame");
  // CPU of all threads, which unlike the clock does not depend on what else the machine does.
  const cost = async (username: string): Promise<number> => {
    const before = process.cpuUsage();
    for (let i = 0; i < 5; i++) await server.logIn(username, "wrong");
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await cost("ada"); // the thread starts
  const [known, unknown] = [await cost("ada"), await cost("nobody")];
  assert.ok(unknown > known * 0.4 && unknown < known * 2.5, `known ${known} us, unknown ${unknown} us`);
});

test("names are unique, and a user has one pair of credentials", async () => {
  await using server = await openLocalServer();
  await createLocalUser(server, "ada", "sesame");
  const create = { controller: "security", action: "createCredentials", strategy: "local", _id: "ada" };
  assert.equal((await server.refusal({ ...create, body: { username: "lovelace", password: "x" } })).status, 412);
  await server.ask({
    controller: "security",
    action: "createUser",
    _id: "bob",
    body: { content: { profileIds: ["default"] } },
  });
  assert.equal((await server.refusal({ ...create, _id: "bob", body: { username: "ada", password: "x" } })).status, 412);
  for (const body of [
    { username: "bob" },
    { password: "x" },
    { username: "bob", password: "x", kuid: "ada" },
    { username: 3, password: "x" },
  ]) {
    assert.equal((await server.refusal({ ...create, _id: "bob", body })).status, 400);
  }
  const update = { controller: "security", action: "updateCredentials", strategy: "local" };
  assert.equal((await server.refusal({ ...update, _id: "ada", body: {} })).status, 400);
  assert.equal((await server.refusal({ ...update, _id: "bob", body: { password: "x" } })).status, 412);
});

test("credentials move with a new user name, and go with their user", async () => {
  await using server = await openLocalServer();
  await createLocalUser(server, "ada", "sesame");
  const body = { username: "lovelace", password: "opened" };
  const update = { controller: "security", action: "updateCredentials", strategy: "local", _id: "ada", body };
  assert.deepEqual(await server.ask(update), { username: "lovelace", kuid: "ada" });
  assert.equal(await server.logIn("ada", "sesame"), undefined);
  assert.ok(await server.logIn("lovelace", "opened"));
  assert.deepEqual(await server.credentials("ada"), {});
  await server.ask({ controller: "security", action: "deleteUser", _id: "ada" });
  assert.equal(await server.logIn("lovelace", "opened"), undefined);
  assert.deepEqual(await server.credentials("lovelace"), {});
});

test("passwords that older releases kept are accepted, and kept as argon2id from then on", async () => {
  await using server = await openLocalServer({ secret: "very-first-secret" });
  const userSalt = "a1b2c3";
  const records: Readonly<Record<string, JSONObject>> = {
    stretched: {
      userPassword: pbkdf2Sync("sesame", userSalt, 10_000, 512, "sha512").toString("hex"),
      userSalt,
      algorithm: "sha512",
      stretching: true,
      encryption: "hmac",
    },
    rsaName: {
      userPassword: pbkdf2Sync("sesame", userSalt, 10_000, 256, "sha256").toString("hex"),
      userSalt,
      algorithm: "RSA-SHA256",
      stretching: true,
    },
    keyed: {
      userPassword: createHmac("sha1", userSalt).update("sesame").digest("hex"),
      userSalt,
      algorithm: "sha1",
      encryption: "hmac",
    },
    salted: {
      userPassword: createHash("sha256").update(`${userSalt}:sesame`).digest("hex"),
      userSalt,
      algorithm: "sha256",
      encryption: "hash",
    },
    bare: {
      userPassword: createHash("sha256").update("sesame").digest("hex"),
      userSalt: "",
      algorithm: "sha256",
      encryption: "hash",
    },
    first: { userPassword: createHmac("sha512", "very-first-secret").update("sesame").digest("hex") },
  };
  for (const [name, record] of Object.entries(records)) {
    await server.ask({
      controller: "security",
      action: "createUser",
      _id: name,
      body: { content: { profileIds: ["default"] } },
    });
    await server.plant(name, { ...record, kuid: name });
    assert.equal(await server.logIn(name, "wrong"), undefined, name);
    assert.equal(
      (await server.credentials(name)).userPassword,
      record.userPassword,
      "a wrong password changes nothing",
    );
    assert.ok(await server.logIn(name, "sesame"), name);
    const { userPassword, userSalt: salt, algorithm } = await server.credentials(name);
    assert.match(String(userPassword), /^\$argon2id\$/);
    assert.deepEqual([salt, algorithm], [undefined, "argon2id"]);
    assert.ok(await server.logIn(name, "sesame"), `${name}, rewritten`);
  }
});

test("a record without a password, or with a broken one, lets nobody in", async () => {
  await using server = await openLocalServer();
  await server.ask({
    controller: "security",
    action: "createUser",
    _id: "eve",
    body: { content: { profileIds: ["default"] } },
  });
  for (const userPassword of ["", null, "$argon2id$broken", "$argon2id$v=19$m=19456,t=2,p=1$$", "00"]) {
    await server.plant("eve", { kuid: "eve", userPassword, algorithm: "sha512", encryption: "hmac" });
    for (const password of ["x", "null", "undefined"]) assert.equal(await server.logIn("eve", password), undefined);
  }
});

test("users are searched by name, and nothing hidden can be probed", async () => {
  await using server = await openLocalServer();
  for (const name of ["ada", "adam", "bob"]) await createLocalUser(server, name, "sesame");
  const search = { controller: "security", action: "searchUsersByCredentials", strategy: "local" };
  const found = await server.ask({
    ...search,
    body: { query: { prefix: { username: "ada" } }, sort: [{ username: "desc" }] },
  });
  assert.deepEqual(found, {
    hits: [
      { kuid: "adam", username: "adam" },
      { kuid: "ada", username: "ada" },
    ],
    total: 2,
  });
  const filtered = await server.ask({ ...search, lang: "koncorde", body: { query: { equals: { username: "bob" } } } });
  assert.equal(filtered.total, 1);
  const probes: readonly [JSONObject, number][] = [
    [{ query: { prefix: { userPassword: "$argon2id" } } }, 403],
    [{ query: { bool: { must: [{ term: { "passwordHistory.userPassword": "x" } }] } } }, 403],
    [{ query: { exists: { field: "userSalt" } } }, 403],
    [{ query: { term: { kuid: "ada" } } }, 403],
    [{ sort: [{ userPassword: "asc" }] }, 403],
    [{ query: { query_string: { query: "userPassword:*" } } }, 400],
    [{ query: { script: {} } }, 400],
    [{ query: { term: { shoeSize: 3 } } }, 400],
    [{ aggs: { all: { terms: { field: "userPassword" } } } }, 400],
    [{ _source: ["userPassword"] }, 400],
  ];
  for (const [body, status] of probes) {
    assert.equal((await server.refusal({ ...search, body })).status, status, JSON.stringify(body));
  }
});

test("a password that the first releases kept in the user moves into the plugin's storage at login", async () => {
  await using server = await openLocalServer({ secret: "very-first-secret" });
  const password = createHmac("sha512", "very-first-secret").update("sesame").digest("hex");
  const content = { profileIds: ["default"], password, name: "Ada" };
  await server.ask({ controller: "security", action: "createUser", _id: "ada", body: { content } });
  assert.equal(await server.logIn("ada", "wrong"), undefined);
  assert.equal(await server.logIn("-1", "sesame"), undefined);
  assert.ok(await server.logIn("ada", "sesame"));
  const { _source } = await server.ask({ controller: "security", action: "getUser", _id: "ada" });
  const { name, password: left } = _source as JSONObject;
  assert.deepEqual([name, left], ["Ada", null]);
  assert.match(String((await server.credentials("ada")).userPassword), /^\$argon2id\$/);
  assert.ok(await server.logIn("ada", "sesame"));
});
