/** Guessing passwords over HTTP: who fails too often waits, strangers lock nobody out, and an administrator lifts a wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startServer } from "../../testing/index.ts";
import { openTestSecurity, withAdmin } from "../../testing/security/test-security.ts";
import { httpText } from "../api/wire.ts";

test("logins of one address within a second are bounded for every strategy, those of this machine are not", async () => {
  await using server = await openTestSecurity({
    options: { loginsPerSecondPerAddress: 3 },
    clock: { now: () => 5_000_000_000 },
  });
  await withAdmin(server);
  const login = (ip: string) =>
    server.send(
      { controller: "auth", action: "login", strategy: "plain", body: { username: "root", password: "x" } },
      { ips: [ip] },
    );
  const statuses = async (ip: string): Promise<unknown[]> => {
    const answers: unknown[] = [];
    for (let i = 0; i < 5; i++) answers.push((await login(ip)).error?.status);
    return answers;
  };
  assert.deepEqual(await statuses("203.0.113.5"), [401, 401, 401, 429, 429]);
  assert.deepEqual(await statuses("203.0.113.6"), [401, 401, 401, 429, 429]);
  assert.deepEqual(await statuses("127.0.0.1"), [401, 401, 401, 401, 401]);
});

test("a wait is told, ends by itself, can be lifted, and the first administrator gets in meanwhile", async () => {
  await using server = await startServer({
    data: ":memory:",
    config: {
      "tenon.password.memoryKiB": 64,
      "tenon.password.passes": 1,
      "tenon.login.failures": 2,
      "tenon.login.failuresPerUser": 5,
      "tenon.login.firstWait": 300,
      "tenon.login.maxWait": 300,
      "tenon.login.perSecondPerUser": 0,
      "tenon.security.openUntilAdmin": true,
    },
  });
  const ask = async (path: string, body: JSONObject, from?: string, jwt?: string) => {
    const answer = await httpText(server, "POST", path, body, {
      ...(from === undefined ? {} : { "X-Forwarded-For": from }),
      ...(jwt === undefined ? {} : { Authorization: `Bearer ${jwt}` }),
    });
    return { ...answer, json: JSON.parse(answer.text) as { error: JSONObject | null; result: JSONObject } };
  };
  const logIn = (password: string, from?: string) => ask("/_login/local", { username: "root", password }, from);
  const credentials = { local: { username: "root", password: "sesame" } };
  await ask("/_createFirstAdmin?reset", { credentials });

  const failures = [await logIn("x", "6.6.6.6"), await logIn("x", "6.6.6.6"), await logIn("x", "6.6.6.6")];
  assert.deepEqual(
    failures.map(({ status, json }) => [status, json.error?.id]),
    [
      [401, "plugin.strategy.missing_user"],
      [401, "plugin.strategy.missing_user"],
      [429, "security.login.wait"],
    ],
  );
  assert.equal(failures[2]?.headers.get("retry-after"), "1");
  assert.equal((await logIn("sesame", "6.6.6.6")).status, 429, "the right password waits, too");
  for (let i = 0; i < 20; i++) await logIn("x", `7.7.${i}.1`);
  assert.equal((await logIn("sesame", "8.8.8.8")).status, 429, "the name waits");
  const local = await logIn("sesame");
  assert.equal(local.status, 200, "but not on the machine itself");

  const jwt = String(local.json.result.jwt);
  const lift = await ask("/_/password/waits/_lift", { username: "root" }, undefined, jwt);
  assert.ok(Number(lift.json.result.lifted) >= 1, lift.text);
  assert.equal((await logIn("sesame", "8.8.8.8")).status, 200);

  for (let i = 0; i < 3; i++) await logIn("x", "9.9.9.9");
  const deadline = Date.now() + 3_000;
  while ((await logIn("sesame", "9.9.9.9")).status !== 200) {
    assert.ok(Date.now() < deadline, "the wait did not end");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const refused = await ask("/_/password/waits/_lift", { username: "root" });
  assert.equal(refused.status, 401, "nobody lifts waits without the right to");
});
