import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { TableEntryPoint } from "../../../testing/protocols/table-entry-point.ts";
import { startTestServer, type TestServer } from "../../../testing/protocols/test-server.ts";
import type { ActionRoute } from "../../api/index.ts";
import type { JSONObject } from "../../kernel/index.ts";

const limit = 256 * 1024;
const routes: ActionRoute[] = [
  { verb: "POST", path: "/_echo", controller: "test", action: "echo" },
  { verb: "GET", path: "/_echo", controller: "test", action: "echo" },
];

let server: TestServer;

before(async () => {
  const entryPoint = new TableEntryPoint({ "test:echo": (request) => ({ body: request.input.body }) }, routes);
  server = await startTestServer({
    entryPoint,
    http: { maxRequestSizeBytes: limit, maxFormFileSizeBytes: 1_000, additionalContentTypes: ["Text/CSV"] },
  });
});
after(() => server.stop());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  readonly json: any;
}

async function post(
  body: NonNullable<RequestInit["body"]> | undefined,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init = body === undefined ? { method: "POST", headers } : { method: "POST", headers, body };
  const response = await fetch(`${server.url}/_echo`, init);
  return { status: response.status, json: await response.json() };
}

const json = { "Content-Type": "application/json" };
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);

test("a JSON body is read, with and without content type and byte order mark", async () => {
  assert.deepEqual((await post('{"a":"é"}', json)).json.result.body, { a: "é" });
  assert.deepEqual((await post(new Blob(["[1]"]))).json.result.body, [1]);
  assert.deepEqual((await post('\uFEFF{"a":1}', json)).json.result.body, { a: 1 });
  assert.deepEqual((await post("{}", { "Content-Type": 'Application/JSON; charset="UTF-8"' })).json.result.body, {});
});

test("what clients send for want of a body is no body", async () => {
  for (const body of ["", "null", "false", "0", '""', "[]"]) {
    const answer = await post(body, json);
    assert.equal(answer.status, 200, body);
    assert.equal(answer.json.result.body, null, body);
  }
  assert.equal((await post("12", json)).status, 400);
});

test("errors from before routing are bare", async () => {
  for (const [body, headers, id] of [
    ["{", json, "network.http.body_parse_failed"],
    ["x", { "Content-Type": "text/weird" }, "network.http.unsupported_content"],
    [undefined, { "Content-Type": "text/weird" }, "network.http.unsupported_content"],
    ["{}", { "Content-Type": "application/json; charset=latin1" }, "network.http.unsupported_charset"],
    ["{}", { ...json, "Content-Encoding": "br" }, "network.http.unsupported_compression"],
    ["{}", { ...json, "Content-Encoding": "gzip,gzip,gzip,gzip" }, "network.http.too_many_encodings"],
    ["{}", { ...json, "Content-Encoding": "gzip" }, "network.http.unexpected_error"],
  ] as const) {
    const answer = await post(body, headers);
    assert.equal(answer.status, 400, id);
    assert.equal(answer.json.id, id);
    assert.equal(answer.json.status, 400);
    assert.equal("stack" in answer.json || "requestId" in answer.json, false);
  }
});

test("a bare error has only the headers for browsers", async () => {
  const response = await fetch(`${server.url}/_echo`, { method: "POST", body: "{", headers: json });
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("x-kuzzle-node"), null);
  assert.equal(response.headers.get("x-kuzzle-request-id"), null);
});

test("compressed bodies are undone layer by layer", async () => {
  const text = '{"a":1}';
  for (const [encoding, body] of [
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["deflate, GZIP , identity", gzipSync(deflateSync(text))],
  ] as const) {
    const answer = await post(new Uint8Array(body), { ...json, "Content-Encoding": encoding });
    assert.deepEqual(answer.json.result?.body, { a: 1 }, encoding);
  }
});

test("a body over the limit is refused: announced, chunked, or after decompression", async () => {
  const large = "x".repeat(limit + 1);
  const announced = await post(JSON.stringify(large), json);
  assert.equal(announced.status, 413);
  assert.equal(announced.json.id, "network.http.request_too_large");
  const stream = new Blob([large]).stream();
  const chunked = await fetch(`${server.url}/_echo`, { method: "POST", body: stream, duplex: "half", headers: json });
  assert.equal(chunked.status, 413);
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(200 * 1024 * 1024)));
  assert.ok(bomb.length < limit);
  const before = process.memoryUsage.rss();
  assert.equal((await post(bomb, { ...json, "Content-Encoding": "gzip" })).status, 413);
  assert.ok(process.memoryUsage.rss() - before < 64 * 1024 * 1024, "the bomb has gone off");
});

