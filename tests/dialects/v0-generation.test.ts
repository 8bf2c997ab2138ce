/** One whole plugin of each dialect of Kuzzle 0, side by side; names with wildcards; the order and the time of pipes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectHttp, connectWebSocket } from "../../testing/index.ts";
import { type FormerServer, firstPackage, formerPackage, listed, startFormer } from "./former-server.ts";

const action = `
Books.prototype.lend = function (requestObject, connection) {
  var response = new this.context.ResponseObject(requestObject, { dialect: 'DIALECT', to: requestObject.data.body.name, user: connection.token.user._id });
  return Promise.resolve(response);
};`;

/** 0.3 to 0.6: no context in init, the controller is a constructor that gets it. */
const a = `
function Books (context) { this.context = context; }
${action.replace("DIALECT", "a")}
module.exports = function () {
  this.hooks = { 'data:create': 'note' };
  this.pipes = { 'data:create': 'stamp' };
  this.controllers = { books: 'Books' };
  this.routes = [{ verb: 'get', url: '/lend/:name', controller: 'books', action: 'lend' }];
  this.noted = 0;
  this.init = function (config, isDummy) { this.got = [config, isDummy, arguments.length]; return this; };
  this.Books = function (context) { return new Books(context); };
  this.note = function () { this.noted++; };
  this.stamp = function (requestObject, callback) { requestObject.data.body.a = true; callback(null, requestObject); };
};`;

/** 0.6.5 to RC3: a flat context, factories without an argument whose \`this\` is the plugin. */
const b = `
function Books (context) { this.context = context; }
${action.replace("DIALECT", "b")}
module.exports = function () {
  this.hooks = { 'data:beforeCreate': 'note' };
  this.pipes = { 'data:beforeCreate': ['stamp', 'missing'] };
  this.controllers = { books: 'make' };
  this.routes = [{ verb: 'get', url: '/lend/:name', controller: 'books', action: 'lend' }];
  this.noted = 0;
  this.init = function (config, context, isDummy) {
    var flat = [context.RequestObject, context.ResponseObject, context.RealTimeResponseObject, context.NotificationObject, context.BadRequestError,
      context.ParseError, context.repositories, context.getRouter, context.remoteActions, context.Dsl];
    this.got = [config, isDummy, arguments.length, flat.every(function (one) { return typeof one === 'function'; })];
    this.context = context;
    context.passwordManager = 'mine';
    return false;
  };
  this.make = function () { return arguments.length === 0 ? new Books(this.context) : null; };
  this.note = function () { this.noted++; };
  this.stamp = function (requestObject, callback) { requestObject.data.body.b = true; callback(null, requestObject); };
};`;

/** RC4: the structured context, and isDummy still. */
const c = b
  .replace("'b'", "'c'")
  .replace("body.b", "body.c")
  .replace(
    /var flat = \[[\s\S]*?\];/,
    `var flat = [context.accessors.passport.use, context.accessors.router.execute, context.accessors.users.load, context.accessors.users.create,
      context.constructors.Dsl, context.constructors.RequestObject, context.constructors.ResponseObject, context.errors.KuzzleError];`,
  )
  .replace("return new Books(this.context)", "return new Books(this.context.constructors)")
  .replace("new Books(this.context)", "new Books(this.context.constructors)");

/** RC5 to RC7: no isDummy any more. */
const d = c
  .replace("'c'", "'d'")
  .replace("body.c", "body.d")
  .replace("(config, context, isDummy)", "(config, context)")
  .replace("isDummy, arguments.length", "undefined, arguments.length")
  .replace("return false;", "this.scope = { local: ['email'] };");

const dialects = { a, b, c, d };

interface Instance {
  readonly got: readonly unknown[];
  readonly noted: number;
  readonly context: Record<string, unknown>;
}
const instanceOf = ({ server }: FormerServer, name: string): Instance =>
  server.backend.plugin.get(name) as unknown as Instance;

