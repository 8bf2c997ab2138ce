import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { BadRequestError, KuzzleError, NotFoundError } from "../errors/classes.ts";
import { ClientConnection } from "./connection.ts";
import { HttpStream } from "./http-stream.ts";
import { KuzzleRequest } from "./request.ts";

const over = (protocol: string, verb?: string) => ({
  connection: { id: "c1", protocol, ips: ["127.0.0.1"], ...(verb === undefined ? {} : { misc: { verb } }) },
});
const errorId = (id: string) => (error: unknown) => error instanceof KuzzleError && error.id === id;

test("a payload is split into the envelope and the arguments", () => {
  const request = new KuzzleRequest({
    requestId: "r1",
    controller: "document",
    action: "get",
    jwt: "token",
    volatile: { a: 1 },
    body: { b: 2 },
    index: "lib",
    _id: "42",
    timestamp: 12,
  });
  assert.equal(request.id, "r1");
  assert.equal(request.timestamp, 12);
  assert.deepEqual(request.input.args, { requestId: "r1", index: "lib", _id: "42", timestamp: 12 });
  assert.deepEqual(request.input.body, { b: 2 });
  assert.equal(request.input.resource.index, "lib");
  assert.equal(request.status, 102);
});

test("a payload of the wrong shape is a bad request", () => {
  for (const data of [
    null,
    3,
    "text",
    [],
    { controller: 3 },
    { jwt: {} },
    { volatile: [] },
    { body: "scalar" },
    { requestId: 7 },
  ]) {
    assert.throws(() => new KuzzleRequest(data), BadRequestError, JSON.stringify(data));
  }
});

test("a key __proto__ neither becomes an argument nor a prototype", () => {
  const request = new KuzzleRequest(JSON.parse('{"controller":"a","action":"b","__proto__":{"admin":true}}'));
  assert.equal((request.input.args as { admin?: boolean }).admin, undefined);
  assert.deepEqual(Object.keys(request.input.args), []);
});

test("controller and action can be set once", () => {
  const request = new KuzzleRequest({ controller: "server", action: "now" });
  assert.throws(() => {
    request.input.controller = "security";
  });
  assert.equal(request.input.controller, "server");
});

test("integers are read out of texts, and refused when they are none", () => {
  const read = (value: unknown) => new KuzzleRequest({ n: value }).getInteger("n");
  assert.equal(read(10), 10);
  assert.equal(read("10"), 10);
  assert.equal(read("10abc"), 10);
  for (const value of [1.5, "", null, "x", {}, { toString: 1 }, true])
    assert.throws(() => read(value), errorId("api.assert.invalid_type"));
  assert.throws(() => new KuzzleRequest({}).getInteger("n"), errorId("api.assert.missing_argument"));
  assert.equal(new KuzzleRequest({}).getInteger("n", 7), 7);
});

test("over HTTP a flag is true when it is present, elsewhere it must be a boolean", () => {
  assert.equal(new KuzzleRequest({ force: "false" }, over("http")).getBoolean("force"), true);
  assert.equal(new KuzzleRequest({}, over("http")).getBoolean("force"), false);
  assert.equal(new KuzzleRequest({ force: false }, over("websocket")).getBoolean("force"), false);
  assert.throws(
    () => new KuzzleRequest({ force: "false" }, over("websocket")).getBoolean("force"),
    errorId("api.assert.invalid_type"),
  );
});

test("over HTTP a text may hold a JSON array or object", () => {
  const request = new KuzzleRequest({ list: '["a"]', object: '{"a":1}' }, over("http"));
  assert.deepEqual(request.getArray("list"), ["a"]);
  assert.deepEqual(request.getObject("object"), { a: 1 });
  assert.throws(
    () => new KuzzleRequest({ list: '["a"]' }, over("websocket")).getArray("list"),
    errorId("api.assert.invalid_type"),
  );
  assert.deepEqual(new KuzzleRequest({ ids: "a,b" }).getArrayLegacy("ids"), ["a", "b"]);
});

