/** Plugins of Kuzzle 0 that do not do what they should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, keptLog, listed, startFormer } from "./former-server.ts";

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

test("an action that throws, refuses with a text or answers what is no JSON is the plugin's fault, and the server goes on", async (t) => {
  const main = `
  module.exports = function () {
    this.init = function (config, context, isDummy) {};
    this.controllers = { c: 'make' };
    this.make = function () {
      return {
        throws: function () { throw new Error('boom'); },
        text: function () { return Promise.reject('no'); },
        circle: function () { var self = {}; self.self = self; return Promise.resolve(self); },
        nothing: function () {}
      };
    };
  };`;
  const { ask } = await startFormer(t, {
    ...firstPackage("bad", main),
    ...listed({ bad: { version: "1", activated: true } }),
  });
  for (const action of ["throws", "text", "circle"]) {
    await assert.rejects(ask({ controller: "bad/c", action }), { status: 500 });
  }
  assert.equal(await ask({ controller: "bad/c", action: "nothing" }), undefined);
});

const listening = (event: string, pipe: string): string => `
module.exports = function () {
  this.init = function (config, context, isDummy) { this.context = context; };
  this.pipes = { '${event}': 'pipe' };
  this.pipe = ${pipe};
};`;

const withPipe = (event: string, pipe: string): Record<string, string> => ({
  ...firstPackage("faulty", listening(event, pipe)),
  ...listed({ faulty: { version: "1", activated: true, customConfig: { pipeTimeout: 1_000 } } }),
});

const book = { index: "library", collection: "books" };
for (const [event, pipe, request, expected] of [
  [
    "data:afterNow",
    "function (r, callback) { callback(null, { now: 1 }); }",
    { controller: "server", action: "now" },
    { status: 500, message: /must hand on a ResponseObject/ },
  ],
  [
    "data:beforeNow",
    "function (r, callback) { callback(null, { data: 1 }); }",
    { controller: "server", action: "now" },
    { status: 500, message: /must hand on a RequestObject/ },
  ],
  [
    "data:beforeNow",
    "function () { return Promise.reject(new Error('by promise')); }",
    { controller: "server", action: "now" },
    { status: 500 },
  ],
  [
    "data:beforeNow",
    "function () { return Promise.resolve(); }",
    { controller: "server", action: "now" },
    { status: 504 },
  ],
  [
    "data:beforeCreate",
    "function (r, callback) { r.index = 7; callback(null, r); }",
    { controller: "document", action: "create", ...book, body: {} },
    { status: 412 },
  ],
  [
    "data:beforeCreate",
    "function (r, callback) { delete r.data; callback(null, r); }",
    { controller: "document", action: "create", ...book, body: {} },
    { status: 500 },
  ],
  [
    "data:afterCreate",
    "function (r, callback) { r.status = 'many'; r.data.body = { ok: 1 }; callback(null, r); }",
    { controller: "document", action: "create", ...book, body: {} },
    undefined,
  ],
  [
    "auth:beforeLogin",
    "function (r, callback) { callback(null, r.requestObject); }",
    { controller: "auth", action: "login", strategy: "local", body: {} },
    { status: 500, message: /requestObject, context/ },
  ],
  [
    "auth:beforeLogout",
    "function (c, callback) { callback(null, 'gone'); }",
    { controller: "auth", action: "logout" },
    { status: 500, message: /connection context/ },
  ],
  [
    "auth:beforeLogout",
    "function (c, callback) { c.token = { _id: 'nonsense' }; callback(null, c); }",
    { controller: "auth", action: "logout" },
    { status: 401, id: "security.token.invalid" },
  ],
  [
    "security:formatUserForSerialization",
    "function (user, callback) { callback(new Error('no such user')); }",
    { controller: "auth", action: "getCurrentUser" },
    { status: 500, message: "no such user" },
  ],
  [
    "security:formatUserForSerialization",
    "function (user, callback) { callback(null, 'nobody'); }",
    { controller: "auth", action: "getCurrentUser" },
    undefined,
  ],
  [
    "security:formatUserForSerialization",
    "function () { throw new Error('boom'); }",
    { controller: "auth", action: "getCurrentUser" },
    { status: 500 },
  ],
] as const) {
  test(`a pipe on ${event} that does ${pipe} is answered as it deserves, and the server goes on`, async (t) => {
    const { ask } = await startFormer(t, withPipe(event, pipe));
    if (expected === undefined) assert.ok(await ask(request));
    else await assert.rejects(ask(request), expected);
    assert.ok(await ask({ controller: "server", action: "info" }));
  });
}

test("hooks that throw or reject are logged with the plugin's name, and fail nobody", async (t) => {
  const { lines, logger } = keptLog();
  const main = `
  module.exports = function () {
    this.init = function (config, context, isDummy) {};
    this.hooks = { 'data:beforeNow': 'throws', 'data:afterNow': 'rejects', 'data:*': ['missing', 7] };
    this.throws = function () { throw new Error('thrown'); };
    this.rejects = function () { return Promise.reject(new Error('rejected')); };
  };`;
  const files = { ...firstPackage("bad", main), ...listed({ bad: { version: "1", activated: true } }) };
  const { ask } = await startFormer(t, files, {}, { log: logger });
  assert.ok(await ask({ controller: "server", action: "now" }));
  const failed = lines.filter(({ event }) => event === "plugin.hook_failed");
  assert.deepEqual(
    failed.map(({ fields }) => [fields.plugin, (fields.err as Error).message]),
    [
      ["bad", "thrown"],
      ["bad", "rejected"],
    ],
  );
  assert.equal(lines.filter(({ event }) => event.endsWith("plugin.listener_ignored")).length, 2);
});

for (const [name, customConfig, expected] of [
  ["40 ms", {}, true],
  ["its own time", { pipeWarnTime: 10 }, true],
  ["no time when that is 0", { pipeWarnTime: 0 }, false],
] as const) {
  test(`a pipe that is slow is named in the log after ${name}`, async (t) => {
    const { lines, logger } = keptLog();
    const files = {
      ...firstPackage(
        "slow",
        listening("data:beforeNow", "function (r, callback) { setTimeout(function () { callback(null, r); }, 80); }"),
      ),
      ...listed({ slow: { version: "1", activated: true, customConfig: { ...customConfig, pipeTimeout: 0 } } }),
    };
    const { ask } = await startFormer(t, files, {}, { log: logger });
    assert.ok(await ask({ controller: "server", action: "now" }));
    assert.equal(
      lines.some(({ event, fields }) => event === "plugin.slow_pipe" && fields.plugin === "slow"),
      expected,
    );
  });
}

test("a hook on auth:loadStrategies, a pipe on passport:loadScope and a strategy that is none stop the start", async (t) => {
  for (const [listener, says] of [
    [
      "this.hooks = { 'auth:loadStrategies': 'fail' }; this.fail = function () { throw new Error('no passport'); };",
      /no passport/,
    ],
    [
      "this.pipes = { 'passport:loadScope': 'fail' }; this.fail = function (scope, callback) { callback(new Error('no scope')); };",
      /loadScope/,
    ],
    [
      "this.hooks = { 'auth:loadStrategies': 'fail' }; this.fail = function (passport) { passport.use({}); };",
      /strategy/,
    ],
  ] as const) {
    const main = `module.exports = function () { this.init = function (config, context, isDummy) {}; ${listener} };`;
    const files = { ...firstPackage("bad", main), ...listed({ bad: { version: "1", activated: true } }) };
    await assert.rejects(startFormer(t, files), says);
  }
});

test("a library of then that is not installed is named, with the command that installs it", async (t) => {
  const main = "require('winston/lib/winston/nothing'); module.exports = function () { this.init = function () {}; };";
  await assert.rejects(
    startFormer(t, { ...firstPackage("bad", main), ...listed({ bad: { version: "1", activated: true } }) }),
    /npm install winston/,
  );
});
