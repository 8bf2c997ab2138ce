/** Plugins of Kuzzle 0 that speak a protocol of their own. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { firstPackage, keptLog, listed, startFormer } from "./former-server.ts";

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

test("a protocol of a plugin hears what its subscribers are to be told, under the ids that it gave them", async (t) => {
  const main = `
  module.exports = function () {
    this.heard = [];
    this.hooks = {
      'protocol:joinChannel': 'hear', 'protocol:leaveChannel': 'hear', 'protocol:notify': 'hear', 'protocol:broadcast': ['hear']
    };
    this.controllers = { probe: 'makeProbe' };
    this.init = function (config, context, isDummy) { this.context = context; };
    this.hear = function (data, event) {
      var payload = data.payload && data.payload.toJson();
      this.heard.push([event, data.id, typeof data.channel, payload && [payload.action, payload.state, payload.result._id]]);
    };
    this.makeProbe = function () {
      var self = this, context = this.context, router = context.getRouter();
      return {
        subscribe: function () {
          return router.newConnection('mine', 'client-1').then(function (connection) {
            self.connection = connection;
            var request = new context.RequestObject({ controller: 'subscribe', action: 'on', index: 'library', collection: 'books', body: {} }, {}, 'mine');
            return router.execute(request, connection);
          });
        },
        leave: function () { router.removeConnection(self.connection); return Promise.resolve(true); },
        heard: function () { return Promise.resolve(self.heard.splice(0)); }
      };
    };
  };`;
  const { ask, ws } = await startFormer(t, {
    ...firstPackage("mine", main),
    ...listed({ mine: { version: "1", activated: true } }),
  });
  const probe = (action: string) => ask({ controller: "mine/probe", action, body: {} });
  const { channel } = (await probe("subscribe")) as { channel: unknown };
  assert.equal(typeof channel, "string");
  await ws.document.create("library", "books", {}, "one");
  const heard: unknown[] = [];
  const deadline = Date.now() + 2_000;
  while (heard.length < 2 && Date.now() < deadline) heard.push(...((await probe("heard")) as unknown[]));
  assert.deepEqual(heard, [
    ["protocol:joinChannel", "client-1", "string", null],
    ["protocol:broadcast", null, "string", ["create", "done", "one"]],
  ]);
  await probe("leave");
  await ws.document.create("library", "books", {}, "two");
  const after = (await probe("heard")) as unknown[][];
  assert.equal(
    after.some(([event]) => event === "protocol:broadcast"),
    false,
  );
});

/** A protocol as its author would write it: it hears everything, and tells its clients apart by their ids. */
const mine = (hooks: string): string => `
module.exports = function () {
  this.heard = [];
  this.hooks = ${hooks};
  this.init = function (config, context, isDummy) { this.context = context; return this; };
  this.hear = function (data) { this.heard.push(['hear', data.channel, data.id, data.payload && data.payload.result._id]); };
  this.join = function (data) { this.heard.push(['join', data.channel, data.id]); };
};`;

interface Protocol {
  readonly heard: unknown[][];
  readonly context: {
    getRouter(): Router;
    RequestObject: new (...args: unknown[]) => object;
    accessors: { router: Router };
  };
}
interface Router {
  newConnection(...given: unknown[]): Promise<{ connection: { type: string; id: string }; token: unknown }>;
  execute(...given: unknown[]): Promise<Answer> | undefined;
  removeConnection(...given: unknown[]): unknown;
}
interface Answer {
  readonly status: number;
  readonly message?: string;
  readonly error: { readonly message: string } | null;
  readonly data: { readonly body: Record<string, unknown> };
  toJson(): Record<string, unknown>;
}

async function startProtocols(t: TestContext, plugins: Readonly<Record<string, string>>) {
  const log = keptLog();
  const files = Object.assign({}, ...Object.entries(plugins).map(([name, hooks]) => firstPackage(name, mine(hooks))));
  const lists = Object.fromEntries(Object.keys(plugins).map((name) => [name, { version: "1", activated: true }]));
  const started = await startFormer(t, { ...files, ...listed(lists) }, {}, { log: log.logger });
  const get = (name: string) => started.server.backend.plugin.get(name) as unknown as Protocol;
  return { ...started, get, lines: log.lines };
}

const called = (router: Router, ...given: unknown[]): Promise<[unknown, Answer]> =>
  new Promise((resolve) => {
    void router.execute(...given, (error: unknown, answer: Answer) => resolve([error, answer]));
  });