const all = {
  ...Object.assign({}, ...Object.entries(dialects).map(([name, main]) => firstPackage(`of-${name}`, main))),
  ...listed(
    Object.fromEntries(
      Object.keys(dialects).map((name) => [
        `of-${name}`,
        { version: "1", activated: true, customConfig: { of: name } },
      ]),
    ),
  ),
  ...formerPackage(
    "one",
    `module.exports = function () { this.init = function () {}; this.pipes = { 'document:beforeCreate': 'stamp' };
     this.stamp = function (request, callback) { request.input.body.one = true; callback(null, request); }; };`,
  ),
  ...formerPackage(
    "two",
    `module.exports = class { constructor () { this.pipes = { "document:beforeCreate": async (request) => { request.input.body.two = true; return request; } }; } async init () {} };`,
    { name: "two", kuzzleVersion: ">=2.0.0 <3.0.0" },
  ),
};

test("plugins of every dialect get what they expect in init, beside plugins of the other generations", async (t) => {
  const former = await startFormer(t, all);
  assert.deepEqual(instanceOf(former, "of-a").got, [{ of: "a" }, false, 2]);
  assert.deepEqual(instanceOf(former, "of-b").got, [{ of: "b" }, false, 3, true]);
  assert.deepEqual(instanceOf(former, "of-c").got, [{ of: "c" }, false, 3, true]);
  assert.deepEqual(instanceOf(former, "of-d").got, [{ of: "d" }, undefined, 3, true]);
  assert.equal(instanceOf(former, "of-b").context.passwordManager, "mine");
  assert.notEqual(instanceOf(former, "of-b").context, instanceOf(former, "of-c").context);
  const { result } = await former.ws.query({
    controller: "document",
    action: "create",
    index: "library",
    collection: "books",
    body: {},
  } as never);
  const { _kuzzle_info: _, ...fields } = (result as { _source: Record<string, unknown> })._source;
  assert.deepEqual(fields, { one: true, two: true, a: true, b: true, c: true, d: true });
  for (const name of Object.keys(dialects)) assert.equal(instanceOf(former, `of-${name}`).noted, 1, name);
});

for (const name of Object.keys(dialects)) {
  test(`the controller of a plugin of dialect ${name} answers over HTTP and over sockets`, async (t) => {
    const { server, ask } = await startFormer(t, all);
    const answer = await fetch(`${server.url}/api/1.0/_plugin/of-${name}/lend/John%20Doe`);
    assert.equal(answer.headers.get("content-type")?.startsWith("application/json"), true);
    const { status, error, result } = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([status, error, result], [200, null, { dialect: name, to: "John Doe", user: -1 }]);
    const asked = await ask({ controller: `of-${name}/books`, action: "lend", body: { name: "Eve" } });
    assert.deepEqual(asked, { dialect: name, to: "Eve", user: -1 });
  });
}

const wildcards = `
module.exports = function () {
  var self = this;
  this.seen = [];
  this.hooks = {};
  this.pipes = {};
  this.init = function (config, context, isDummy) {
    config.hooks.forEach(function (name) { self.hooks[name] = 'hear'; });
    config.pipes.forEach(function (name, at) {
      self.pipes[name] = 'pipe' + at;
      self['pipe' + at] = function (payload, callback) { self.seen.push('pipe ' + name); callback(null, payload); };
    });
  };
  this.hear = function (payload, name) { this.seen.push(name); };
};`;

