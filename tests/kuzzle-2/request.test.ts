/** The request that plugins of the second generation are given: its members, readers and response (contract/plugins/v2.md section 10). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { openWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { Line } from "../api/wire.ts";
import { probe } from "./probe.ts";

const reader = `
module.exports = class {
  constructor () {
    this.api = { reader: { actions: { read: { handler: (request) => this.read(request), http: [{ verb: "post", path: "/read" }, { verb: "get", path: "/read" }] } } } };
  }
  init () {}
  async read (request) {
    const [name, ...given] = JSON.parse(request.input.volatile.call);
    return { value: request[name](...given) };
  }
};`;

let whole: WholeServer;
let server: TestServer;
let line: Line;

before(async () => {
  whole = await openWhole({ files: { ...pluginFiles("reader", reader), ...pluginFiles("probe", probe("probe")) } });
  server = whole.server;
  line = await Line.open(server);
});

after(async () => {
  await line?.[Symbol.asyncDispose]();
  await whole?.close();
});

interface Case {
  /** Name of the reader and what it is called with. */
  readonly call: readonly unknown[];
  readonly args?: JSONObject;
  readonly body?: JSONObject;
  /** What it answers, or the id of its error; \`http\` where the protocols differ. */
  readonly value?: unknown;
  readonly error?: string;
  readonly http?: { readonly value?: unknown; readonly error?: string };
}

const missing = "api.assert.missing_argument";
const wrong = "api.assert.invalid_type";
const invalid = "api.assert.invalid_argument";

