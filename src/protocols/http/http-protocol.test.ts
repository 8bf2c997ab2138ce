import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fetchJson, type JsonAnswer } from "../../../testing/protocols/fetch-json.ts";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";
import type { ActionRoute } from "../../api/index.ts";
import { type KuzzleRequest, kerror } from "../../kernel/index.ts";

const seen: KuzzleRequest[] = [];

const echo = (request: KuzzleRequest): unknown => {
  seen.push(request);
  const { args, body, jwt, volatile } = request.input;
  return { args, body, jwt, volatile };
};

const routes: ActionRoute[] = [
  { verb: "GET", path: "/_now", controller: "server", action: "now" },
  { verb: "GET", path: "/_echo", controller: "test", action: "echo" },
  { verb: "POST", path: "/_echo", controller: "test", action: "echo" },
  { verb: "GET", path: "/:index/:collection", controller: "test", action: "echo" },
  { verb: "HEAD", path: "/_/head", controller: "test", action: "echo" },
  { verb: "GET", path: "/_fail", controller: "test", action: "fail" },
  { verb: "GET", path: "/_slow", controller: "test", action: "slow" },
];

let server: TestServer;
let finishSlow = (): void => {};

before(async () => {
  const entryPoint = new TableEntryPoint(
    {
      "server:now": () => ({ now: Date.now() }),
      "test:echo": echo,
      "test:fail": () => {
        throw kerror("services.storage.not_found", "42", "lib", "books");
      },
      "test:slow": () =>
        new Promise((resolve) => {
          finishSlow = () => resolve("done");
        }),
    },
    routes,
  );
  server = await startTestServer({ entryPoint });
});
after(() => server.stop());

const get = (path: string, init?: RequestInit): Promise<JsonAnswer> => fetchJson(server.url + path, init);

test("a route answers the envelope with the headers of the contract, and keeps the connection", async () => {
  const { status, headers, json } = await get("/_now", { headers: { Origin: "http://a.example" } });
  assert.equal(status, 200);
  assert.equal(typeof json.result.now, "number");
  assert.equal(json.requestId, headers.get("x-kuzzle-request-id"));
  assert.equal(json.node, headers.get("x-kuzzle-node"));
  assert.equal(headers.get("content-type"), "application/json");
  assert.equal(headers.get("accept-encoding"), "gzip,deflate,identity");
  assert.equal(headers.get("access-control-allow-methods"), "GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD");
  assert.equal(headers.get("access-control-allow-credentials"), "true");
  assert.equal(headers.get("access-control-allow-origin"), "http://a.example");
  assert.equal(headers.get("vary"), "Origin");
  assert.equal(headers.get("connection"), "keep-alive");
  assert.equal("room" in json, false);
});

test("without an origin there is no Access-Control-Allow-Origin", async () => {
  const { headers } = await get("/_now");
  assert.equal(headers.get("access-control-allow-origin"), null);
  assert.equal(headers.get("vary"), null);
});

test("the query string gives arguments, the path wins over it, and neither can change the action", async () => {
  const { json } = await get(
    "/lib/books?index=no&a=1+2&b&c=1&c=2&controller=server&action=now&__proto__=x&requestId=y",
  );
  assert.equal(json.action, "echo");
  const { requestId, ...args } = json.result.args;
  assert.deepEqual(args, { index: "lib", collection: "books", a: "1 2", b: "", c: ["1", "2"] });
  assert.equal(requestId, json.requestId);
  assert.notEqual(requestId, "y");
});

test("the token comes from the Authorization header, else from the query string", async () => {
  const header = { headers: { Authorization: "bEARER abc" } };
  assert.equal((await get("/_echo?jwt=q", header)).json.result.jwt, "abc");
  assert.equal((await get("/_echo?jwt=q")).json.result.jwt, "q");
  assert.equal((await get("/_echo", { headers: { Authorization: "Basic abc" } })).json.result.jwt, null);
});

test("volatile and request id come from their headers", async () => {
  const { json, headers } = await get("/_echo", {
    headers: { "X-Kuzzle-Volatile": '{"a":1}', "X-Kuzzle-Request-Id": "mine" },
  });
  assert.deepEqual(json.volatile, { a: 1 });
  assert.equal(json.requestId, "mine");
  assert.equal(headers.get("x-kuzzle-request-id"), "mine");
  for (const volatile of ["{", "[1]", "null", "3"]) {
    const { status, json } = await get("/_echo", { headers: { "X-Kuzzle-Volatile": volatile } });
    assert.equal(status, 400);
    assert.equal(json.error.id, "network.http.volatile_parse_failed");
  }
});

test("a body or volatile in the query string is no object, and refused", async () => {
  for (const query of ["body=x", "volatile=x"]) {
    const { status, json } = await get(`/_echo?${query}`);
    assert.equal(status, 400, query);
    assert.equal(json.status, 400);
    assert.equal(json.controller, "test");
  }
});

test("an unknown path, a broken path and an unknown verb are answered with the envelope", async () => {
  const unknown = await get("/_no/such/thing/here");
  assert.equal(unknown.status, 404);
  assert.equal(unknown.json.error.id, "network.http.url_not_found");
  assert.equal(unknown.json.controller, null);
  assert.equal(unknown.json.error.stack, undefined);
  assert.equal((await get("/%zz/x")).json.error.id, "network.http.unexpected_error");
  const verb = await get("/_now", { method: "PROPFIND" });
  assert.equal(verb.status, 400);
  assert.equal(verb.json.error.id, "network.http.unsupported_verb");
});