test("members of the body are named with their path, and a missing body is told as such", () => {
  assert.throws(() => new KuzzleRequest({}).getBodyString("name"), errorId("api.assert.body_required"));
  assert.throws(
    () => new KuzzleRequest({ body: {} }).getBodyString("name"),
    (error: KuzzleError) => error.props[0] === "body.name",
  );
  assert.equal(new KuzzleRequest({ body: { a: { b: "x" } } }).getBodyString("a.b"), "x");
  assert.equal(new KuzzleRequest({ body: { "a.b": "y", a: { b: "x" } } }).getBodyString("a.b"), "y");
});

test("inherited members are no arguments", () => {
  assert.throws(() => new KuzzleRequest({}).getString("constructor"), errorId("api.assert.missing_argument"));
});

test("an id may be required, generated or ignored", () => {
  assert.throws(() => new KuzzleRequest({}).getId(), errorId("api.assert.missing_argument"));
  assert.throws(() => new KuzzleRequest({ _id: 3 }).getId(), errorId("api.assert.invalid_type"));
  assert.equal(new KuzzleRequest({}).getId({ ifMissing: "ignore" }), null);
  assert.equal(new KuzzleRequest({ _id: "" }).getId({ ifMissing: "generate", generator: () => "made" }), "made");
});

test("a GET search reads its body from the query string", () => {
  const request = new KuzzleRequest({ searchBody: '{"query":{"a":1}}', body: { query: {} } }, over("http", "GET"));
  assert.deepEqual(request.getSearchBody(), { query: { a: 1 } });
  assert.deepEqual(new KuzzleRequest({ body: { query: { b: 1 } } }, over("http", "POST")).getSearchBody(), {
    query: { b: 1 },
  });
});

test("an unknown exception is hidden behind one id, and kept as the cause", () => {
  const request = new KuzzleRequest({});
  const failure = new TypeError("x is not a function");
  request.setError(failure);
  assert.equal(request.error?.id, "plugin.runtime.unexpected_error");
  assert.equal(request.status, 500);
  assert.equal(request.error?.cause, failure);
  const known = new NotFoundError("nothing here");
  request.setError(known);
  assert.equal(request.error, known);
  assert.equal(request.status, 404);
});

test("a stream is refused where it cannot be sent", () => {
  const request = new KuzzleRequest({}, over("websocket"));
  assert.throws(() => request.setResult(new HttpStream(Readable.from([]))), errorId("api.assert.forbidden_stream"));
});

test("response headers replace, join or collect", () => {
  const { response } = new KuzzleRequest({}, { node: "n1" });
  response.setHeader("Location", "a");
  response.setHeader("location", "b");
  response.setHeader("X-Many", "1");
  response.setHeader("x-many", "2");
  response.setHeader("Set-Cookie", "a=1");
  response.setHeader("Set-Cookie", "b=2");
  assert.equal(response.getHeader("LOCATION"), "b");
  assert.equal(response.getHeader("x-many"), "1, 2");
  assert.deepEqual(response.getHeader("set-cookie"), ["a=1", "b=2"]);
  assert.equal(response.headers["X-Kuzzle-Node"], "n1");
  response.configure({ headers: { "X-Mine": "yes", "Set-Cookie": "c=3" }, status: 201 });
  assert.deepEqual(response.content().headers, { "x-mine": "yes" });
  assert.equal(response.status, 201);
});

test("the envelope leaves out index and collection when there are none", () => {
  const { response } = new KuzzleRequest({ requestId: "r", controller: "server", action: "now" });
  const envelope = JSON.parse(JSON.stringify(response.content()));
  assert.equal("index" in envelope, false);
  assert.deepEqual(envelope.headers, {});
  assert.equal(envelope.volatile, null);
});

test("a request is given its connection in any of the forms that authors of protocols write", () => {
  const connection = new ClientConnection("mine", ["10.0.0.1"], { agent: "me" });
  const { id, headers } = connection;
  for (const options of [connection, { connection }]) {
    const { context } = new KuzzleRequest({}, options);
    const { protocol, ips, misc } = context.connection;
    assert.deepEqual([context.connection.id, protocol, ips, misc.headers], [id, "mine", ["10.0.0.1"], headers]);
  }
  const { context } = new KuzzleRequest({}, { connectionId: id, protocol: "mine", headers });
  assert.deepEqual([context.connection.id, context.protocol, context.connection.misc.headers], [id, "mine", headers]);
});
