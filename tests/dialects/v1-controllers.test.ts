/** Controllers and routes of plugins written for Kuzzle 1, over every protocol. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { connectHttp } from "../../testing/index.ts";
import { formerPackage, startFormer } from "./former-server.ts";

const verbs = ["get", "POST", "Put", "delete", "patch", "head"] as const;

const main = `
'use strict';
class Controllers {
  constructor () {
    this.controllers = {
      it: {
        describe: 'describe', scalar: 'scalar', list: 'list', nothing: 'nothing', raw: 'raw', circular: 'circular', big: 'big',
        plain: 'plain', throwing: 'throwing', refusing: 'refusing', failing: 'failing', routes: 'routesNow',
        own: function () { return Promise.resolve(this === undefined || this === null); }
      }
    };
    this.routes = [
      ${verbs.map((verb) => `{ verb: '${verb}', url: '/describe/:index/:collection/:_id/:more', controller: 'it', action: 'describe' }`).join(",\n      ")},
      { verb: 'get', url: '', controller: 'it', action: 'scalar' },
      { verb: 'get', url: '/raw', controller: 'it', action: 'raw' },
      { verb: 'get', url: 'measure/monitor', controller: 'it', action: 'list' }
    ];
    this.written = JSON.stringify(this.routes);
  }
  init (config, context) { this.context = context; }
  describe (request) {
    const { input, context } = request;
    const { _id, index, collection } = input.resource;
    const { more, asked } = input.args;
    const fields = { resource: { _id, index, collection }, more, asked, body: input.body, protocol: context.protocol,
      same: context.connection.protocol === context.protocol, color: input.headers && input.headers['x-color'],
      misc: context.connection.misc.headers && context.connection.misc.headers['x-color'], verb: context.connection.misc.verb };
    request.response.setHeader('X-Verb', String(fields.verb));
    return Promise.resolve(fields);
  }
  scalar () { return Promise.resolve(42); }
  list () { return Promise.resolve([1, 'two', { three: 3 }]); }
  nothing () { return Promise.resolve(); }
  raw (request) {
    request.response.raw = true;
    request.response.setHeader('Content-Type', 'text/csv');
    request.response.status = 202;
    return Promise.resolve('a;b');
  }
  circular () { const it = {}; it.it = it; return Promise.resolve(it); }
  big () { return Promise.resolve({ big: BigInt(1) }); }
  plain () { return { no: 'promise' }; }
  throwing () { throw new Error('thrown'); }
  refusing () { return Promise.reject(new this.context.errors.PreconditionError('refused')); }
  failing () { return Promise.reject(new TypeError('failed')); }
  routesNow () { return Promise.resolve(this.written === JSON.stringify(this.routes)); }
}
module.exports = Controllers;`;

const listener = `
module.exports = function () {
  this.seen = [];
  this.init = (config, context) => { this.context = context; };
  this.controllers = { it: { seen: 'take' } };
  this.take = () => Promise.resolve(this.seen.splice(0));
  this.pipes = {
    'controllers/it:beforeScalar': 'before', 'controllers/it:afterScalar': 'after', 'controllers/it:errorRefusing': 'error', 'controllers/it:*': 'all'
  };
  this.before = (request, callback) => { this.seen.push('before'); callback(null, request); };
  this.after = (request, callback) => { this.seen.push('after'); request.setResult(request.result + 1); callback(null, request); };
  this.error = (request, callback) => { this.seen.push('error ' + request.error.status); callback(null, request); };
  this.all = (request, callback) => { this.seen.push('all'); callback(null, request); };
};`;

const packages = {
  ...formerPackage("controllers", main, { name: "controllers", kuzzleVersion: "^1.6.0" }),
  ...formerPackage("listener", listener, { name: "listener", kuzzleVersion: "^1.6.0" }),
};

test("every verb leads to the action, with parameters, query, body and headers where they belong", async (t) => {
  const { server } = await startFormer(t, packages);
  for (const written of verbs) {
    const verb = written.toUpperCase();
    const sends = verb !== "GET" && verb !== "HEAD";
    const response = await fetch(
      `${server.url}/_plugin/controllers/describe/li%20brary/books/a%2Fb/x%20y?asked=1%2B1`,
      {
        method: verb,
        headers: { "X-Color": "red", "Content-Type": "application/json" },
        ...(sends ? { body: JSON.stringify({ lang: "fr" }) } : {}),
      },
    );
    assert.equal(response.status, 200, verb);
    assert.equal(response.headers.get("x-verb"), verb);
    if (verb === "HEAD") continue;
    const { result } = (await response.json()) as { result: object };
    assert.deepEqual(result, {
      resource: { _id: "a/b", index: "li brary", collection: "books" },
      more: "x y",
      asked: "1+1",
      body: sends ? { lang: "fr" } : null,
      protocol: "http",
      same: true,
      color: "red",
      misc: "red",
      verb,
    });
  }
});

test("over WebSocket the same action gets its arguments from the root of the message", async (t) => {
  const { server } = await startFormer(t, packages);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}`, { headers: { "X-Color": "blue" } });
  t.after(() => socket.terminate());
  await new Promise((resolve) => socket.once("open", resolve));
  const request = { controller: "controllers/it", action: "describe", requestId: "7" };
  socket.send(
    JSON.stringify({ ...request, index: "library", _id: "one", more: { deep: 1 }, asked: 2, body: { lang: "fr" } }),
  );
  const [text] = (await new Promise<unknown[]>((resolve) => socket.once("message", (...args) => resolve(args)))) as [
    Buffer,
  ];
  const answer = JSON.parse(String(text)) as { result: object; requestId: string };
  assert.equal(answer.requestId, "7");
  assert.deepEqual(answer.result, {
    resource: { _id: "one", index: "library" },
    more: { deep: 1 },
    asked: 2,
    body: { lang: "fr" },
    protocol: "websocket",
    same: true,
    color: "blue",
    misc: "blue",
  });
});

test("an action answers any JSON; what is none, and what is no promise, is the plugin's fault", async (t) => {
  const { ask, fetch: get } = await startFormer(t, packages);
  const act = (action: string): Promise<unknown> => ask({ controller: "controllers/it", action });
  assert.deepEqual(await act("list"), [1, "two", { three: 3 }]);
  assert.equal(await act("nothing"), undefined);
  assert.equal(await act("own"), true, "functions are called as they are");
  for (const action of ["circular", "big"]) {
    await assert.rejects(act(action), { status: 500, id: "plugin.controller.unserializable_response" });
  }
  await assert.rejects(act("plain"), { status: 500, id: "plugin.controller.invalid_action_response" });
  await assert.rejects(act("throwing"), { status: 500, id: "plugin.runtime.unexpected_error", message: /^thrown/ });
  await assert.rejects(act("failing"), { status: 500, id: "plugin.runtime.unexpected_error", message: /^failed/ });
  await assert.rejects(act("refusing"), { status: 412, message: "refused" });
  await assert.rejects(act("unknown"), { status: 404 });
  assert.equal((await get("/_plugin/controllers/describe")).status, 404, "no route by itself");
  assert.equal((await get("/_plugin/controllers")).result, 43, "an empty url is the plugin's own path");
  assert.equal(await act("routes"), true, "the routes are as their author wrote them");
});

test("a raw answer is sent as it is, with its headers and its status", async (t) => {
  const { server } = await startFormer(t, packages);
  const response = await fetch(`${server.url}/_plugin/controllers/raw`);
  assert.deepEqual(
    [response.status, response.headers.get("content-type"), await response.text()],
    [202, "text/csv", "a;b"],
  );
});

test("before, after and error events of a plugin's action reach pipes of other plugins, and what they change the client", async (t) => {
  const { ask, server } = await startFormer(t, packages);
  assert.equal(await ask({ controller: "controllers/it", action: "scalar" }), 43);
  await assert.rejects(ask({ controller: "controllers/it", action: "refusing" }));
  const seen = { controller: "listener/it", action: "seen" };
  assert.deepEqual(await ask(seen), ["before", "all", "after", "all", "all", "error 412", "all"]);
  const http = await connectHttp(server);
  const { result } = await http.query({ controller: "controllers/it", action: "list" });
  assert.deepEqual(result, [1, "two", { three: 3 }], "the client finds the route by itself");
  await assert.rejects(http.query({ controller: "controllers/it", action: "own" }), /No URL found|route/i);
});

test("server:info lists the plugin, its actions and their routes", async (t) => {
  const { ask } = await startFormer(t, packages);
  const { serverInfo } = (await ask({ controller: "server", action: "info" })) as {
    serverInfo: {
      kuzzle: {
        api: { routes: { "controllers/it": { raw: { http: { verb: string; url: string }[] } } } };
        plugins: Record<string, Record<string, unknown>>;
      };
    };
  };
  const { api, plugins } = serverInfo.kuzzle;
  const { http, ...raw } = api.routes["controllers/it"].raw;
  assert.deepEqual(raw, { controller: "controllers/it", action: "raw", name: "raw" });
  assert.ok(http.some(({ verb, url }) => verb === "GET" && url === "/_plugin/controllers/raw"));
  const { version, manifest, hooks, pipes, controllers, routes, strategies } = plugins.listener ?? {};
  assert.deepEqual(
    { version, hooks, controllers, routes, strategies },
    { version: "1.4.2", hooks: [], controllers: ["listener/it"], routes: [], strategies: [] },
  );
  assert.equal((manifest as { name: string }).name, "listener");
  assert.deepEqual(pipes, [
    "controllers/it:beforeScalar",
    "controllers/it:afterScalar",
    "controllers/it:errorRefusing",
    "controllers/it:*",
  ]);
});