test("hooks read names by segments, pipes know everything below the first one, and what both are told is the name as written", async (t) => {
  const hooks = [
    "data:*",
    "*:beforeNow",
    "*:*",
    "**",
    "*",
    "data:before*",
    "*:before*",
    "memoryStorage:*",
    "*:afterSet",
    "core:*:*",
  ];
  const pipes = ["data:beforeNow", "data:*", "data:before*", "*:beforeNow", "memoryStorage:*", "core:*"];
  const { server, ws } = await startFormer(t, {
    ...firstPackage("wild", wildcards, { defaultConfig: { hooks, pipes } }),
    ...listed({ wild: { version: "1", activated: true } }),
  });
  const { seen } = server.backend.plugin.get("wild") as unknown as { seen: string[] };
  const heardFor = async (run: () => Promise<unknown>): Promise<string[]> => {
    seen.length = 0;
    await run();
    return seen.filter((name) => name !== "**").sort();
  };
  const now = await heardFor(() => ws.query({ controller: "server", action: "now" }));
  const phases = ["*:*", "*:*", "*:beforeNow", "data:*", "data:*"];
  assert.deepEqual(now, [...phases, "pipe data:*", "pipe data:*", "pipe data:beforeNow"]);
  const set = await heardFor(() => ws.ms.set("k", "v"));
  assert.deepEqual(set, [
    "*:*",
    "*:*",
    "*:afterSet",
    "memoryStorage:*",
    "memoryStorage:*",
    "pipe memoryStorage:*",
    "pipe memoryStorage:*",
  ]);
  const subscribed = await heardFor(() => ws.realtime.subscribe("library", "books", {}, () => {}));
  assert.deepEqual(
    subscribed.filter((name) => name.startsWith("core") || name.startsWith("pipe core")),
    ["core:*:*"],
  );
  assert.ok(seen.includes("**"));
});

const piping = (name: string): string => `
module.exports = function () {
  this.init = function (config, context, isDummy) {};
  this.pipes = { 'data:*': 'last', 'data:beforeCreate': ['first', 'second'] };
  var note = function (r, which) { r.data.body.order = (r.data.body.order || []).concat('${name} ' + which); };
  this.first = function (r, callback) { note(r, 'first'); callback(null, r); };
  this.second = function (r, callback) { setTimeout(function () { note(r, 'second'); callback(null, r); }, 1); };
  this.last = function (r, callback) { if (r.data.body && r.data.body.order) note(r, 'last'); callback(null, r); };
};`;

test("pipes that name the event run before those of a wildcard, by plugin and as declared, each with what the one before handed on", async (t) => {
  const { ws } = await startFormer(t, {
    ...firstPackage("x", piping("x")),
    ...firstPackage("y", piping("y")),
    ...listed({ x: { version: "1", activated: true }, y: { version: "1", activated: true } }),
  });
  const { _source } = await ws.document.create("library", "books", {});
  assert.deepEqual(_source.order, ["x first", "x second", "y first", "y second", "x last", "y last"]);
});

const slow = `
module.exports = function () {
  this.init = function (config, context, isDummy) {};
  this.pipes = { 'data:beforeCreate': 'pipe' };
  this.pipe = function (requestObject, callback) {
    var self = this, ms = requestObject.data.body.ms;
    setTimeout(function () { self.answered = true; requestObject.data.body.late = true; callback(null, requestObject); }, ms);
  };
};`;

const lateOf = ({ _source }: { readonly _source: object }): unknown => (_source as { late?: unknown }).late;

