/** Whatever a client sends, it gets an answer that says what is wrong; the server stands, and tells nothing about itself. */
import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { after, before, test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { TestServer } from "../../testing/index.ts";
import { assertBlamesClient, assertNotOurs, closeLibrary, openLibrary } from "./hostile-library.ts";
import { type Answer, http, httpText, Line, until, type Written } from "./wire.ts";

let server: TestServer;
let line: Line;

before(async () => {
  ({ server, line } = await openLibrary());
});

after(() => closeLibrary(server, line));

test("a body that is no JSON is refused with an error alone", async () => {
  for (const body of ["{", '{"a":}', "}", "nonsense", "{'a':1}", '{"a":1}{', "\u0000", "[1,", '"open', "\ufeff{]"]) {
    const { status, text } = await httpText(server, "POST", "/lib/books/_create", body);
    const { id } = JSON.parse(text) as { id: string };
    assert.deepEqual([status, id], [400, "network.http.body_parse_failed"], body);
  }
});

test("a body of another kind than an object is refused", async () => {
  for (const body of ["1", '"text"', "true", "1e999"]) {
    const answer = await http(server, "POST", "/lib/books/_create", body);
    assert.equal((answer.error ?? (answer as unknown as { status: number })).status, 400, body);
  }
  for (const body of ["[{}]", "[1]"]) assertBlamesClient(await http(server, "POST", "/lib/books/_create", body), body);
});

test("invalid UTF-8 is taken as text or refused, never more", async () => {
  const bytes = Buffer.concat([Buffer.from('{"tag":"'), Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from('"}')]);
  const response = await fetch(`${server.url}/lib/books/_create`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: bytes,
  });
  assert.ok(response.status < 500);
  await response.text();
  await using own = await Line.open(server);
  own.sendRaw(Buffer.concat([Buffer.from('{"controller":"server","action":"now","x":"'), bytes, Buffer.from('"}')]));
  await until(() => own.received.length > 0 || !own.isOpen, "an answer or a close");
});

test("a lone surrogate is stored and found again", async () => {
  const text = '{"tag":"\\ud800"}';
  const { result } = await http<Written>(server, "POST", "/lib/books/surrogate/_create", text);
  const { result: read } = await http<Written>(server, "GET", "/lib/books/surrogate");
  assert.deepEqual(read, result);
});

test("a body beyond the limit is refused with 413, over WebSocket the connection is closed", async () => {
  const big = JSON.stringify({ text: "x".repeat(1_100_000) });
  const { status, text } = await httpText(server, "POST", "/lib/books/_create", big);
  assert.deepEqual([status, (JSON.parse(text) as { id: string }).id], [413, "network.http.request_too_large"]);
  await using own = await Line.open(server);
  own.sendRaw(big);
  await until(() => !own.isOpen, "the connection to close");
});

test("a request of the wrong shape is answered with 400, to whoever has sent it", async () => {
  const payloads = [
    {},
    { controller: "document" },
    { controller: 3, action: "get" },
    { controller: "document", action: ["get"] },
    { controller: "document", action: "get", requestId: 3 },
    { controller: "document", action: "get", jwt: 3 },
    { controller: "document", action: "get", volatile: "x" },
    { controller: "document", action: "get", body: "x" },
    { controller: "document", action: "get", body: 3 },
    { controller: "server", action: "now", jwt: "" },
    [],
    [[[[]]]],
    null,
    3,
    "text",
    true,
  ];
  for (const payload of payloads) {
    const text = JSON.stringify(payload);
    const { status } = await httpText(server, "POST", "/_query", text);
    assert.ok(status >= 400 && status < 500, `_query ${text}: ${status}`);
    await using own = await Line.open(server);
    own.sendRaw(text);
    await until(() => own.received.length > 0, `an answer to ${text}`);
    const answered = own.received[0]?.status as number;
    assert.ok(answered >= 400 && answered < 500, `${text}: ${answered}`);
  }
});

test("unknown actions, controllers and routes are 404, whatever their names", async () => {
  const names = [
    "nothing",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "a".repeat(10_000),
    "\u0000",
    "é",
  ];
  for (const name of names) {
    const [unknownController, unknownAction] = await Promise.all([
      line.ask({ controller: name, action: "get" }),
      line.ask({ controller: "document", action: name }),
    ]);
    assert.deepEqual(
      [unknownController.error?.id, unknownAction.error?.id],
      ["api.process.controller_not_found", "api.process.action_not_found"],
      name,
    );
  }
  for (const path of ["/a/b/c/d/e/f", "/_nothing/x/y/z", "/__proto__/x/y/z/q", "/%00/%2F/x/y/z"]) {
    const { status, error } = await http(server, "GET", path);
    assert.deepEqual([status, error?.id], [404, "network.http.url_not_found"], path);
  }
  assertNotOurs(await http(server, "GET", "/%E0%A4%A"), "a broken escape");
  assertNotOurs(await http(server, "GET", "/lib/%ff%fe/_search"), "an escape that is no UTF-8");
});

