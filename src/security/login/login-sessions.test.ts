import assert from "node:assert/strict";
import { test } from "node:test";
import { errorIdOf, openTestSecurity, plainStrategy } from "../../../testing/security/test-security.ts";
import type { AuthenticatorClass, StrategyDefinition } from "../../events/index.ts";
import { type JSONObject, type KuzzleRequest, KuzzleRequest as Request } from "../../kernel/index.ts";
import { LoginSessions, loginCookieName } from "./login-sessions.ts";

const clockAt = (start: number) => {
  const clock = { now: () => clock.at, at: start };
  return clock as typeof clock & ConstructorParameters<typeof LoginSessions>[1];
};
const secret = "the secret of all nodes";

const requestWith = (cookie?: string): KuzzleRequest =>
  new Request({}, { connection: { id: "c", headers: cookie === undefined ? {} : { cookie: `a=b; ${cookie}; c=d` } } });

/** The cookie that a strategy's session makes, as a browser sends it back. */
function cookieOf(sessions: LoginSessions, strategy: string, content: JSONObject): string {
  const request = requestWith();
  const session = sessions.open(strategy, request);
  Object.assign(session.content, content);
  sessions.save(strategy, session, request);
  const [cookie = ""] = String(request.response.getHeader("set-cookie")).split(";");
  return cookie;
}

test("a session comes back to its strategy, on any node of the secret, and only for ten minutes", () => {
  const clock = clockAt(1_000);
  const cookie = cookieOf(new LoginSessions(() => [secret], clock), "oauth", { state: "s", nested: { nonce: 1 } });
  assert.ok(!Buffer.from(cookie.split("=")[1] ?? "", "base64url").includes("nonce"), "nobody reads it");
  const elsewhere = new LoginSessions(() => [secret], clock);
  assert.deepEqual(elsewhere.open("oauth", requestWith(cookie)).content, { state: "s", nested: { nonce: 1 } });
  assert.deepEqual(elsewhere.open("oidc", requestWith(cookie)).content, {}, "another strategy");
  assert.deepEqual(new LoginSessions(() => ["another"], clock).open("oauth", requestWith(cookie)).content, {});
  // A secret that was exchanged meanwhile still opens what it has sealed.
  const rotated = new LoginSessions(() => ["another", secret], clock);
  assert.equal(rotated.open("oauth", requestWith(cookie)).content.state, "s");
  clock.at += 599_999;
  assert.deepEqual(elsewhere.open("oauth", requestWith(cookie)).content.state, "s");
  clock.at += 1;
  assert.deepEqual(elsewhere.open("oauth", requestWith(cookie)).content, {}, "too old");
});

test("its cookie is Secure behind TLS, or when all cookies are", () => {
  const cookieFor = (headers: JSONObject, secureCookies?: boolean): string => {
    const request = new Request({}, { connection: { id: "c", ips: ["10.0.0.1"], headers } });
    const sessions = new LoginSessions(() => [secret], clockAt(0), secureCookies);
    sessions.save("oauth", { content: { state: "s" }, before: "{}" }, request);
    return String(request.response.getHeader("set-cookie"));
  };
  assert.match(cookieFor({ "x-forwarded-proto": "https" }), /; HttpOnly; Secure; SameSite=Lax$/);
  assert.match(cookieFor({}, true), /; HttpOnly; Secure; SameSite=Lax$/);
  assert.match(cookieFor({ "x-forwarded-proto": "http" }), /; HttpOnly; SameSite=Lax$/);
});

test("what is no session of ours is none", () => {
  const sessions = new LoginSessions(() => [secret], clockAt(0));
  const cookie = cookieOf(sessions, "oauth", { state: "s" });
  for (const value of ["", "A", "AAAA", "A".repeat(40), "A".repeat(100_000), "%00", "{}", `${cookie}AAAA`]) {
    assert.deepEqual(sessions.open("oauth", requestWith(`${loginCookieName}=${value}`)).content, {}, value.slice(0, 9));
  }
  for (let at = loginCookieName.length + 1; at < cookie.length - 1; at++) {
    const altered = `${cookie.slice(0, at)}${cookie[at] === "A" ? "B" : "A"}${cookie.slice(at + 1)}`;
    assert.deepEqual(sessions.open("oauth", requestWith(altered)).content, {}, String(at));
  }
  const odd = new Request({}, { connection: { id: "c", headers: { cookie: 3 } } });
  assert.deepEqual(sessions.open("oauth", odd).content, {});
});

test("a cookie is sent only when a strategy has changed its session, and taken back when it has emptied it", () => {
  const sessions = new LoginSessions(() => [secret], clockAt(0));
  const cookie = cookieOf(sessions, "oauth", { state: "s" });
  const sent = (change: (content: JSONObject) => void): unknown => {
    const request = requestWith(cookie);
    const session = sessions.open("oauth", request);
    change(session.content);
    sessions.save("oauth", session, request);
    return request.response.getHeader("set-cookie");
  };
  assert.equal(
    sent(() => {}),
    undefined,
  );
  const gone = sent((content) => {
    delete content.state;
  });
  assert.deepEqual(String(gone), `${loginCookieName}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`);
  assert.throws(() => cookieOf(sessions, "oauth", { all: "x".repeat(4_000) }), {
    id: "plugin.runtime.unexpected_error",
  });
});

const withAuthenticator = (authenticator: AuthenticatorClass): StrategyDefinition => ({
  ...plainStrategy("odd"),
  authenticator,
});
const login = { controller: "auth", action: "login", strategy: "odd" };

test("an asynchronous strategy that rejects fails at once, and one that never answers at its deadline", async () => {
  await using server = await openTestSecurity({ options: { loginTimeoutMs: 50 } });
  class Rejecting {
    async authenticate(): Promise<void> {
      throw new Error("no provider");
    }
  }
  await server.security.strategies.register(withAuthenticator(Rejecting));
  assert.equal(await errorIdOf(server, login), "plugin.runtime.unexpected_error");
  class Silent {
    authenticate(): void {}
  }
  await server.security.strategies.register(withAuthenticator(Silent));
  assert.equal(await errorIdOf(server, login), "plugin.strategy.timeout");
});

test("a strategy sees by its verify function how many arguments the plugin wants, and a request like those of web frameworks", async () => {
  await using server = await openTestSecurity();
  const seen: unknown[] = [];
  class Counting {
    constructor(_options: JSONObject, verify: (...args: unknown[]) => void) {
      seen.push(verify.length);
    }
    fail?: (words: unknown) => void;
    authenticate(request: JSONObject & { get(name: string): unknown; connection: object; session: object }): void {
      seen.push(request.get("Host"), request.connection, request.session, request.url, request.originalUrl);
      this.fail?.(new Error("words of an error"));
    }
  }
  const strategy = withAuthenticator(Counting as unknown as AuthenticatorClass);
  const verify = async (_request: unknown, _issuer: unknown, _profile: unknown): Promise<false> => false;
  await server.security.strategies.register({ ...strategy, methods: { ...strategy.methods, verify } });
  const { error } = await server.send(login, { headers: { host: "tenon.example" } });
  assert.equal(error?.message, "words of an error");
  assert.deepEqual(seen, [4, "tenon.example", { encrypted: false }, {}, "/login?strategy=odd", "/login?strategy=odd"]);
});