test("an error of the action has its status, id, code and props", async () => {
  const { status, json } = await get("/_fail");
  assert.equal(status, 404);
  assert.deepEqual(json.error.props, ["42", "lib", "books"]);
  assert.equal(json.error.id, "services.storage.not_found");
  assert.equal(typeof json.error.code, "number");
  assert.equal(json.error.stack, undefined);
  assert.equal(json.result, null);
});

test("_query runs any action of the body, with the header's token unless it brings its own", async () => {
  const ask = (payload: unknown) =>
    get("/_query", {
      method: "POST",
      body: JSON.stringify(payload),
      headers: { "Content-Type": "application/json", Authorization: "Bearer abc" },
    });
  const payload = { controller: "test", action: "echo", requestId: "other", body: { a: 1 }, x: 3 };
  const { json } = await ask(payload);
  assert.deepEqual(json.result.body, { a: 1 });
  assert.equal(json.result.args.x, 3);
  assert.equal(json.result.jwt, "abc");
  assert.notEqual(json.requestId, "other");
  assert.equal((await ask({ ...payload, jwt: "own" })).json.result.jwt, "own");
  assert.equal((await ask({ ...payload, jwt: null })).json.result.jwt, "abc");
  assert.equal((await ask({})).json.error.id, "api.assert.missing_argument");
  assert.equal((await ask([1])).status, 400);
  assert.equal((await ask({ ...payload, controller: 3 })).status, 400);
  const without = await get("/_query", { method: "POST" });
  assert.equal(without.json.error.id, "network.http.unexpected_error");
});

test("the request carries the connection as plugins know it", async () => {
  await get("/_echo?a=1", { headers: { "X-Forwarded-For": "1.2.3.4, 5.6.7.8" } });
  const { connection } = (seen.at(-1) as KuzzleRequest).context;
  assert.equal(connection.protocol, "http");
  assert.deepEqual(connection.ips, ["127.0.0.1", "1.2.3.4", "5.6.7.8"]);
  assert.equal(connection.misc.verb, "GET");
  assert.equal(connection.misc.url, "/_echo?a=1");
  assert.equal(connection.misc.path, "/_echo");
});

test("health and readiness need no route and open no connection", async () => {
  const { opened } = server.entryPoint;
  assert.equal((await fetch(`${server.url}/_ready/`, { method: "HEAD" })).status, 200);
  const health = await get("/_healthcheck");
  assert.equal(health.status, 200);
  assert.deepEqual([health.json.controller, health.json.action, health.json.result], [null, null, null]);
  assert.equal((await get("/_ready")).status, 200);
  server.entryPoint.isReady = false;
  const busy = await get("/_ready");
  server.entryPoint.isReady = true;
  assert.equal(busy.status, 503);
  assert.equal(busy.json.status, 503);
  assert.equal(server.entryPoint.opened, opened);
});

test("each request is a connection of its own, gone after the answer", async () => {
  const { opened } = server.entryPoint;
  await get("/_now");
  await get("/_now");
  assert.equal(server.entryPoint.opened, opened + 2);
  assert.equal(server.entryPoint.connections.size, 0);
});

test("a client that goes away is no connection any more, though its request still runs", async () => {
  const abort = new AbortController();
  const asking = get("/_slow", { signal: abort.signal }).catch(() => "aborted");
  await until(() => server.entryPoint.connections.size === 1);
  abort.abort();
  assert.equal(await asking, "aborted");
  await until(() => server.entryPoint.connections.size === 0);
  finishSlow();
});

async function until(isTrue: () => boolean, deadlineMs = 2_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!isTrue()) {
    if (Date.now() > deadline) assert.fail("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test("OPTIONS works on any path, HEAD on the root and on declared routes", async () => {
  const options = await get("/no/such/path", { method: "OPTIONS", headers: { Origin: "http://a" } });
  assert.equal(options.status, 200);
  assert.deepEqual(options.json.result, {});
  assert.equal(options.headers.get("access-control-allow-origin"), "http://a");
  for (const path of ["/", "/_/head"]) {
    const head = await fetch(server.url + path, { method: "HEAD" });
    assert.equal(head.status, 200, path);
    assert.equal(await head.text(), "");
  }
  assert.equal((await fetch(`${server.url}/_none/x/y`, { method: "HEAD" })).status, 404);
});

test("pipes see the verb's event, and may refuse or replace", async (t) => {
  const listener = { owner: "p", order: 0, warnMs: 0, deadlineMs: 0 };
  const events: string[] = [];
  const stop = server.events.registerPipe({
    ...listener,
    event: "http:get",
    run: ([request]) => {
      events.push((request as KuzzleRequest).input.action ?? "");
      throw kerror("network.entrypoint.shutting_down");
    },
  });
  t.after(stop);
  const { status, json } = await get("/_now");
  assert.equal(status, 503);
  assert.equal(json.error.id, "network.entrypoint.shutting_down");
  assert.deepEqual(events, ["now"]);
  assert.equal((await get("/_echo", { method: "POST" })).status, 200);
});