const cases: readonly Case[] = [
  { call: ["getController"], value: "reader" },
  { call: ["getAction"], value: "read" },
  { call: ["getKuid"], value: "-1" },
  { call: ["userIsAdmin"], value: false },
  { call: ["getBody"], error: "api.assert.body_required" },
  { call: ["getBody", { d: 1 }], value: { d: 1 } },
  { call: ["getBody"], body: { a: 1 }, value: { a: 1 } },
  { call: ["getBodyBoolean", "a"], body: { a: true }, value: true },
  { call: ["getBodyBoolean", "a"], body: {}, value: false },
  { call: ["getBodyBoolean", "a"], body: { a: "true" }, error: wrong },
  { call: ["getBodyNumber", "a"], body: { a: "1.5" }, value: 1.5 },
  { call: ["getBodyNumber", "a", 7], body: {}, value: 7 },
  { call: ["getBodyNumber", "a"], body: { a: "x" }, error: wrong },
  { call: ["getBodyInteger", "a"], body: { a: "3" }, value: 3 },
  { call: ["getBodyInteger", "a"], body: { a: 1.5 }, error: wrong },
  { call: ["getBodyString", "a.b"], body: { a: { b: "deep" } }, value: "deep" },
  { call: ["getBodyString", "a"], body: {}, error: missing },
  { call: ["getBodyString", "a"], body: { a: 3 }, error: wrong },
  { call: ["getBodyArray", "a"], body: { a: [1] }, value: [1] },
  { call: ["getBodyArray", "a"], body: { a: "[1]" }, error: wrong },
  { call: ["getBodyArray", "a", []], body: {}, value: [] },
  { call: ["getBodyObject", "a"], body: { a: { b: 1 } }, value: { b: 1 } },
  { call: ["getBodyObject", "a"], body: { a: [] }, error: wrong },
  { call: ["getBoolean", "flag"], value: false },
  { call: ["getBoolean", "flag"], args: { flag: true }, value: true },
  { call: ["getBoolean", "flag"], args: { flag: "false" }, error: wrong, http: { value: true } },
  { call: ["getBoolean", "flag"], args: { flag: "" }, error: wrong, http: { value: true } },
  { call: ["getNumber", "n"], args: { n: "2.5" }, value: 2.5 },
  { call: ["getNumber", "n", 4], value: 4 },
  { call: ["getInteger", "n"], args: { n: "12" }, value: 12 },
  { call: ["getInteger", "n"], args: { n: "1.5" }, error: wrong },
  { call: ["getString", "s"], args: { s: "text" }, value: "text" },
  { call: ["getString", "s"], error: missing },
  { call: ["getString", "s", "default"], value: "default" },
  { call: ["getArray", "list"], args: { list: "[1,2]" }, error: wrong, http: { value: [1, 2] } },
  { call: ["getArray", "list"], args: { list: "1,2" }, error: wrong },
  { call: ["getArrayLegacy", "list"], args: { list: "1,2" }, value: ["1", "2"] },
  { call: ["getObject", "o"], args: { o: '{"a":1}' }, error: wrong, http: { value: { a: 1 } } },
  { call: ["getObject", "o", {}], value: {} },
  { call: ["getDate", "d"], args: { d: "2026-02-03T04:05:06Z" }, value: "2026-02-03T04:05:06Z" },
  { call: ["getDate", "d"], args: { d: "yesterday" }, error: invalid },
  { call: ["getDate", "d", "DD/MM/YYYY HH:mm"], args: { d: "03/02/2026 04:05" }, value: "03/02/2026 04:05" },
  { call: ["getDate", "d", "YYYY-MM-DD"], args: { d: "2026-02-30" }, error: invalid },
  { call: ["getDate", "d", "YYYY-MM-DD"], args: { d: "03/02/2026" }, error: invalid },
  { call: ["getDate", "d"], error: missing },
  { call: ["getTimestamp", "t"], args: { t: "1700000000000" }, value: 1_700_000_000_000 },
  { call: ["getTimestamp", "t"], args: { t: "-5" }, error: invalid },
  { call: ["getIndex"], args: { index: "lib" }, value: "lib" },
  { call: ["getIndex"], error: missing },
  { call: ["getCollection"], args: { collection: "books" }, value: "books" },
  {
    call: ["getIndexAndCollection"],
    args: { index: "lib", collection: "books" },
    value: { index: "lib", collection: "books" },
  },
  { call: ["getIndexAndCollection"], args: { index: "lib" }, error: missing },
  { call: ["getId"], args: { _id: "7" }, value: "7" },
  { call: ["getId"], error: missing },
  { call: ["getId", { ifMissing: "ignore" }], value: null },
  { call: ["getSearchBody"], body: { query: {} }, value: { query: {} } },
  {
    call: ["getSearchParams"],
    args: { from: "3", scroll: "1m" },
    body: { query: { match_all: {} } },
    value: { from: 3, size: 10, query: { match_all: {} }, scrollTTL: "1m", searchBody: { query: { match_all: {} } } },
  },
  { call: ["getScrollTTLParam"], args: { scroll: "2m" }, value: "2m" },
  { call: ["getLangParam"], value: "elasticsearch" },
  { call: ["getLangParam"], args: { lang: "koncorde" }, value: "koncorde" },
  { call: ["getLangParam"], args: { lang: "sql" }, error: invalid },
  { call: ["getRefresh"], value: "false" },
  { call: ["getRefresh", "wait_for"], value: "wait_for" },
  { call: ["getRefresh"], args: { refresh: "wait_for" }, value: "wait_for" },
  { call: ["getObjectFromBodyOrArgs", "o"], body: { o: { a: 1 } }, value: { a: 1 } },
  { call: ["getArrayFromBodyOrArgs", "list"], body: { list: [1] }, value: [1] },
];

