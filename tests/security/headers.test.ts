/** What browsers and caches are told: headers of answers, and attributes of cookies. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../../testing/index.ts";

const password = "correct horse";
let server: TestServer;
let always: TestServer;
let token = "";

const start = (config: Record<string, unknown> = {}): Promise<TestServer> =>
  startServer({
    data: ":memory:",
    config: { "limits.loginsPerSecond": 1_000, "tenon.login.perSecondPerUser": 0, ...config },
    prepare: (backend) => {
      backend.controller.register("pages", {
        actions: {
          mine: {
            handler: async (request) => {
              request.response.setHeader("Cache-Control", "max-age=60");
              request.response.setHeader("X-Content-Type-Options", "its own");
              return "mine";
            },
          },
        },
      });
      backend.pipe.register("auth:afterGetMyRights", async (request) => {
        request.response.setHeader("cache-control", "private");
        return request;
      });
    },
  });

const post = (path: string, body: object, headers: Record<string, string> = {}, to = server): Promise<Response> =>
  fetch(`${to.url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const adaLogsIn = (headers: Record<string, string>, to = server): Promise<Response> =>
  post("/_login/local?cookieAuth", { username: "ada", password }, headers, to);

before(async () => {
  [server, always] = await Promise.all([start(), start({ "tenon.security.secureCookies": true })]);
  for (const one of [server, always]) {
    const credentials = { local: { username: "ada", password } };
    const created = await post("/users/ada/_create", { content: { profileIds: ["default"] }, credentials }, {}, one);
    assert.equal(created.status, 200, await created.text());
  }
  const login = await post("/_login/local", { username: "ada", password });
  token = ((await login.json()) as { result: { jwt: string } }).result.jwt;
});

after(async () => {
  await server?.close();
  await always?.close();
});

const headersOf = async (answer: Promise<Response>): Promise<readonly [string | null, string | null]> => {
  const { headers } = await answer;
  return [headers.get("x-content-type-options"), headers.get("cache-control")];
};

test("no answer is guessed the type of, whatever it answers", async () => {
  for (const [path, init] of [
    ["/_now", {}],
    ["/_healthcheck", {}],
    ["/_ready", {}],
    ["/metrics", {}],
    ["/no/such/route", {}],
    ["/", { method: "HEAD" }],
    ["/_now", { method: "OPTIONS" }],
    ["/library/books/_create", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{" }],
    ["/_now", { headers: { "Content-Type": "image/png" } }],
  ] as const) {
    const answer = await fetch(`${server.url}${path}`, init);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", `${path}: ${answer.status}`);
    assert.equal(answer.headers.get("cache-control"), null, `${path}: ${answer.status}`);
  }
});

test("nor what is refused before it is a request", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.end("no HTTP\r\n\r\n");
  let answer = "";
  for await (const part of socket) answer += String(part);
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /\r\nX-Content-Type-Options: nosniff\r\n/);
});

/** Two answers of the bundled plugin that hold a token; this is the second. */
async function resetByToken(): Promise<Response> {
  const told = await fetch(`${server.url}/_/password/resetToken/ada`);
  const { result } = (await told.json()) as { result: { resetToken: string } };
  const answer = await post("/_/password/reset", { password, token: result.resetToken });
  assert.equal(answer.status, 200);
  return answer;
}

test("no cache keeps answers of auth and security, of whichever route and result", async () => {
  const bearer = { Authorization: `Bearer ${token}` };
  for (const answer of [
    post("/_login/local", { username: "ada", password }),
    post("/_login/local", { username: "nobody", password: "-" }),
    post("/_query", { controller: "auth", action: "createToken", jwt: token }),
    fetch(`${server.url}/_me`, { headers: bearer }),
    post("/api-keys/_create", { description: "a key" }, bearer),
    fetch(`${server.url}/users/ada`),
    fetch(`${server.url}/users/nobody`),
    fetch(`${server.url}/credentials/local/ada`),
    fetch(`${server.url}/_/password/resetToken/ada`),
    resetByToken(),
  ]) {
    const { status, url } = await answer;
    const [, caching] = await headersOf(answer);
    assert.equal(caching, "no-store", `${url}: ${status}`);
  }
});

test("what an action or a pipe says itself counts", async () => {
  assert.deepEqual(await headersOf(fetch(`${server.url}/_/pages/mine`)), ["its own", "max-age=60"]);
  const rights = fetch(`${server.url}/users/_me/_rights`, { headers: { Authorization: `Bearer ${token}` } });
  assert.deepEqual([(await rights).status, await headersOf(rights)], [200, ["nosniff", "private"]]);
});

test("the cookie of a login is Secure when a proxy says that it came by TLS", async () => {
  const isSecure = (answer: Response): boolean => {
    const [cookie = ""] = answer.headers.getSetCookie();
    assert.match(cookie, /^authToken=[^;]+; Path=\/;.* HttpOnly; .*SameSite=Strict/, `${answer.status}`);
    return /; Secure(;|$)/.test(cookie);
  };
  for (const [told, secure] of [
    [undefined, false],
    ["http", false],
    ["https", true],
    ["HTTPS", true],
    ["https, http", true],
    ["http, https", false],
    ["httpsx", false],
  ] as const) {
    const headers: Record<string, string> = told === undefined ? {} : { "X-Forwarded-Proto": told };
    assert.equal(isSecure(await adaLogsIn(headers)), secure, String(told));
    assert.equal(isSecure(await post("/_logout?cookieAuth", {}, headers)), secure, `logout, ${told}`);
  }
  assert.equal(isSecure(await adaLogsIn({}, always)), true, "tenon.security.secureCookies");
  assert.equal(isSecure(await post("/_logout?cookieAuth", {}, {}, always)), true);
});