test("compressed requests can be switched off", async (t) => {
  const entryPoint = new TableEntryPoint({ "test:echo": () => 1 }, routes);
  const plain = await startTestServer({ entryPoint, http: { allowCompression: false } });
  t.after(() => plain.stop());
  const response = await fetch(`${plain.url}/_echo`, {
    method: "POST",
    body: new Uint8Array(gzipSync("{}")),
    headers: { ...json, "Content-Encoding": "gzip" },
  });
  assert.equal(((await response.json()) as JSONObject).id, "network.http.compression_disabled");
  assert.equal((await fetch(`${plain.url}/_echo`)).headers.get("accept-encoding"), "identity");
});

test("an urlencoded body is an object of texts", async () => {
  const answer = await post("a=1+2&b=%C3%A9&c=1&c=2&__proto__=3", {
    "Content-Type": "application/x-www-form-urlencoded",
  });
  assert.deepEqual(answer.json.result.body, { a: "1 2", b: "é", c: ["1", "2"] });
});

test("a form has its fields as text and its files in base64", async () => {
  const form = new FormData();
  form.set("title", "é");
  form.set("__proto__", "x");
  form.set("paper", new Blob(["hello"], { type: "text/plain" }), "päper.txt");
  assert.deepEqual((await post(form)).json.result.body, {
    title: "é",
    paper: {
      filename: "päper.txt",
      encoding: "text/plain",
      mimetype: "text/plain",
      file: Buffer.from("hello").toString("base64"),
    },
  });
});

test("a part of a form over its limit is refused, one of exactly the limit is not", async () => {
  for (const [size, status] of [
    [1_000, 200],
    [1_001, 413],
  ] as const) {
    for (const value of ["x".repeat(size), new Blob(["x".repeat(size)])]) {
      const form = new FormData();
      form.set("part", value);
      const answer = await post(form);
      assert.equal(answer.status, status);
      if (status === 413) assert.equal(answer.json.id, "network.http.file_too_large");
    }
  }
});

test("a broken form is refused", async () => {
  for (const type of ["multipart/form-data", "multipart/form-data; boundary=x"]) {
    const answer = await post("--x\r\nnonsense", { "Content-Type": type });
    assert.equal(answer.status, 400, type);
    assert.equal(answer.json.id, "network.http.unexpected_error");
  }
});

test("bytes that are not UTF-8 are not JSON", async () => {
  const answer = await post(bytes(0x22, 0xff, 0xfe, 0x22), json);
  assert.equal(answer.json.id, "network.http.body_parse_failed");
});

test("prototypes cannot be reached and deep nesting is answered", async () => {
  const answer = await post('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', json);
  assert.equal(answer.status, 200);
  assert.equal(({} as JSONObject).polluted, undefined);
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  assert.ok([200, 400, 500].includes((await post(deep, json)).status));
  assert.equal((await post("{}", json)).status, 200);
});

test("parsing pipes get bytes, then the object, and turn other content types into JSON", async (t) => {
  const listener = { owner: "p", order: 0, warnMs: 0, deadlineMs: 0 };
  const before = server.events.registerPipe({
    ...listener,
    event: "protocol:http:beforeParsingPayload",
    run: ([event]) => {
      const { message, payload } = event as { message: JSONObject; payload: Buffer };
      assert.equal(message.method, "POST");
      const [name, value] = payload.toString().split(",");
      return { message, payload: Buffer.from(JSON.stringify({ [name ?? ""]: value })) };
    },
  });
  const after = server.events.registerPipe({
    ...listener,
    event: "protocol:http:afterParsingPayload",
    run: ([event]) => ({ payload: { ...(event as { payload: JSONObject }).payload, seen: true } }),
  });
  t.after(() => {
    before();
    after();
  });
  assert.deepEqual((await post("a,b", { "Content-Type": "text/csv" })).json.result.body, { a: "b", seen: true });
});