test("execute takes its arguments in all four forms, and a token as a text, bare or not, as headers, or in the request", async (t) => {
  const { get, ws } = await startProtocols(t, { mine: "{ 'protocol:notify': 'hear' }" });
  const local = { username: "ada", password: "a long secret" };
  await ws.security.createUser("ada", { content: { profileIds: ["default"] }, credentials: { local } } as never);
  const jwt = await ws.auth.login("local", local);
  const { context } = get("mine");
  const router = context.getRouter();
  assert.equal(context.accessors.router, router);
  const connection = await router.newConnection("mine", "c");
  assert.deepEqual(connection, { connection: { type: "mine", id: "c" }, token: null });
  const request = (headers?: object): object =>
    new context.RequestObject({ controller: "auth", action: "getCurrentUser", headers }, {}, "another");
  const idOf = (answer: Answer | undefined): unknown => answer?.data.body._id;
  for (const token of [`Bearer ${jwt}`, jwt, { authorization: `Bearer ${jwt}` }]) {
    assert.equal(idOf(await router.execute(token, request(), connection)), "ada");
    const [error, answer] = await called(router, token, request(), connection);
    assert.deepEqual([error, idOf(answer)], [null, "ada"]);
  }
  assert.equal(idOf(await router.execute(request({ authorization: `Bearer ${jwt}` }), connection)), "ada");
  assert.equal(idOf((await called(router, request({ authorization: jwt }), connection))[1]), "ada");
  for (const none of [null, undefined, false, ""]) {
    assert.equal(idOf(await router.execute(none, request(), connection)), "-1");
  }
  const outweighed = request({ authorization: "Bearer nonsense" });
  assert.equal(idOf(await router.execute(`Bearer ${jwt}`, outweighed, connection)), "ada");
  assert.equal((outweighed as { protocol: string }).protocol, "mine");
});