/** A few at a time: who does not read what it asked for is cut off. */
async function askAll(requests: readonly JSONObject[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < requests.length; from += 20) {
    answers.push(...(await Promise.all(requests.slice(from, from + 20).map((request) => line.ask(request)))));
  }
  return answers;
}

test("arguments of wrong types are 400 everywhere", async () => {
  const values = [3, true, null, [{}], {}, "x", 1e300, { length: 3 }];
  const names = ["index", "collection", "_id", "body", "from", "size", "scroll", "lang", "refresh", "targets"];
  const more = [
    "silent",
    "source",
    "strict",
    "retryOnConflict",
    "ids",
    "scope",
    "users",
    "volatile",
    "scrollId",
    "type",
  ];
  const controllers = ["document", "collection", "index", "bulk", "realtime", "server"];
  const { result: api } = await http<Record<string, Record<string, object>>>(server, "GET", "/_publicApi");
  const base = { index: "types", collection: "none", _id: "x", body: {} };
  const failures: string[] = [];
  for (const controller of controllers) {
    for (const action of Object.keys(api[controller] ?? {})) {
      if (action === "export") continue; // refused over WebSocket, with 500 as the contract says
      if (controller === "server" && !["healthCheck", "openapi", "getStats"].includes(action)) continue; // take nothing
      const requests = [...names, ...more].flatMap((name) =>
        values.map((value) => ({ controller, action, ...base, [name]: value })),
      );
      for (const { status, error } of await askAll(requests)) {
        if (status >= 500) failures.push(`${controller}:${action} ${status} ${error?.id} ${error?.message}`);
      }
    }
  }
  assert.deepEqual([...new Set(failures)], []);
});

test("members of bodies with wrong types are 400 everywhere", async () => {
  const values = [3, null, {}, [null], [[]], "x", { a: { b: [{}] } }, ["a", 3]];
  const names = ["query", "changes", "default", "documents", "ids", "fields", "bulkData", "roomId", "mappings"];
  const more = [
    "settings",
    "indexes",
    "sort",
    "aggs",
    "aggregations",
    "highlight",
    "collapse",
    "_source",
    "properties",
  ];
  const others = [
    "search_after",
    "post_filter",
    "suggest",
    "dynamic",
    "_meta",
    "reindexCollection",
    "strict",
    "validators",
  ];
  const controllers = ["document", "collection", "bulk", "realtime", "index"];
  const { result: api } = await http<Record<string, Record<string, object>>>(server, "GET", "/_publicApi");
  const target = { index: "lib", collection: "bodies", _id: "x" };
  await line.result({ controller: "collection", action: "create", ...target, body: {} });
  const failures: string[] = [];
  for (const controller of controllers) {
    for (const action of Object.keys(api[controller] ?? {})) {
      if (action === "export" || (controller !== "document" && action.startsWith("delete"))) continue;
      const requests = [...names, ...more, ...others].flatMap((name) =>
        values.map((value) => ({ controller, action, ...target, body: { [name]: value } })),
      );
      for (const { status, error } of await askAll(requests)) {
        if (status >= 500) failures.push(`${controller}:${action} ${status} ${error?.id} ${error?.message}`);
      }
    }
  }
  assert.deepEqual([...new Set(failures)], []);
});

test("names of the client do no harm in headers", async () => {
  for (const name of ['a"b', "a\r\nX-Evil: 1", "漢字", "a;b", "\u0000"]) {
    const path = `/${encodeURIComponent(name)}/${encodeURIComponent(name)}/_export?format=${encodeURIComponent(name)}`;
    const { status, headers } = await httpText(server, "GET", path);
    assert.deepEqual([status, headers.get("x-evil")], [200, null], JSON.stringify(name));
  }
});

test("half a request, an abandoned one and bytes that are none leave nothing behind", async () => {
  const send = (bytes: string | Buffer, ends: boolean): Promise<string> =>
    new Promise((resolve) => {
      let received = "";
      const socket = createConnection(server.port, "127.0.0.1", () => {
        socket.write(bytes);
        if (ends) socket.end();
        else setTimeout(() => socket.destroy(), 30);
      });
      socket.on("data", (data) => {
        received += String(data);
      });
      socket.on("error", () => resolve(received));
      socket.on("close", () => resolve(received));
    });
  const half =
    "POST /lib/books/_create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
  for (const ends of [true, false]) {
    for (const bytes of [
      half,
      "GET /_now HTTP/1.1\r\nHost: x\r\n",
      "nonsense\r\n\r\n",
      Buffer.from([0x16, 3, 1, 0, 0xff]),
    ]) {
      const answer = await send(bytes, ends);
      assert.ok(!/ 5\d\d /.test(answer.split("\r\n")[0] ?? ""), answer);
      assert.ok(!answer.includes("    at "), answer);
    }
  }
  // A socket whose sending side is closed still gets its answer.
  const answer = await send("GET /_now HTTP/1.1\r\nHost: x\r\n\r\n", true);
  assert.ok(answer.startsWith("HTTP/1.1 200"), answer);
});
