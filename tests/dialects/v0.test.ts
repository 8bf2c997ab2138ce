/** Plugins as their authors wrote them for Kuzzle 0, on a whole server and beside plugins of other generations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, formerPackage, listed, startFormer } from "./former-server.ts";

const core = `
var RequestObject = require('kuzzle-common-objects').Models.requestObject;

function BookController (context) {
  this.context = context;
}
BookController.prototype.lend = function (requestObject, connection) {
  var response = new this.context.ResponseObject(requestObject, {
    to: requestObject.data.body.name, id: requestObject.data._id, type: connection.connection.type,
    own: requestObject instanceof RequestObject && requestObject instanceof this.context.RequestObject
  });
  response.status = 202;
  return Promise.resolve(response);
};
BookController.prototype.refuse = function (requestObject) {
  return Promise.reject(new this.context.ResponseObject(requestObject, new this.context.ForbiddenError('not lent')));
};
BookController.prototype.plain = function () { return Promise.resolve({ plain: true }); };

module.exports = function () {
  this.seen = [];
  this.hooks = {
    'data:afterCreate': 'remember',
    'data:*': 'rememberAll',
    '*:beforeNow': ['remember', 'missing']
  };
  this.pipes = {
    'data:beforeCreate': 'before',
    'data:afterCreate': 'after',
    'data:beforeSearch': 'search',
    'data:delete': 'refuse',
    'data:afterGet': 'fail',
    'security:beforeCreateRole': 'role'
  };
  this.controllers = { books: 'makeBooks' };
  this.routes = [
    { verb: 'get', url: '/lend/:name', controller: 'books', action: 'lend' },
    { verb: 'post', url: '/lend', controller: 'books', action: 'lend' },
    { verb: 'get', url: '', controller: 'books', action: 'plain' },
    { verb: 'get', url: '/nowhere', controller: 'books', action: 'nothing' }
  ];
  this.init = function (config, context, isDummy) {
    this.config = config;
    this.context = context;
    this.isDummy = isDummy;
    context.note = 'mine';
    return this;
  };
  this.makeBooks = function () { return new BookController(this.context); };
  this.remember = function (payload, event) { this.seen.push([event, payload.constructor.name]); };
  this.rememberAll = function (payload, event) { this.seen.push([event, payload.action]); };
  this.before = function (requestObject, callback) {
    requestObject.tag = this.config.by;
    requestObject.data.body.by = this.config.by;
    requestObject.data._id = 'made-' + requestObject.data._id;
    requestObject.metadata = { left: 'here' };
    setTimeout(function () { callback(null, requestObject); }, 2);
  };
  this.after = function (responseObject, callback) {
    responseObject.data.body.answered = [responseObject.constructor.name, responseObject.status, responseObject.requestId !== undefined];
    responseObject.status = 201;
    callback(null, responseObject);
  };
  this.search = function (requestObject, callback) {
    requestObject.data.body = { query: { match_all: {} } };
    requestObject.data.size = 1;
    callback(null, requestObject);
  };
  this.refuse = function (requestObject, callback) { callback(new this.context.ForbiddenError('kept')); };
  this.fail = function (responseObject, callback) { callback(null, new this.context.ResponseObject({}, new this.context.NotFoundError('hidden'))); };
  this.role = function (payload, callback) {
    payload.requestObject.data.body.controllers.server = { actions: { now: payload.context.connection.type === 'websocket' } };
    callback(null, payload);
  };
};`;

const beside = {
  ...formerPackage(
    "one",
    `module.exports = function () { this.init = function () {}; this.pipes = { 'data:beforeCreate': 'note', 'document:beforeCreate': 'also' };
     this.note = function (requestObject, callback) { requestObject.data.body.tagOfFirst = requestObject.tag; callback(null, requestObject); };
     this.also = function (request) { request.input.body.one = true; return Promise.resolve(request); }; };`,
  ),
  ...formerPackage(
    "two",
    `module.exports = class { constructor () { this.pipes = { "document:beforeCreate": async (request) => { request.getBody().two = request.getId(); return request; } }; } async init () {} };`,
    { name: "two", kuzzleVersion: ">=2.0.0 <3.0.0" },
  ),
};

const start = (t: Parameters<typeof startFormer>[0]) =>
  startFormer(t, {
    ...firstPackage("first", core, { defaultConfig: { by: "default", other: { a: 1 } } }),
    ...listed({ first: { version: "0.9.1", activated: true, customConfig: { by: "ada" } } }),
    ...beside,
  });

const instanceOf = (server: Awaited<ReturnType<typeof start>>["server"], name: string) =>
  server.backend.plugin.get(name) as unknown as {
    seen: unknown[];
    config: unknown;
    isDummy: unknown;
    context: Record<string, unknown>;
  };

test("init gets the merged configuration, a context of its own and isDummy false", async (t) => {
  const { server } = await start(t);
  const { config, isDummy, context } = instanceOf(server, "first");
  assert.deepEqual(config, { by: "ada", other: { a: 1 } });
  assert.equal(isDummy, false);
  assert.equal(context.note, "mine");
});

test("pipes get request and answer objects, what they write arrives, and notes stay on the request", async (t) => {
  const { ws } = await start(t);
  const created = await ws.query({
    controller: "document",
    action: "create",
    index: "library",
    collection: "books",
    _id: "x",
    body: { title: "t" },
  } as never);
  const { _id, _source, answered } = created.result as {
    _id: string;
    _source: Record<string, unknown>;
    answered: unknown;
  };
  assert.equal(_id, "made-x");
  const { _kuzzle_info: _, ...fields } = _source;
  // The last in load order is the listed plugin: those of plugins/enabled have run before it.
  assert.deepEqual(fields, { title: "t", one: true, two: "x", by: "ada" });
  assert.deepEqual(answered, ["ResponseObject", 200, true]);
  assert.equal(created.status, 201);
  assert.deepEqual((created as { volatile: unknown }).volatile, { left: "here" });
});

test("a search is replaced, a bare name refuses, and an answer that holds an error is one", async (t) => {
  const { ws } = await start(t);
  for (const id of ["a", "b"]) await ws.document.create("library", "books", {}, id);
  const found = await ws.document.search("library", "books", { query: { match_none: {} } });
  assert.equal(found.fetched, 1);
  assert.equal(found.total, 2);
  await assert.rejects(ws.document.delete("library", "books", "made-a"), { status: 403, message: "kept" });
  await assert.rejects(ws.document.get("library", "books", "made-a"), { status: 404, message: "hidden" });
});

test("a pipe on roles gets the connection beside the request", async (t) => {
  const { ws } = await start(t);
  const role = await ws.security.createRole("clock", { controllers: { auth: { actions: { "*": true } } } } as never);
  assert.deepEqual((role as { controllers: unknown }).controllers, {
    auth: { actions: { "*": true } },
    server: { actions: { now: true } },
  });
});

test("hooks get their payload and the name as declared, wildcards once for each event", async (t) => {
  const { server, ws } = await start(t);
  const { seen } = instanceOf(server, "first");
  seen.length = 0;
  await ws.document.create("library", "books", {}, "x");
  await ws.query({ controller: "server", action: "now" });
  assert.deepEqual(seen, [
    ["data:*", "create"],
    ["data:afterCreate", "ResponseObject"],
    ["data:*", "create"],
    ["data:*", "now"],
    ["*:beforeNow", "RequestObject"],
    ["data:*", "now"],
  ]);
});

test("actions of a factory's controller are reached by name and by both verbs, with all input in the body", async (t) => {
  const { server, ask } = await start(t);
  const get = async (path: string, init?: RequestInit) => {
    const answer = await fetch(server.url + path, init);
    const { result, error } = (await answer.json()) as { result: unknown; error: unknown };
    return [answer.status, result ?? error];
  };
  const lent = (to: string, type = "rest", id?: string) => ({
    to,
    type,
    own: true,
    ...(id === undefined ? {} : { id }),
  });
  assert.deepEqual(await get("/api/1.0/_plugin/first/lend/John%20Doe"), [202, lent("John Doe")]);
  assert.deepEqual(await get("/_plugin/first/lend/Al?_id=7"), [202, lent("Al", "rest", "7")]);
  const body = {
    method: "POST",
    body: JSON.stringify({ name: "Bob" }),
    headers: { "Content-Type": "application/json" },
  };
  assert.deepEqual(await get("/api/1.0/_plugin/first/lend", body), [202, lent("Bob")]);
  assert.deepEqual(await get("/api/1.0/_plugin/first"), [200, { plain: true }]);
  assert.equal((await get("/api/1.0/_plugin/first/nowhere"))[0], 404);
  assert.deepEqual(
    await ask({ controller: "first/books", action: "lend", body: { name: "Eve" } }),
    lent("Eve", "websocket"),
  );
  await assert.rejects(ask({ controller: "first/books", action: "refuse", body: {} }), {
    status: 403,
    message: "not lent",
  });
});
