import assert from "node:assert/strict";
import { test } from "node:test";
import { errorIdOf, openTestSecurity, plainStrategy, withUser } from "../../../../testing/security/test-security.ts";

test("wrong credentials are refused with the words of the strategy, and a strategy must exist", async () => {
  await using server = await openTestSecurity();
  await withUser(server);
  const login = { controller: "auth", action: "login", strategy: "plain" };
  const { error } = await server.send({ ...login, body: { username: "ada", password: "no" } });
  assert.deepEqual(
    [error?.id, error?.status, error?.message],
    ["plugin.strategy.missing_user", 401, "wrong username or password"],
  );
  assert.equal(await errorIdOf(server, login), "plugin.strategy.missing_user");
  assert.equal(await errorIdOf(server, { ...login, strategy: "ghost" }), "security.credentials.unknown_strategy");
  assert.equal(await errorIdOf(server, { ...login, strategy: "__proto__" }), "security.credentials.unknown_strategy");
  assert.equal(await errorIdOf(server, { controller: "auth", action: "login" }), "api.assert.missing_argument");
});

test("a strategy may answer a redirect instead of a user", async () => {
  await using server = await openTestSecurity();
  class Redirecting {
    redirect?: (url: string) => void;
    authenticate(): void {
      this.redirect?.("https://provider.example/authorize?x=1");
    }
  }
  await server.security.strategies.register({ ...plainStrategy("oauth"), authenticator: Redirecting });
  const answer = await server.send({ controller: "auth", action: "login", strategy: "oauth" });
  assert.equal(answer.status, 302);
  assert.deepEqual(answer.result, { statusCode: 302, headers: { Location: "https://provider.example/authorize?x=1" } });
  assert.equal(answer.response.getHeader("location"), "https://provider.example/authorize?x=1");
});

test("a strategy that answers nonsense is named as the one at fault", async () => {
  await using server = await openTestSecurity();
  const answers: readonly [unknown, string][] = [
    ["text", "plugin.strategy.invalid_verify_return"],
    [Promise.resolve("text"), "plugin.strategy.invalid_verify_resolve"],
    [Promise.resolve(null), "plugin.strategy.invalid_verify_resolve"],
    [Promise.resolve({ kuid: 3 }), "plugin.strategy.invalid_kuid"],
    [Promise.resolve({ kuid: "nobody" }), "plugin.strategy.unknown_kuid"],
    [Promise.resolve({ kuid: "anonymous" }), "plugin.strategy.unknown_kuid"],
    [Promise.resolve({ kuid: "-1" }), "plugin.strategy.unknown_kuid"],
    [Promise.resolve(false), "plugin.strategy.missing_user"],
  ];
  for (const [answer, id] of answers) {
    const strategy = plainStrategy("odd");
    await server.security.strategies.register({ ...strategy, methods: { ...strategy.methods, verify: () => answer } });
    const login = { controller: "auth", action: "login", strategy: "odd", body: { username: "a", password: "b" } };
    assert.equal(await errorIdOf(server, login), id);
  }
});

test("a pipe on auth:strategyAuthenticated may stop the login half way", async () => {
  await using server = await openTestSecurity();
  await withUser(server);
  const run = () => ({ strategy: "plain", content: { statusCode: 202, headers: { "x-step": "second-factor" } } });
  server.events.registerPipe({
    owner: "2fa",
    event: "auth:strategyAuthenticated",
    order: 0,
    warnMs: 0,
    deadlineMs: 0,
    run,
  });
  const login = { controller: "auth", action: "login", strategy: "plain", body: { username: "ada", password: "pass" } };
  const answer = await server.send(login);
  assert.deepEqual([answer.status, answer.result], [202, { statusCode: 202, headers: { "x-step": "second-factor" } }]);
});
