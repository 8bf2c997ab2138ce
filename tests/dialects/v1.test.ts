/** Plugins as their authors wrote them for Kuzzle 1, on a whole server and beside plugins of other generations. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

const core = `
'use strict';
const { Request, errors } = require('kuzzle-common-objects');

class CorePlugin {
  constructor () {
    this.seen = [];
    this.hooks = {
      'document:afterCreate': 'remember',
      '*:beforeNow': 'remember',
      'generic:document:afterWrite': ['remember', (documents, event) => this.seen.push(['function', event, documents[0]._id])],
      'index:afterRefresh': 'remember'
    };
    this.pipes = {
      'document:beforeCreate': ['stamp', this.tag],
      'document:before*': 'wildcard',
      'generic:document:beforeUpdate': 'several',
      'document:afterGet': 'afterGet',
      'document:beforeDelete': 'refuse'
    };
    this.controllers = {
      greet: { hello: 'hello', twins: 'twins', refresh: 'refresh', seen: async () => this.seen.splice(0), derive: 'derive', context: 'describe' }
    };
    this.routes = [
      { verb: 'get', url: '/hello/:name', controller: 'greet', action: 'hello' },
      { verb: 'POST', url: 'shout', controller: 'greet', action: 'hello' }
    ];
  }

  init (customConfig, context) {
    this.config = customConfig;
    this.context = context;
    context.mine = 'written';
    return context.accessors.storage.bootstrap({ notes: { properties: { text: { type: 'keyword' } } } })
      .then(created => { this.created = created; return 'anything but false'; });
  }

  remember (payload, event) {
    this.seen.push([event, payload instanceof Request, arguments.length]);
  }
  stamp (request, callback) {
    if (!(request instanceof this.context.constructors.Request) || !(request instanceof Request)) {
      return callback(new Error('not our request'));
    }
    request.input.body.by = this.config.by;
    setTimeout(() => callback(null, request), 1);
  }
  tag (request) {
    request.input.body.tagged = true;
    return Promise.resolve(request);
  }
  wildcard (request, callback) {
    if (request.input.body) request.input.body.wild = true;
    callback(null, request);
  }
  several (documents, request, callback) {
    documents[0]._source.several = request.input.action;
    callback(null, documents);
  }
  afterGet (request, callback) {
    request.result._source.seenBy = this.config.by;
    request.response.setHeader('X-Seen', 'yes');
    callback(null, request);
  }
  refuse (request, callback) {
    callback(new this.context.errors.ForbiddenError('kept'));
  }
  hello (request) {
    return Promise.resolve('Hello ' + (request.input.args.name || 'nobody') + ' over ' + request.context.protocol);
  }
  twins (request) {
    const before = request.input.metadata;
    request.input.metadata = { twin: 2 };
    return Promise.resolve([before, request.input.volatile, request.response.status]);
  }
  derive (request) {
    const derived = new this.context.constructors.Request(request, { controller: 'document', action: 'create', _id: 'derived', body: {} });
    return this.context.accessors.execute(derived).then(answer => [answer === derived, answer.status, answer.result._id]);
  }
  refresh (request) {
    const derived = new this.context.constructors.Request(request, { controller: 'index', action: 'refresh' });
    return new Promise((resolve, reject) => this.context.accessors.execute(derived,
      (error, answer) => error ? reject(error) : resolve(answer.result)));
  }
  describe () {
    const { accessors, config, constructors, errorsManager } = this.context;
    const dsl = new constructors.Dsl();
    return dsl.register('library', 'books', { equals: { lang: 'fr' } }).then(({ id }) => ({
      created: this.created,
      version: config.version,
      mine: this.context.mine,
      matches: dsl.test('library', 'books', { lang: 'fr' }).includes(id),
      sameDsl: constructors.Dsl === constructors.Koncorde,
      errorClass: new this.context.errors.BadRequestError('x') instanceof errors.KuzzleError,
      triggers: accessors.trigger('done', 1) === undefined,
      declared: errorsManager.get('broken', 'glass').message
    }));
  }
}
module.exports = CorePlugin;`;

const beside = `
module.exports = class {
  constructor () {
    this.order = [];
    this.pipes = { "document:beforeCreate": async (request) => { request.getBody().second = request.getBody().by; return request; } };
  }
  async init () {}
};`;

const start = (t: Parameters<typeof startFormer>[0]): Promise<FormerServer> =>
  startFormer(
    t,
    {
      ...formerPackage("core-plugin", core, {
        name: "core-plugin",
        kuzzleVersion: "^1.1.x",
        errors: { broken: { code: 1, message: "broken %s", class: "BadRequestError" } },
      }),
      ...formerPackage("second", beside, { name: "second", kuzzleVersion: ">=2.0.0 <3.0.0" }),
    },
    { "core-plugin": { by: "ada" } },
  );

test("pipes of methods, functions, callbacks and promises change what is written, before those of another generation", async (t) => {
  const { ws } = await start(t);
  await ws.document.create("library", "books", { title: "x" }, "one");
  const { _source } = await ws.document.get("library", "books", "one");
  const { _kuzzle_info: _, ...fields } = _source as Record<string, unknown>;
  assert.deepEqual(fields, { title: "x", by: "ada", tagged: true, wild: true, second: "ada", seenBy: "ada" });
  await ws.document.update("library", "books", "one", { title: "y" });
  const updated = await ws.document.get("library", "books", "one");
  assert.equal(updated._source.several, "update");
  await assert.rejects(ws.document.delete("library", "books", "one"), { status: 403, message: "kept" });
});

test("hooks get the first argument and the event as declared, by the wildcards of their generation", async (t) => {
  const { ws, ask } = await start(t);
  await ws.document.create("library", "books", {}, "one");
  await ask({ controller: "server", action: "now" });
  await ws.collection.refresh("library", "books");
  assert.deepEqual(await ask({ controller: "core-plugin/greet", action: "seen" }), [
    ["document:afterCreate", true, 2],
    ["generic:document:afterWrite", false, 2],
    ["function", "generic:document:afterWrite", "one"],
    ["*:beforeNow", true, 2],
    ["index:afterRefresh", true, 2],
  ]);
});

test("actions are reached by name, and by their routes under both prefixes", async (t) => {
  const { server, ask, ws } = await start(t);
  assert.equal(
    await ask({ controller: "core-plugin/greet", action: "hello", name: "Bob" }),
    "Hello Bob over websocket",
  );
  const get = async (path: string, method = "GET") => {
    const answer = await fetch(server.url + path, { method });
    return ((await answer.json()) as { result: unknown; status: number }).result;
  };
  assert.equal(await get("/_plugin/core-plugin/hello/John%20Doe"), "Hello John Doe over http");
  assert.equal(await get("/api/1.0/_plugin/core-plugin/hello/Bob"), "Hello Bob over http");
  assert.equal(await get("/_plugin/core-plugin/hello/"), "Hello nobody over http");
  assert.equal(await get("/_plugin/core-plugin/shout?name=Al", "POST"), "Hello Al over http");
  assert.equal(await get("/_plugin/core-pluginshout?name=Al", "POST"), "Hello Al over http");
  assert.equal((await fetch(`${server.url}/apl/1.0/_plugin/core-plugin/hello/Bob`)).status, 404);
  assert.equal((await fetch(`${server.url}/_/core-plugin/hello/Bob`)).status, 404, "no route of a later generation");
  await ws.index.create("api");
  await ws.collection.create("api", "books", {});
  assert.equal((await fetch(`${server.url}/api/books/_mapping`)).status, 200, "an index may be called api");
});

test("metadata and volatile are one, and a derived request is executed", async (t) => {
  const { ask } = await start(t);
  const twins = await ask({ controller: "core-plugin/greet", action: "twins", volatile: { twin: 1 } });
  assert.deepEqual(twins, [
    {
      twin: 1,
      sdkName: (twins as [{ sdkName: string }])[0].sdkName,
      sdkInstanceId: (twins as [{ sdkInstanceId: string }])[0].sdkInstanceId,
    },
    { twin: 2 },
    102,
  ]);
  const derive = { controller: "core-plugin/greet", action: "derive", index: "library", collection: "books" };
  assert.deepEqual(await ask(derive), [true, 200, "derived"]);
  const refreshed = await ask({ controller: "core-plugin/greet", action: "refresh", index: "library" });
  assert.deepEqual(refreshed, { _shards: { total: 1, successful: 1, failed: 0 } });
  await assert.rejects(ask({ controller: "core-plugin/greet", action: "refresh", index: "nowhere" }), { status: 412 });
});

test("the context has what any release of the generation had", async (t) => {
  const { ask } = await start(t);
  assert.deepEqual(await ask({ controller: "core-plugin/greet", action: "context" }), {
    created: true,
    version: "1.12.0",
    mine: "written",
    matches: true,
    sameDsl: true,
    errorClass: true,
    triggers: true,
    declared: "broken glass",
  });
});

const login = `
function Strategy (options, verify) { this.name = 'any'; this.options = options; this._verify = verify; }
Strategy.prototype.authenticate = function (request) {
  this._verify(request, request.query.login, request.query.secret, (error, user, info) => {
    if (error) return this.error(error);
    return user ? this.success(user) : this.fail(info);
  });
};
module.exports = function () {
  const stored = {};
  this.init = function (config, context) {
    this.strategies = {
      word: {
        config: { constructor: Strategy, strategyOptions: {}, authenticateOptions: {}, fields: ['login', 'secret'] },
        methods: { create: 'create', delete: 'remove', exists: 'exists', update: 'create', validate: 'validate', verify: 'verify', getInfo: 'getInfo' }
      }
    };
  };
  this.create = (request, credentials, kuid) => { stored[credentials.login] = { kuid, secret: credentials.secret }; };
  this.remove = () => {};
  this.exists = (request, kuid) => Promise.resolve(Object.keys(stored).some(key => stored[key].kuid === kuid));
  this.getInfo = () => Promise.resolve({});
  this.validate = function (request, credentials, kuid, isUpdate) { return Promise.resolve(typeof isUpdate === 'boolean' && credentials.secret !== 'short'); };
  this.verify = (request, login, secret) => Promise.resolve(
    stored[login] && stored[login].secret === secret ? stored[login].kuid : { message: 'wrong word' });
};`;

test("a strategy that brings its class logs in, with the arguments of its release", async (t) => {
  const { server, ws } = await startFormer(t, formerPackage("words", login, undefined));
  const credentials = { word: { login: "ada", secret: "long enough" } };
  await assert.rejects(
    ws.security.createUser("bob", {
      content: { profileIds: ["default"] },
      credentials: { word: { login: "bob", secret: "short" } },
    } as never),
    { status: 400 },
  );
  await ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials } as never);
  const wrong = await fetch(`${server.url}/_login/word?login=ada&secret=no`, { method: "POST" });
  assert.equal(((await wrong.json()) as { error: { message: string } }).error.message, "wrong word");
  await ws.auth.login("word", credentials.word);
  assert.equal((await ws.auth.getCurrentUser())._id, "ada");
});

const faulty = (pipe: string, more = ""): string => `
module.exports = function () {
  this.init = function () {};
  this.pipes = { 'server:beforeNow': 'pipe' };
  this.pipe = ${pipe};
  ${more}
};`;

for (const [name, pipe, expected] of [
  ["throws", "() => { throw new Error('boom'); }", { status: 500, id: "plugin.runtime.unexpected_error" }],
  ["never answers", "() => {}", { status: 504, id: "plugin.runtime.pipe_timeout" }],
  ["answers by a promise of nothing", "() => Promise.resolve()", { status: 504 }],
  ["answers garbage", "(request, callback) => callback(null, 42)", { status: 500 }],
  ["answers nothing", "(request, callback) => callback()", { status: 500 }],
  ["refuses with a text", "(request, callback) => callback('no')", { status: 500 }],
  ["rejects", "() => Promise.reject(new Error('late'))", { status: 500 }],
] as const) {
  test(`a pipe that ${name} fails the request, and the server goes on`, async (t) => {
    const { ask } = await startFormer(t, formerPackage("faulty", faulty(pipe)), { faulty: { pipeTimeout: 50 } });
    await assert.rejects(ask({ controller: "server", action: "now" }), expected);
    assert.ok(await ask({ controller: "server", action: "info" }));
  });
}

test("a pipe that answers twice, or too late, is heard once", async (t) => {
  const twice =
    "(request, callback) => { callback(null, request); callback(new Error('again')); setTimeout(() => callback(null, 1), 5); }";
  const { ask } = await startFormer(
    t,
    {
      ...formerPackage("twice", faulty(twice)),
      ...formerPackage("late", faulty("(request, callback) => { setTimeout(() => callback(null, request), 80); }")),
    },
    { late: { pipeTimeout: 30 } },
  );
  await assert.rejects(ask({ controller: "server", action: "now" }), { status: 504 });
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.ok(await ask({ controller: "server", action: "info" }));
});

for (const [name, main] of [
  ["answers false", "module.exports = function () { this.init = () => Promise.resolve(false); };"],
  ["throws", "module.exports = function () { this.init = () => { throw new Error('no'); }; };"],
] as const) {
  test(`an init that ${name} stops the start, unless the plugin is of a release that was lenient`, async (t) => {
    const files = formerPackage("failing", main);
    await assert.rejects(startFormer(t, files), { id: "plugin.runtime.failed_init" });
    const { ask } = await startFormer(t, files, { failing: { _dialect: "v1.b" } });
    assert.ok(await ask({ controller: "server", action: "now" }));
  });
}

test("an action that answers no promise, or the request, is answered as the plugin's fault", async (t) => {
  const main = `module.exports = function () {
    this.init = () => {};
    this.controllers = { c: { plain: 'plain', itself: 'itself' } };
    this.plain = () => 1;
    this.itself = (request) => Promise.resolve(request);
  };`;
  const { ask } = await startFormer(t, formerPackage("mistaken", main));
  await assert.rejects(ask({ controller: "mistaken/c", action: "plain" }), {
    id: "plugin.controller.invalid_action_response",
  });
  await assert.rejects(ask({ controller: "mistaken/c", action: "itself" }), {
    id: "plugin.controller.unserializable_response",
  });
});