test("a refusal is usable as the error and as the answer, in every form", async (t) => {
  const { get, lines } = await startProtocols(t, { mine: "{ 'protocol:notify': 'hear' }" });
  const { context } = get("mine");
  const router = context.getRouter();
  const connection = await router.newConnection("mine", "c");
  const request = (data: object): object => new context.RequestObject(data, {}, "mine");
  const unknown = { connection: { type: "mine", id: "nobody" }, token: null };
  const cases: readonly (readonly [string, unknown[], number, RegExp])[] = [
    ["an unknown action", [request({ controller: "read", action: "nothing" }), connection], 404, /nothing/],
    ["no action", [request({ controller: "read" }), connection], 400, /names no action/],
    ["a dead token", ["Bearer nonsense", request({ controller: "read", action: "now" }), connection], 401, /token/],
    ["an unknown context", [request({ controller: "read", action: "now" }), unknown], 500, /newConnection/],
    ["no context", [request({ controller: "read", action: "now" })], 500, /newConnection/],
    ["no request", [connection], 500, /request is needed/],
    ["nothing", [], 500, /request is needed/],
    [
      "a body of no kind",
      [
        request({ controller: "write", action: "create", index: "library", collection: "books", body: "x" }),
        connection,
      ],
      400,
      /body/,
    ],
  ];
  for (const [name, given, status, says] of cases) {
    const [error, answer] = (await called(router, ...given)) as [Answer, Answer];
    for (const refused of [error, answer]) {
      assert.equal(refused.status, status, name);
      assert.match(String(refused.error?.message), says, name);
      assert.equal(refused.toJson().status, status, name);
    }
    assert.match(String(error.message), says, name);
    await assert.rejects(
      async () => router.execute(...given),
      (thrown: Answer) => {
        assert.deepEqual([thrown.status, thrown.message], [status, error.message], name);
        return typeof thrown.toJson === "function";
      },
    );
  }
  void router.execute(request({ controller: "read", action: "now" }), connection, () => {
    throw new Error("of the callback");
  });
  const deadline = Date.now() + 2_000;
  while (!lines.some(({ event }) => event.endsWith("plugin.callback_failed"))) {
    assert.ok(Date.now() < deadline);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

test("a connection is opened once for its id, and closing what is not open is only logged", async (t) => {
  const { get, ws, lines } = await startProtocols(t, { mine: "{ 'protocol:notify': 'hear' }" });
  const router = get("mine").context.getRouter();
  for (const given of [[], ["mine"], ["", "c"], ["mine", ""], ["mine", 7]]) {
    await assert.rejects(router.newConnection(...given), { status: 500, name: "PluginImplementationError" });
  }
  const first = await router.newConnection("mine", "c");
  assert.deepEqual(await router.newConnection("other", "c"), first);
  const count = async (): Promise<unknown> =>
    (
      (await ws.query({ controller: "server", action: "getLastStats" } as never)).result as {
        connections: Record<string, number>;
      }
    ).connections.mine;
  assert.equal(await count(), 1);
  assert.equal(router.removeConnection(first), undefined);
  const logged = (): number => lines.filter(({ event }) => event.endsWith("plugin.unknown_connection")).length;
  assert.equal(logged(), 0);
  for (const unknown of [first, undefined, {}, { connection: { id: "nobody" } }]) router.removeConnection(unknown);
  assert.equal(logged(), 4);
});

test("two protocols share the server: both hear everything, also what another kind of client does, and by wildcards", async (t) => {
  const { get, ws } = await startProtocols(t, {
    mine: "{ 'protocol:joinChannel': 'join', 'protocol:broadcast': ['hear', 'missing'] }",
    yours: "{ 'protocol:*': 'hear', 'proxy:broadcast': 'hear' }",
  });
  const { context, heard } = get("mine");
  const yours = get("yours").heard;
  const router = context.getRouter();
  const connection = await router.newConnection("mine", "c");
  const request = new context.RequestObject(
    { controller: "subscribe", action: "on", index: "library", collection: "books", body: {} },
    {},
    "mine",
  );
  const subscribing = called(router, request, connection);
  const [, answer] = await subscribing;
  const { channel } = answer.data.body;
  // Joined before the answer came.
  assert.deepEqual(heard, [["join", channel, "c"]]);
  assert.deepEqual(yours, [["hear", channel, "c", undefined]]);
  await ws.document.create("library", "books", {}, "one");
  const deadline = Date.now() + 2_000;
  while (heard.length < 2 || yours.length < 3) {
    assert.ok(Date.now() < deadline);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const broadcast = ["hear", channel, undefined, "one"];
  assert.deepEqual(heard[1], broadcast);
  assert.deepEqual(yours.slice(1), [broadcast, broadcast]);
  const room = answer.data.body.roomId;
  yours.length = 0;
  await router.execute(
    new context.RequestObject({ controller: "subscribe", action: "off", body: { roomId: room } }, {}, "mine"),
    connection,
  );
  assert.deepEqual(yours, [["hear", channel, "c", undefined]]);
  const { result } = await ws.query({ controller: "realtime", action: "count", body: { roomId: room } } as never);
  assert.deepEqual(result, { count: 0 });
});

test("a plugin that checks passwords itself finds them in the users that it asks for", async (t) => {
  const main = `
  function Local (verify) { this.name = 'local'; this.verify = verify; }
  Local.prototype.authenticate = function (request) {
    var self = this;
    this.verify(request.query.username, request.query.password, function (error, user, info) {
      if (error) return self.error(error);
      return user ? self.success(user) : self.fail(info);
    });
  };
  module.exports = function () {
    this.pipes = { 'security:beforeCreateUser': 'encrypt', 'security:beforeUpdateUser': 'encrypt' };
    this.init = function (config, context) {
      this.context = context;
      context.accessors.passport.use(new Local(this.verify.bind(this)));
    };
    this.scope = {};
    this.encrypt = function (requestObject, callback) {
      var body = requestObject.data.body;
      if (body.password) body.password = 'hash of ' + body.password;
      callback(null, requestObject);
    };
    this.verify = function (username, password, done) {
      this.context.accessors.users.load(username).then(function (user) {
        done(null, user && user.password === 'hash of ' + password ? user : false, { message: 'no' });
      }, done);
    };
  };`;
  const { server, ws } = await startFormer(
    t,
    {
      ...firstPackage("kuzzle-plugin-auth-passport-local", main),
      ...listed({ "kuzzle-plugin-auth-passport-local": { version: "1.0.0", activated: true } }),
    },
    {},
    { config: { "limits.loginsPerSecond": 100 } },
  );
  const { context } = server.backend.plugin.get("kuzzle-plugin-auth-passport-local") as unknown as Protocol;
  const router = context.accessors.router;
  const connection = await router.newConnection("mine", "c");
  const run = async (action: string, body: object): Promise<unknown> =>
    (
      await router.execute(
        new context.RequestObject({ controller: "security", action, _id: "ada", body }, {}, "mine"),
        connection,
      )
    )?.status;
  assert.equal(await run("createUser", { profile: "default", password: "one" }), 200);
  assert.match(await ws.auth.login("local", { username: "ada", password: "one" }), /^kauth-/);
  assert.equal(await run("updateUser", { password: "two" }), 200);
  await assert.rejects(ws.auth.login("local", { username: "ada", password: "one" }), { status: 401 });
  assert.match(await ws.auth.login("local", { username: "ada", password: "two" }), /^kauth-/);
});