for (const [name, customConfig, common, ms, fails] of [
  ["250 ms unless anything is said", {}, {}, 400, true],
  ["its own pipeTimeout", { pipeTimeout: 30 }, { pipeTimeout: 5_000 }, 200, true],
  ["the pipeTimeout for all", {}, { pipeTimeout: 30 }, 200, true],
  ["for ever when it is 0", { pipeTimeout: 0 }, { pipeTimeout: 30 }, 400, false],
] as const) {
  test(`a pipe may take ${name}; then the request fails, and what comes later is dropped`, async (t) => {
    const files = {
      ...firstPackage("slow", slow),
      ...listed({ slow: { version: "1", activated: true, customConfig } }),
    };
    const { server, ws } = await startFormer(
      t,
      files,
      {},
      {
        config: Object.fromEntries(Object.entries(common).map(([key, value]) => [`plugins.common.${key}`, value])),
      },
    );
    const creating = ws.document.create("library", "books", { ms }, "one");
    if (!fails) {
      assert.equal(lateOf(await creating), true);
      return;
    }
    const limit = "pipeTimeout" in customConfig || "pipeTimeout" in common ? 30 : 250;
    await assert.rejects(creating, {
      status: 504,
      id: "plugin.runtime.pipe_timeout",
      message: `Timeout error. Pipe plugin slow exceeded ${limit}ms to execute. Aborting pipe`,
    });
    const plugin = server.backend.plugin.get("slow") as { answered?: boolean };
    const deadline = Date.now() + 5_000;
    while (plugin.answered !== true) {
      assert.ok(Date.now() < deadline);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(await ws.document.exists("library", "books", "one"), false);
    assert.equal(lateOf(await ws.document.create("library", "books", { ms: 0 }, "two")), true);
  });
}

test("the errors of a pipe reach the client as they are: text, class, answer", async (t) => {
  const main = `
  module.exports = function () {
    this.init = function (config, context, isDummy) { this.context = context; };
    this.pipes = { 'data:beforeNow': 'pipe' };
    this.pipe = function (requestObject, callback) {
      var errors = {
        error: new Error('just so'), text: 'a text', conflict: new this.context.KuzzleError('teapot', 418),
        parse: new this.context.ParseError('bad text'), wrapped: new this.context.BadRequestError(new Error('inner')),
        answer: new this.context.ResponseObject(requestObject, new this.context.ServiceUnavailableError('closed')),
        partial: new this.context.PartialError('some', ['x'])
      };
      callback(errors[requestObject.metadata.kind], requestObject);
    };
  };`;
  const { server, ws } = await startFormer(t, {
    ...firstPackage("refusing", main),
    ...listed({ refusing: { version: "1", activated: true } }),
  });
  for (const [kind, status, message] of [
    ["error", 500, "just so"],
    ["text", 500, "a text"],
    ["conflict", 418, "teapot"],
    ["parse", 400, "bad text"],
    ["wrapped", 400, "inner"],
    ["answer", 503, "closed"],
    ["partial", 206, "some"],
  ] as const) {
    const asked = ws.query({ controller: "server", action: "now", volatile: { kind } } as never);
    await assert.rejects(asked, { status, message });
  }
  const http = await connectHttp(server);
  assert.ok((await http.query({ controller: "server", action: "info" } as never)).result);
});

test("after a logout the token ends that the plugin hands on", async (t) => {
  const main = `
  module.exports = function () {
    this.init = function (config, context, isDummy) { this.context = context; };
    this.pipes = { 'auth:beforeLogout': 'pipe' };
    this.pipe = function (context, callback) {
      this.shown = [context.connection.type, context.token.user._id, context.user._id, context.profile, context.role];
      context.token = { _id: this.other };
      callback(null, context);
    };
  };`;
  const { server, ws } = await startFormer(
    t,
    { ...firstPackage("leaving", main), ...listed({ leaving: { version: "1", activated: true } }) },
    {},
    { config: { "limits.loginsPerSecond": 100 } },
  );
  const local = { username: "ada", password: "a long secret" };
  await ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: { local } } as never);
  const other = await connectWebSocket(server);
  t.after(() => other.disconnect());
  const plugin = server.backend.plugin.get("leaving") as { other?: string; shown?: unknown };
  plugin.other = await other.auth.login("local", local);
  const own = await ws.auth.login("local", local);
  await ws.query({ controller: "auth", action: "logout" } as never);
  assert.deepEqual(plugin.shown, ["websocket", "ada", "ada", "default", "default"]);
  ws.jwt = own;
  assert.equal((await ws.auth.checkToken(own)).valid, true);
  assert.equal((await ws.auth.checkToken(plugin.other)).valid, false);
});
