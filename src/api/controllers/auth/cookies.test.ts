import assert from "node:assert/strict";
import { test } from "node:test";
import { errorIdOf, openTestSecurity, withUser } from "../../../../testing/security/test-security.ts";
import type { JSONObject } from "../../../kernel/index.ts";

const me = { controller: "auth", action: "getCurrentUser" };

test("cookies carry the token, and never next to another one", async () => {
  await using server = await openTestSecurity();
  await withUser(server);
  const body = { username: "ada", password: "pass" };
  const login = { controller: "auth", action: "login", strategy: "plain", body, cookieAuth: true };
  const answer = await server.send(login);
  const cookie = String(answer.response.getHeader("set-cookie"));
  assert.match(cookie, /^authToken=kauth-[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  assert.equal("jwt" in (answer.result as JSONObject), false);
  assert.deepEqual(answer.response.content().headers, {});
  const headers = { cookie: cookie.split(";")[0] };
  assert.equal((await server.ask(me, { headers }))._id, "ada");
  assert.equal(await errorIdOf(server, { ...me, jwt: "kauth-x" }, headers), "security.token.verification_error");
  // Login and checkToken by cookie do not stumble over a dead cookie.
  const dead = { cookie: "a=b; authToken=kauth-dead" };
  assert.equal(await errorIdOf(server, me, dead), "security.token.invalid");
  assert.equal((await server.ask(login, { headers: dead }))._id, "ada");
  const check = await server.ask({ controller: "auth", action: "checkToken", cookieAuth: true }, { headers: dead });
  assert.equal(check.valid, false);
  assert.equal((await server.ask(me, { headers: { cookie: "authToken=null" } }))._id, "-1");
});

test("X-Forwarded-Proto makes cookies Secure only from a peer that may be a proxy", async () => {
  await using server = await openTestSecurity({ options: { openUntilAdmin: true } });
  await withUser(server);
  const body = { username: "ada", password: "pass" };
  const login = { controller: "auth", action: "login", strategy: "plain", body, cookieAuth: true };
  for (const [peer, secure] of [
    ["10.0.0.7", true],
    ["::ffff:192.168.1.2", true],
    ["203.0.113.7", false],
  ] as const) {
    const answer = await server.send(login, { headers: { "x-forwarded-proto": "https" }, ips: [peer] });
    const cookie = String(answer.response.getHeader("set-cookie"));
    assert.equal(cookie.includes("; Secure;"), secure, `${peer}: ${cookie}`);
  }
});

test("a logout by cookie revokes its token, clears it, and is never refused", async () => {
  await using server = await openTestSecurity();
  const { jwt } = await withUser(server);
  const logout = { controller: "auth", action: "logout", cookieAuth: true };
  for (const cookie of [`authToken=${jwt}`, `authToken=${jwt}`, "authToken=kauth-dead", "other=1"]) {
    const answer = await server.send(logout, { headers: { cookie } });
    assert.deepEqual(answer.result, { acknowledged: true });
    assert.equal(String(answer.response.getHeader("set-cookie")), "authToken=null; Path=/; HttpOnly; SameSite=Strict");
    assert.equal(await errorIdOf(server, { ...me, jwt }), "security.token.invalid");
  }
});

test("without cookie authentication both the flag and the cookie are refused", async () => {
  await using server = await openTestSecurity({ options: { cookieAuthentication: false } });
  await withUser(server);
  assert.equal(await errorIdOf(server, { ...me, cookieAuth: true }), "security.cookie.unsupported");
  assert.equal(await errorIdOf(server, me, { cookie: "authToken=kauth-x" }), "security.cookie.unsupported");
  assert.equal((await server.ask(me, { headers: { cookie: "other=1" } }))._id, "-1");
});
