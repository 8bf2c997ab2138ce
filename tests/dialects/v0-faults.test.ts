/** Plugins of Kuzzle 0 that do not do what they should. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, listed, startFormer } from "./former-server.ts";

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
