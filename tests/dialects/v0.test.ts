/** Plugins as their authors wrote them for Kuzzle 0, on a whole server and beside plugins of other generations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectHttp } from "../../testing/index.ts";
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

const login = `
function Strategy (verify) { this.name = 'mine'; this._verify = verify; }
Strategy.prototype.authenticate = function (request, options) {
  var self = this;
  this._verify(request.query.username, request.query.password, function (error, user, info) {
    if (error) return self.error(error);
    if (!user) return self.fail(info);
    self.success(user);
  });
};
module.exports = function () {
  WAY
  this.verify = function (username, password, done) {
    this.context.repositories().user.load(username).then(function (user) {
      if (user === null) return done(null, false, { message: 'unknown user' });
      done(null, user.password === password ? user : false, { message: 'wrong password' });
    }).catch(done);
  };
};`;

for (const [name, way] of [
  [
    "in init",
    "this.scope = { mine: ['email'] }; this.init = function (config, context) { this.context = context; context.accessors.passport.use(new Strategy(this.verify.bind(this))); };",
  ],
  [
    "by the hook auth:loadStrategies",
    "this.hooks = { 'auth:loadStrategies': 'load' }; this.init = function (config, context, isDummy) { this.context = context; }; this.load = function (passport, event) { passport.use(new Strategy(this.verify.bind(this))); };",
  ],
] as const) {
  test(`a strategy that is given to Passport ${name} logs in a user whose password is its own`, async (t) => {
    const { server, ws } = await startFormer(t, {
      ...firstPackage("login", login.replace("WAY", way)),
      ...listed({ login: { version: "1", activated: true } }),
    });
    await ws.security.createUser("ada", {
      content: { profileIds: ["default"], password: "secret" },
      credentials: {},
    } as never);
    const other = await connectHttp(server);
    await assert.rejects(other.auth.login("mine", { username: "ada", password: "no" }), {
      status: 401,
      message: "wrong password",
    });
    await ws.auth.login("mine", { username: "ada", password: "secret" });
    assert.equal((await ws.auth.getCurrentUser())._id, "ada");
  });
}

const secrets = `
var q = require('q'), Bluebird = require('bluebird'), uuid = require('uuid'), util = require('util');
module.exports = function () {
  this.pipes = { 'security:beforeCreateUser': 'encrypt', 'security:formatUserForSerialization': 'hide' };
  this.init = function (config, context, isDummy) { this.context = context; };
  this.encrypt = function (requestObject, callback) {
    var deferred = q.defer(), body = requestObject.data.body;
    setTimeout(function () { deferred.resolve('hash of ' + body.password); }, 1);
    deferred.promise
      .then(function (hash) { body.password = hash; callback(null, requestObject); })
      .fail(callback);
  };
  this.hide = function (user, callback) {
    if (!util.isString(uuid.v4())) return callback(new Error('no uuid'));
    Bluebird.delay(1).then(function () { delete user._source.password; callback(null, user); });
  };
};`;

test("a plugin that keeps passwords in users encrypts them on the way in, and hides them in answers", async (t) => {
  const { server, ws } = await startFormer(t, {
    ...firstPackage("secrets", secrets),
    ...listed({ secrets: { version: "1", activated: true } }),
  });
  const content = { profileIds: ["default"], password: "secret", name: "Ada" };
  const created = await ws.query({
    controller: "security",
    action: "createUser",
    _id: "ada",
    body: { content, credentials: {} },
  } as never);
  assert.equal(JSON.stringify(created.result).includes("password"), false);
  const found = await ws.query({ controller: "security", action: "searchUsers", body: {} } as never);
  assert.equal(JSON.stringify(found.result).includes("hash of"), false);
  assert.equal(JSON.stringify(found.result).includes("Ada"), true);
  const { context } = server.backend.plugin.get("secrets") as unknown as {
    context: { repositories: () => { user: { load: (id: string) => Promise<{ password: string }> } } };
  };
  assert.equal((await context.repositories().user.load("ada")).password, "hash of secret");
});

test("a protocol of a plugin executes requests under their former names, with the rights of the token", async (t) => {
  const main = `
  module.exports = function () {
    this.controllers = { probe: 'makeProbe' };
    this.init = function (config, context, isDummy) { this.context = context; };
    this.makeProbe = function () {
      var context = this.context, router = context.getRouter();
      var run = function (data, token) {
        return router.newConnection('mine', 'c1').then(function (connection) {
          return new Promise(function (resolve) {
            router.execute(token, new context.RequestObject(data, {}, 'mine'), connection, function (error, response) {
              resolve([error ? error.message : null, response.status, response.toJson().result]);
            });
          });
        });
      };
      return { run: function (requestObject) { return run(requestObject.data.body.data, requestObject.data.body.token); } };
    };
  };`;
  const { ask, ws } = await startFormer(t, {
    ...firstPackage("mine", main),
    ...listed({ mine: { version: "1", activated: true } }),
  });
  const run = (data: object, token?: string) =>
    ask({ controller: "mine/probe", action: "run", body: { data, token } }) as Promise<unknown[]>;
  const [error, status, result] = await run({
    controller: "write",
    action: "create",
    index: "library",
    collection: "books",
    body: { _id: "n", a: 1 },
  });
  assert.deepEqual([error, status, (result as { _id: string })._id], [null, 200, "n"]);
  assert.equal((await run({ controller: "read", action: "nothing" }))[1], 404);
  assert.equal((await run({ controller: "read", action: "now" }, "Bearer nonsense"))[1], 401);
  await ws.security.createUser("ada", {
    content: { profileIds: ["anonymous"] },
    credentials: { local: { username: "ada", password: "a long secret" } },
  } as never);
  const jwt = await ws.auth.login("local", { username: "ada", password: "a long secret" });
  assert.equal((await run({ controller: "read", action: "now" }, `Bearer ${jwt}`))[1], 200);
  const [, , user] = await run({ controller: "auth", action: "getCurrentUser" }, jwt);
  assert.equal((user as { _id: string })._id, "ada");
});

const faulty = (pipe: string): string => `
module.exports = function () {
  this.init = function (config, context, isDummy) {};
  this.pipes = { 'data:beforeNow': 'pipe' };
  this.pipe = ${pipe};
};`;

for (const [name, pipe, expected] of [
  ["throws", "function () { throw new Error('boom'); }", { status: 500 }],
  ["never answers", "function () {}", { status: 504, id: "plugin.runtime.pipe_timeout" }],
  ["hands on garbage", "function (r, callback) { callback(null, 42); }", { status: 500 }],
  ["hands on nothing", "function (r, callback) { callback(null); }", { status: 500 }],
  ["writes a body of no kind", "function (r, callback) { r.data.body = 'text'; callback(null, r); }", { status: 400 }],
  ["refuses with a text", "function (r, callback) { callback('no'); }", { status: 500 }],
] as const) {
  test(`a pipe of the first generation that ${name} fails the request, and the server goes on`, async (t) => {
    const files = {
      ...firstPackage("faulty", faulty(pipe)),
      ...listed({ faulty: { version: "1", activated: true, customConfig: { pipeTimeout: 60 } } }),
    };
    const { ask } = await startFormer(t, files);
    await assert.rejects(ask({ controller: "server", action: "now" }), expected);
    assert.ok(await ask({ controller: "server", action: "info" }));
  });
}

test("a pipe of the first generation that answers twice is heard once", async (t) => {
  const twice =
    "function (r, callback) { callback(null, r); callback(new Error('again')); setTimeout(function () { callback(null, 1); }, 5); }";
  const { ask } = await startFormer(t, {
    ...firstPackage("twice", faulty(twice)),
    ...listed({ twice: { version: "1", activated: true } }),
  });
  assert.ok(await ask({ controller: "server", action: "now" }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(await ask({ controller: "server", action: "now" }));
});

test("an init of the first dialect gets isDummy as its second argument, and a plugin for workers is not initialised", async (t) => {
  const main =
    "module.exports = function () { this.init = function (config, isDummy) { this.got = [config, isDummy, arguments.length]; }; };";
  const { server } = await startFormer(t, {
    ...firstPackage("oldest", main, { defaultConfig: { a: 1 }, loadedBy: "all" }),
    ...firstPackage("worker", main, { defaultConfig: { loadedBy: "worker" } }),
    ...listed({ oldest: { version: "0.3.0", activated: true }, worker: { version: "0.3.0", activated: true } }),
  });
  const got = (name: string) => (server.backend.plugin.get(name) as unknown as { got?: unknown }).got;
  assert.deepEqual(got("oldest"), [{ a: 1, loadedBy: "all" }, false, 2]);
  assert.equal(got("worker"), undefined);
});

test("an exception in init, or a factory that is none, stops the start", async (t) => {
  for (const [main, says] of [
    ["module.exports = function () { this.init = function () { throw new Error('no port'); }; };", /no port/],
    ["module.exports = function () { this.init = function () {}; this.controllers = { a: 'missing' }; };", /missing/],
  ] as const) {
    await assert.rejects(
      startFormer(t, { ...firstPackage("bad", main), ...listed({ bad: { version: "1", activated: true } }) }),
      says,
    );
  }
});
