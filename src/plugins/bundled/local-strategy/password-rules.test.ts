import assert from "node:assert/strict";
import { test } from "node:test";
import { createLocalUser, login, openLocalServer } from "../../../../testing/security/local-strategy.ts";
import { localStrategyName } from "./index.ts";

const id = (name: string): string => `plugin.${localStrategyName}.${name}`;

test("users who change their own credentials prove the present ones, administrators need not", async () => {
  await using server = await openLocalServer({ requirePassword: true });
  await createLocalUser(server, "ada", "sesame");
  const jwt = await server.logIn("ada", "sesame");
  const update = { controller: "auth", action: "updateMyCredentials", strategy: "local", jwt };
  assert.equal((await server.refusal({ ...update, body: { password: "opened" } })).status, 400);
  assert.equal((await server.refusal({ ...update, body: { password: "opened", currentPassword: "no" } })).status, 403);
  await server.ask({ ...update, body: { password: "opened", currentPassword: "sesame" } });
  const remove = { controller: "auth", action: "deleteMyCredentials", strategy: "local", jwt };
  assert.equal((await server.refusal(remove)).status, 400);
  await server.ask({
    controller: "security",
    action: "updateCredentials",
    strategy: "local",
    _id: "ada",
    body: { password: "again" },
  });
  await server.ask({ ...remove, body: { currentPassword: "again" } });
  assert.equal(await server.logIn("ada", "again"), undefined);
});

test("policies refuse weak, revealing and used passwords", async () => {
  const policies = [
    { appliesTo: "*", forbidLoginInPassword: true, passwordRegex: "/^.{6,}$/i" },
    { appliesTo: { profiles: ["default"] }, forbidReusedPasswordCount: 2 },
    { appliesTo: { roles: ["ghost"] }, passwordRegex: "^never$" },
  ];
  await using server = await openLocalServer({ passwordPolicies: policies });
  await createLocalUser(server, "ada", "sesame-1");
  const update = { controller: "security", action: "updateCredentials", strategy: "local", _id: "ada" };
  const change = async (password: string): Promise<unknown> =>
    (await server.send({ ...update, body: { password } })).error?.toJSON().id ?? "accepted";
  assert.equal(await change("short"), id("weak_password"));
  assert.equal(await change("my-ADA-password"), id("login_in_password"));
  assert.equal(await change("sesame-1"), id("reused_password"));
  assert.equal(await change("sesame-2"), "accepted");
  assert.equal(await change("sesame-1"), id("reused_password"));
  assert.equal(await change("sesame-3"), "accepted");
  assert.equal(await change("sesame-1"), "accepted");
});

test("an expired password, and one that an administrator has set, must be changed with the reset token of the refusal", async () => {
  const policies = [{ appliesTo: "*", mustChangePasswordIfSetByAdmin: true, expiresAfter: "30d" }];
  await using server = await openLocalServer({ passwordPolicies: policies });
  const credentials = { local: { username: "root", password: "rootpass" } };
  await server.ask({ controller: "security", action: "createFirstAdmin", _id: "root", body: { credentials } });
  const admin = await server.logIn("root", "rootpass");
  assert.ok(admin, "administrators are exempt");
  const role = { controllers: { auth: { actions: { "*": true } } } };
  await server.ask({ controller: "security", action: "createOrReplaceRole", _id: "default", body: role, jwt: admin });
  const body = {
    content: { profileIds: ["default"] },
    credentials: { local: { username: "ada", password: "sesame" } },
  };
  await server.ask({ controller: "security", action: "createUser", _id: "ada", body, jwt: admin });
  const refusal = await server.refusal(login("ada", "sesame"));
  assert.deepEqual([refusal.status, refusal.id], [401, id("must_change_password")]);
  const token = refusal.resetToken;
  const reset = { controller: `${localStrategyName}/password`, action: "reset" };
  const session = await server.ask({ ...reset, body: { password: "opened", token } });
  assert.deepEqual([session._id, typeof session.jwt], ["ada", "string"]);
  assert.ok(await server.logIn("ada", "opened"));
  assert.equal(
    (await server.refusal({ ...reset, body: { password: "again", token } })).id,
    id("invalid_token"),
    "once only",
  );
  await server.plant("ada", { ...(await server.credentials("ada")), updatedAt: Date.now() - 31 * 86_400_000 });
  assert.equal((await server.refusal(login("ada", "opened"))).id, id("expired_password"));
});

test("reset tokens cannot be forged, end in time, and are for users with a password", async () => {
  await using server = await openLocalServer({ resetPasswordExpiresIn: 30 });
  await createLocalUser(server, "ada", "sesame");
  await createLocalUser(server, "bob", "sesame");
  const ask = { controller: `${localStrategyName}/password`, action: "getResetPasswordToken" };
  assert.equal((await server.refusal({ ...ask, _id: "nobody" })).status, 400);
  const { resetToken } = await server.ask({ ...ask, _id: "ada" });
  const reset = { controller: `${localStrategyName}/password`, action: "reset" };
  const [claims = "", signature = ""] = String(resetToken).split(".");
  const other = Buffer.from(JSON.stringify({ kuid: "bob", expiresAt: -1 })).toString("base64url");
  for (const token of [
    `${other}.${signature}`,
    `${claims}.`,
    claims,
    "",
    "a.b.c",
    `${claims}.${signature}x`.slice(0, -3),
  ]) {
    assert.equal((await server.refusal({ ...reset, body: { password: "x", token } })).id, id("invalid_token"));
  }
  const deadline = Date.now() + 30;
  while (Date.now() <= deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(
    (await server.refusal({ ...reset, body: { password: "x", token: resetToken } })).id,
    id("expired_token"),
  );
});

test("the password controller is served under both prefixes", async () => {
  await using server = await openLocalServer();
  const own = server.actions.routes().filter(({ controller }) => controller === `${localStrategyName}/password`);
  assert.deepEqual(own.map(({ verb, path }) => `${verb} ${path}`).sort(), [
    "GET /_/password/resetToken/:_id",
    "GET /_/password/waits",
    `GET /_plugin/${localStrategyName}/password/resetToken/:_id`,
    `GET /_plugin/${localStrategyName}/password/waits`,
    "POST /_/password/reset",
    "POST /_/password/waits/_lift",
    `POST /_plugin/${localStrategyName}/password/reset`,
    `POST /_plugin/${localStrategyName}/password/waits/_lift`,
  ]);
});