for (const { call, args = {}, body, http, ...expected } of cases) {
  const [name, ...given] = call;
  const title = `${String(name)}(${given.map((it) => JSON.stringify(it)).join(", ")}) of ${JSON.stringify({ ...args, ...(body && { body }) })}`;
  test(title, async () => {
    const volatile = { call: JSON.stringify(call) };
    const overSocket = await line.ask<{ value?: unknown }>({
      controller: "reader",
      action: "read",
      ...args,
      ...(body && { body }),
      volatile,
    });
    check(expected, overSocket, "over WebSocket");
    const query = new URLSearchParams(args as Record<string, string>);
    const answer = await fetch(`${server.url}/read?${query}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Kuzzle-Volatile": JSON.stringify(volatile) },
      ...(body && { body: JSON.stringify(body) }),
    });
    check(http ?? expected, (await answer.json()) as typeof overSocket, "over HTTP");
  });
}

function check(
  expected: Pick<Case, "value" | "error">,
  { error, result }: { error: { id?: string } | null; result: { value?: unknown } | null },
  how: string,
): void {
  if (expected.error !== undefined) assert.equal(error?.id, expected.error, how);
  else assert.deepEqual([error, result?.value], [null, expected.value], how);
}

test("a search by GET is read out of the query string", async () => {
  const volatile = JSON.stringify({ call: '["getSearchParams"]' });
  const query = new URLSearchParams({ searchBody: '{"query":{"term":{"a":1}}}', size: "3" });
  const answer = await fetch(`${server.url}/read?${query}`, { headers: { "X-Kuzzle-Volatile": volatile } });
  const { result } = (await answer.json()) as { result: { value: JSONObject } };
  assert.partialDeepStrictEqual(result.value, { from: 0, size: 3, query: { term: { a: 1 } } });
  const object = new URLSearchParams({ o: '{"a":1}' });
  const fromArgs = await fetch(`${server.url}/read?${object}`, {
    headers: { "X-Kuzzle-Volatile": JSON.stringify({ call: '["getObjectFromBodyOrArgs","o"]' }) },
  });
  assert.deepEqual(((await fromArgs.json()) as { result: JSONObject }).result.value, { a: 1 });
});

/** Runs code in a plugin's action, with \`request\` and the package \`kuzzle\` at hand. */
const run = <R = unknown>(code: string, more: JSONObject = {}): Promise<R> =>
  line.result<R & JSONObject>({ controller: "probe", action: "run", ...more, body: { code } });

test("an id is generated when it is asked for, by a generator of one's own too, and presence rewrites a flag over HTTP", async () => {
  const [own, generated] = await run<string[]>(
    `return [request.getId({ ifMissing: "generate", generator: () => "own" }), request.getId({ ifMissing: "generate" })];`,
  );
  assert.equal(own, "own");
  assert.match(String(generated), /^[\da-f-]{36}$/);
  const answer = await fetch(`${server.url}/_query?flag=false`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      controller: "probe",
      action: "run",
      flag: "no",
      body: { code: `request.getBoolean("flag"); return request.input.args.flag;` },
    }),
  });
  assert.equal(((await answer.json()) as { result: unknown }).result, true);
});

test("a request tells who asks, from where and for what, is sealed, and its target is a view on its arguments", async () => {
  const told = await run<JSONObject>(
    `const { input } = request; const from = request.context;
     input.resource.index = "moved";
     let sealed = false; try { "use strict"; Object.defineProperty(request, "extra", { value: 1 }); } catch { sealed = true; }
     let once = false; try { input.controller = "other"; } catch { once = true; }
     return { id: request.id, internal: request.internalId !== request.id, status: request.status, timestamp: request.timestamp, jwt: input.jwt, index: input.args.index, volatile: input.volatile,
       connection: Object.keys(from.connection).sort(), protocol: from.protocol, same: from.connectionId === from.connection.id, ips: from.connection.ips.length > 0,
       token: from.token.userId, user: from.user._id, sealed, once, error: request.error, result: request.result, trigger: input.triggerEvents, json: Object.keys(from.toJSON()) };`,
    { index: "lib", volatile: { from: "test" }, timestamp: 12, requestId: "own-id" },
  );
  assert.deepEqual(told, {
    id: "own-id",
    internal: true,
    status: 102,
    timestamp: 12,
    jwt: null,
    index: "moved",
    volatile: { from: "test" },
    connection: ["id", "ips", "misc", "protocol"],
    protocol: "websocket",
    same: true,
    ips: true,
    token: "-1",
    user: "-1",
    sealed: true,
    once: true,
    error: null,
    result: null,
    trigger: false,
    json: ["connection", "token", "user"],
  });
});

test("results and errors are set as the contract says", async () => {
  assert.deepEqual(
    await run(
      `const { KuzzleRequest, NotFoundError } = kuzzle;
       const made = new KuzzleRequest({ controller: "a", action: "b", x: 1 });
       const said = [];
       const attempt = (what) => { try { what(); said.push("accepted"); } catch (error) { said.push(error.status); } };
       attempt(() => made.setError("text")); attempt(() => made.setResult(new Error("x"))); attempt(() => { made.status = 1.5; }); attempt(() => new KuzzleRequest("text")); attempt(() => new KuzzleRequest(null));
       attempt(() => new KuzzleRequest({ volatile: 3 })); attempt(() => new KuzzleRequest({ body: 3 })); attempt(() => new KuzzleRequest({ requestId: 3 }));
       made.setError(new NotFoundError("gone")); said.push([made.status, made.error.message]);
       made.setError(new TypeError("hidden")); said.push([made.status, made.error.id]);
       made.clearError(); said.push([made.status, made.error]);
       made.setResult({ ok: 1 }, { status: 201, headers: { "X-Own": "1" }, raw: true }); said.push([made.status, made.response.raw, made.response.getHeader("x-own")]);
       return said;`,
    ),
    [
      500,
      500,
      500,
      400,
      400,
      400,
      400,
      400,
      [404, "gone"],
      [500, "plugin.runtime.unexpected_error"],
      [200, null],
      [201, true, "1"],
    ],
  );
});

test("serialize holds what makes the same request elsewhere, pojo is a plain copy", async () => {
  const { data, options, copy, pojo } = await run<Record<string, JSONObject>>(
    `const { KuzzleRequest } = kuzzle;
     const made = new KuzzleRequest({ controller: "a", action: "b", index: "i", _id: "7", body: { c: 1 }, volatile: { v: 1 }, x: 1, jwt: "t", requestId: "r", timestamp: 5 });
     const { data, options } = made.serialize();
     const again = new KuzzleRequest(data, options);
     return { data, options, copy: again.serialize().data, pojo: made.pojo() };`,
  );
  assert.partialDeepStrictEqual(data, {
    timestamp: 5,
    requestId: "r",
    jwt: "t",
    volatile: { v: 1 },
    body: { c: 1 },
    controller: "a",
    action: "b",
    index: "i",
    _id: "7",
    x: 1,
  });
  assert.deepEqual(copy, data);
  assert.partialDeepStrictEqual(options, { status: 102, error: null, result: null });
  assert.partialDeepStrictEqual(pojo, {
    id: "r",
    status: 102,
    timestamp: 5,
    input: { controller: "a", args: { x: 1 }, body: { c: 1 } },
    response: { raw: false },
  });
});

test("response headers replace, collect or join by their name, in any case; those of configure are in the answer too", async () => {
  assert.deepEqual(
    await run(
      `const { response } = new kuzzle.KuzzleRequest({ controller: "a", action: "b", requestId: "r" });
       response.setHeader("Location", "/a"); response.setHeader("location", "/b"); response.setHeader("ETag", "1"); response.setHeader("etag", "2");
       response.setHeader("Vary", "a"); response.setHeader("VARY", "b"); response.setHeader("Set-Cookie", "a=1"); response.setHeader("set-cookie", "b=2");
       response.setHeaders({ Vary: "c", "X-New": "1" }, true); response.headers["X-Proxy"] = "2"; response.setHeader("X-Gone", "1"); response.removeHeader("x-gone");
       response.configure({ headers: { "X-Conf": "3", "Set-Cookie": "c=3" } });
       const { headers, content } = response.toJSON();
       return { location: response.getHeader("LOCATION"), etag: response.headers.etag, vary: response.getHeader("vary"), cookies: response.getHeader("set-cookie"), fresh: response.headers["x-NEW"], proxy: response.getHeader("x-proxy"),
         gone: response.getHeader("x-gone") ?? null, node: "x-kuzzle-node" in headers, listed: content.headers, status: response.status, requestId: response.requestId, controller: response.controller, action: response.action };`,
    ),
    {
      location: "/b",
      etag: "2",
      vary: "a, b",
      cookies: ["a=1", "b=2", "c=3"],
      fresh: "1",
      proxy: "2",
      gone: null,
      node: true,
      listed: { "x-conf": "3" },
      status: 200,
      requestId: "r",
      controller: "a",
      action: "b",
    },
  );
});

test("the standard answer has the members of the envelope, the raw one only the result", async () => {
  const { standard, raw } = await run<Record<string, JSONObject>>(
    `const made = new kuzzle.KuzzleRequest({ controller: "a", action: "b", index: "i", collection: "c", requestId: "r", volatile: { v: 1 } });
     made.setResult({ ok: 1 });
     const standard = made.response.toJSON();
     made.response.configure({ format: "raw", status: 202 });
     return { standard, raw: made.response.toJSON() };`,
  );
  assert.partialDeepStrictEqual(standard, { raw: false, status: 200, requestId: "r" });
  assert.partialDeepStrictEqual(standard?.content, {
    action: "b",
    collection: "c",
    controller: "a",
    error: null,
    index: "i",
    requestId: "r",
    result: { ok: 1 },
    status: 200,
    volatile: { v: 1 },
  });
  assert.partialDeepStrictEqual(raw, { raw: true, status: 202, requestId: "r", content: { ok: 1 } });
});
