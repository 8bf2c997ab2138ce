import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonText, type KuzzleError, KuzzleRequest, kerror, kerrorWith } from "../../kernel/index.ts";
import { encodeEnvelope } from "./envelope.ts";
import { rawBody, rawMessage } from "./raw-result.ts";

const decode = (request: KuzzleRequest, development = false, room?: string) =>
  JSON.parse(encodeEnvelope(request, { development, room }));

const asked = { controller: "server", action: "now", requestId: "r1" };

test("the envelope has the members of the contract and no others", () => {
  const request = new KuzzleRequest({ ...asked, volatile: { a: 1 } }, { node: "n" });
  request.setResult({ now: 1 });
  assert.deepEqual(decode(request), {
    requestId: "r1",
    status: 200,
    error: null,
    controller: "server",
    action: "now",
    volatile: { a: 1 },
    result: { now: 1 },
    node: "n",
    headers: {},
  });
});

test("index, collection and room are there when there are any, and cookies are not repeated in the headers", () => {
  const request = new KuzzleRequest({ ...asked, index: "lib", collection: "books" });
  request.response.configure({ headers: { "X-Mine": "1", "Set-Cookie": "a=b" }, status: 201 });
  const envelope = decode(request, false, "r1");
  assert.equal(envelope.index, "lib");
  assert.equal(envelope.collection, "books");
  assert.equal(envelope.room, "r1");
  assert.equal(envelope.status, 201);
  assert.deepEqual(envelope.headers, { "x-mine": "1" });
});

test("raw JSON and objects with toJSON go out as they say", () => {
  const request = new KuzzleRequest(asked);
  // Not in the compiler's library yet.
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  request.setResult({ big: rawJSON("12345678901234567890"), at: { toJSON: () => "then" } });
  assert.match(encodeEnvelope(request, { development: false }), /"big":12345678901234567890,"at":"then"/);
});

function summed(): KuzzleError {
  const inner = kerrorWith("services.storage.import_failed", [
    kerror("network.http.body_parse_failed"),
    new Error("x"),
  ]);
  return Object.assign(kerror("network.http.body_parse_failed"), {
    toJSON: () => ({
      message: "m",
      status: 400,
      stack: "s",
      errors: [inner, { reason: "r", stack: "at secret.ts:1" }],
    }),
  });
}

test("no stack leaves the process outside development, however deep it is nested", () => {
  const request = new KuzzleRequest(asked);
  request.setError(summed());
  const text = encodeEnvelope(request, { development: false });
  assert.doesNotMatch(text, /stack|\.ts:|secret/);
  assert.equal(JSON.parse(text).error.errors[1].reason, "r");
});

test("in development errors carry their stacks, lines of the user marked", () => {
  const request = new KuzzleRequest(asked);
  const error = kerror("network.http.body_parse_failed");
  error.stack = "Error: x\n    at mine (/home/me/app.ts:1:1)\n    at node:internal/process:1:1";
  request.setError(error);
  const { stack } = decode(request, true).error;
  assert.match(stack, /^>\s+at mine/m);
  assert.match(stack, /^ {2}\s+at node:/m);
});

const cyclic: { self?: object } = {};
cyclic.self = cyclic;

for (const [what, result] of [
  ["a cycle", cyclic],
  ["a big integer", { n: 1n }],
  ["a hundred thousand nested arrays", JSON.parse("[".repeat(100_000) + "]".repeat(100_000))],
] as const) {
  test(`a result with ${what} is answered, be it with an error`, () => {
    const request = new KuzzleRequest(asked);
    request.setResult(result);
    const text = encodeEnvelope(request, { development: false, room: "r1" });
    assert.match(text, /^\{"requestId":"r1","status":(200|500)/);
    if (request.status === 500) assert.match(text, /plugin\.controller\.unserializable_response.*"room":"r1"\}$/);
  });
}

test("a volatile nested too deep to be echoed does not take the answer with it", () => {
  const volatile = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
  const request = new KuzzleRequest({ ...asked, volatile });
  request.setResult({ now: 1 });
  assert.match(encodeEnvelope(request, { development: false }), /"requestId":"r1"/);
});

test("a result that is text already is the same on the wire, indented or not", () => {
  const request = new KuzzleRequest({ ...asked, index: "lib" }, { node: "n" });
  request.setResult(new JsonText('{"_id":"1","_source":{"a":"}"}}'));
  const indented = JSON.parse(encodeEnvelope(request, { development: false, indent: 2 }));
  assert.deepEqual(decode(request), indented);
  assert.deepEqual(decode(request).result, { _id: "1", _source: { a: "}" } });
  assert.equal(decode(request, false, "room").room, "room");
});

test("a raw result that is text already is the same as the object it stands for", () => {
  const text = new JsonText('{"a":1}');
  assert.equal(rawBody(text), '{"a":1}');
  assert.equal(rawMessage(text, "r"), rawMessage({ a: 1 }, "r"));
  assert.equal(rawMessage(new JsonText("[1]"), "r"), "[1]");
});
