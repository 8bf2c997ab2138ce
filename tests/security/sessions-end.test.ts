/** What is left of a live connection when its token, its user or its rights go, and how often a user may ask. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { http, Line, until } from "../api/wire.ts";
import { type GuardedServer, openGuarded } from "./guarded-server.ts";

let guarded: GuardedServer;
let witness: Line;
let root: string;

const place = { index: "mine", collection: "books" } as const;
const subscribe = { controller: "realtime", action: "subscribe", ...place, body: {} };

before(async () => {
  guarded = await openGuarded();
  witness = await Line.open(guarded.server);
  root = await guarded.tokenOf("root");
  await witness.result({ ...subscribe, jwt: root });
});

after(async () => {
  await witness?.[Symbol.asyncDispose]();
  await guarded?.[Symbol.asyncDispose]();
});

/** Publishes, and waits until the witness has heard: whoever else hears has heard it by then, or the ping after it. */
async function hears(line: Line): Promise<boolean> {
  witness.notifications.splice(0);
  line.notifications.splice(0);
  await guarded.privileged({ controller: "realtime", action: "publish", ...place, body: { news: true } });
  await witness.take(1);
  await line.ask({ controller: "server", action: "publicApi" });
  return line.notifications.some(({ action }) => action === "publish");
}

const ends: Readonly<Record<string, (jwt: string, kuid: string) => Promise<unknown>>> = {
  "its user logs out over HTTP": (jwt) =>
    http(guarded.server, "POST", "/_logout", undefined, { authorization: `Bearer ${jwt}` }),
  "its user logs out everywhere with another token": async (_, kuid) =>
    http(guarded.server, "POST", "/_logout?global=true", undefined, {
      authorization: `Bearer ${await guarded.tokenOf(kuid)}`,
    }),
  "an administrator revokes the user's tokens": (_, kuid) =>
    guarded.privileged({ controller: "security", action: "revokeTokens", _id: kuid }),
  "the user is deleted": (_, kuid) => guarded.privileged({ controller: "security", action: "deleteUser", _id: kuid }),
};

let count = 0;
async function newUser(profile = "people"): Promise<{ kuid: string; jwt: string }> {
  const kuid = `user-${++count}`;
  const credentials = { local: { username: kuid, password: "a long password" } };
  const body = { content: { profileIds: [profile] }, credentials };
  await guarded.privileged({ controller: "security", action: "createUser", _id: kuid, body });
  return { kuid, jwt: await guarded.tokenOf(kuid) };
}

for (const [what, end] of Object.entries(ends)) {
  test(`a subscription ends at once when ${what}`, async () => {
    const { kuid, jwt } = await newUser();
    await using line = await Line.open(guarded.server);
    await line.result({ ...subscribe, jwt });
    assert.equal(await hears(line), true);
    await end(jwt, kuid);
    assert.equal(await hears(line), false);
    assert.deepEqual(await line.refusal({ ...subscribe, jwt }), { id: "security.token.invalid", status: 401 });
    assert.ok(line.isOpen);
  });
}

test("a subscription ends at once when the API key that made it is deleted", async () => {
  const { jwt } = await newUser();
  await using line = await Line.open(guarded.server);
  const create = { controller: "auth", action: "createApiKey", body: { description: "a device" }, jwt };
  const key = await line.result<{ _id: string; _source: { token: string } }>(create);
  await using device = await Line.open(guarded.server);
  await device.result({ ...subscribe, jwt: key._source.token });
  assert.equal(await hears(device), true);
  await line.result({ controller: "auth", action: "deleteApiKey", _id: key._id, jwt });
  assert.equal(await hears(device), false);
});

test("at the end of its token a connection is told so, and hears nothing more", async () => {
  const { kuid } = await newUser();
  const body = { username: kuid, password: "a long password" };
  const login = { controller: "auth", action: "login", strategy: "local", body, expiresIn: "300ms" };
  const { jwt } = await guarded.privileged(login);
  await using line = await Line.open(guarded.server);
  await line.result({ ...subscribe, jwt });
  await until(() => line.notifications.some(({ type }) => type === "TokenExpired"), "the notice");
  assert.equal(await hears(line), false);
});

test("the rate limit of a user counts its requests over all protocols together", async () => {
  const policies = [{ roleId: "person" }];
  await guarded.privileged({
    controller: "security",
    action: "createProfile",
    _id: "slow",
    body: { policies, rateLimit: 5 },
  });
  const { jwt } = await newUser("slow");
  await using line = await Line.open(guarded.server);
  await using second = await Line.open(guarded.server);
  const me: JSONObject = { controller: "auth", action: "getCurrentUser", jwt };
  const headers = { authorization: `Bearer ${jwt}` };
  const startedAt = Math.floor(Date.now() / 1_000);
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => [
      (await line.ask(me)).status,
      (await second.ask(me)).status,
      (await http(guarded.server, "GET", "/_me", undefined, headers)).status,
    ]),
  );
  const seconds = Math.floor(Date.now() / 1_000) - startedAt + 1;
  const allowed = statuses.flat().filter((status) => status === 200).length;
  assert.ok(allowed >= 5 && allowed <= 5 * seconds, `${allowed} in ${seconds} s`);
  assert.deepEqual([...new Set(statuses.flat())].sort(), [200, 429]);
  assert.equal((await witness.ask({ ...me, jwt: root })).status, 200, "others are not slowed");
  const logout = await http(guarded.server, "POST", "/_logout", undefined, headers);
  assert.equal(logout.status, 200, "leaving is never limited");
});
