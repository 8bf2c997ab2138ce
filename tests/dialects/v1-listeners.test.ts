/** Hooks and pipes of plugins written for Kuzzle 1: what they are called with, and what becomes of what they do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formerPackage, startFormer } from "./former-server.ts";

/** A plugin whose action `notes` answers what it has noted. */
const noting = (members: string): string => `
'use strict';
const { Request } = require('kuzzle-common-objects');
class Noting {
  constructor () {
    this.notes = [];
    this.controllers = { it: { notes: 'take' } };
    ${members.split("---")[0]}
  }
  init (config, context) { this.context = context; }
  take () { return Promise.resolve(this.notes.splice(0)); }
  note (value) { this.notes.push(value); }
  ${members.split("---")[1] ?? ""}
}
module.exports = Noting;`;

const notes = { controller: "noting/it", action: "notes" };
const manifest = { name: "noting", kuzzleVersion: "^1.9.0" };
const now = { controller: "server", action: "now" };

test("one request is one object in all of its events, for pipes and for hooks, and carries what was changed", async (t) => {
  const main = noting(`
    this.seen = new Set();
    const events = ['request:onAuthorized', 'document:beforeCreate', 'document:afterCreate', 'request:onSuccess'];
    this.pipes = {}; this.hooks = {};
    for (const event of events) { this.pipes[event] = 'pipe'; this.hooks[event] = 'hook'; }
    ---
    pipe (request, callback) {
      this.seen.add(request);
      if (request.result === null && request.input.body) request.input.body.count = (request.input.body.count || 0) + 1;
      callback(null, request);
    }
    hook (request, event) {
      if (request.input.controller === 'document') this.note([event, this.seen.has(request), request instanceof Request, request.input.body.count, request.status]);
    }`);
  const { ws, ask } = await startFormer(t, formerPackage("noting", main, manifest));
  const { _source } = await ws.document.create("library", "books", {});
  assert.equal((_source as { count: number }).count, 2);
  assert.deepEqual(await ask(notes), [
    ["request:onAuthorized", true, true, 1, 102],
    ["document:beforeCreate", true, true, 2, 102],
    ["document:afterCreate", true, true, 2, 200],
    ["request:onSuccess", true, true, 2, 200],
  ]);
});

test("a method is called with the plugin as this, a function as it is", async (t) => {
  const main = noting(`
    const notes = this.notes;
    this.hooks = { 'server:beforeNow': ['hook', function () { notes.push(this == null); }] };
    this.pipes = { 'server:afterNow': ['pipe', function (request, callback) { notes.push(this == null); callback(null, request); }] };
    ---
    hook () { this.note('hook'); }
    pipe (request, callback) { this.note('pipe'); callback(null, request); }`);
  const { ask } = await startFormer(t, formerPackage("noting", main, manifest));
  await ask(now);
  assert.deepEqual(await ask(notes), ["hook", true, "pipe", true]);
});

test("a hook that throws or rejects is logged with the plugin's name, and hurts neither the request nor other hooks", async (t) => {
  const main = noting(`
    this.hooks = { 'server:beforeNow': ['throwing', 'rejecting', 'changing', 'last'] };
    ---
    throwing () { throw new Error('thrown by a hook'); }
    rejecting () { return Promise.reject(new Error('rejected by a hook')); }
    changing () { return { result: 'not used' }; }
    last () { this.note('called'); }`);
  const { ask, log } = await startFormer(t, formerPackage("noting", main, manifest));
  assert.deepEqual(Object.keys((await ask(now)) as object), ["now"]);
  assert.deepEqual(await ask(notes), ["called"]);
  for (const what of ["thrown by a hook", "rejected by a hook"]) {
    assert.ok(
      log.some(
        (line) => line.startsWith("error plugin.hook_failed") && line.includes('"noting"') && line.endsWith(what),
      ),
      what,
    );
  }
});

test("a pipe on several arguments gets them all, answers the first by itself or with more, and the others are passed on", async (t) => {
  const main = noting(`
    this.pipes = { 'generic:document:beforeWrite': ['alone', 'withMore', 'promising', 'last'] };
    this.hooks = { 'generic:document:beforeWrite': 'hook' };
    ---
    alone (documents, request, callback) { documents[0]._source.steps = [request.input.action]; callback(null, documents); }
    withMore (documents, request, callback) { documents[0]._source.steps.push('more'); callback(null, documents, request, 'and more'); }
    promising (documents, request) {
      return Promise.resolve([{ _id: documents[0]._id, _source: { steps: documents[0]._source.steps.concat(request instanceof Request ? 'request' : 'none') } }]);
    }
    last (documents, request, callback) { this.note([arguments.length, request.input.controller]); callback(null, documents); }
    hook (documents, event) { this.note([arguments.length, event, documents[0]._source.steps]); }`);
  const { ws, ask } = await startFormer(t, formerPackage("noting", main, manifest));
  await ws.document.create("library", "books", {}, "one");
  const steps = ["create", "more", "request"];
  assert.deepEqual((await ws.document.get("library", "books", "one"))._source.steps, steps);
  assert.deepEqual(await ask(notes), [
    [3, "document"],
    [2, "generic:document:beforeWrite", steps],
  ]);
});

test("the first answer counts: a callback and a promise at once, or a promise with then and catch of its own", async (t) => {
  const main = noting(`
    this.pipes = { 'document:beforeCreate': ['both', 'thenable'] };
    ---
    both (request, callback) { request.input.body.both = 1; callback(null, request); return Promise.resolve(null); }
    thenable (request) {
      request.input.body.thenable = 1;
      return { then (resolve) { setTimeout(() => resolve(request), 1); return this; }, catch () { return this; } };
    }`);
  const { ws } = await startFormer(t, formerPackage("noting", main, manifest));
  const { _source } = await ws.document.create("library", "books", {});
  const { both, thenable } = _source as Record<string, unknown>;
  assert.deepEqual([both, thenable], [1, 1]);
});

test("a pipe may hand on another request, which is then the one that is answered", async (t) => {
  const main = noting(`
    this.pipes = { 'document:beforeCreate': 'other', 'document:afterGet': 'answer' };
    ---
    other (request, callback) {
      const other = new this.context.constructors.Request(request, { controller: 'document', action: 'create', _id: 'other', body: { other: true } });
      callback(null, other);
    }
    answer (request, callback) {
      const other = new this.context.constructors.Request(request, { controller: 'document', action: 'get' });
      other.setResult('another answer', { status: 203 });
      callback(null, other);
    }`);
  const { ws, ask } = await startFormer(t, formerPackage("noting", main, manifest));
  assert.equal((await ws.document.create("library", "books", { other: false }, "one"))._id, "other");
  assert.equal(
    await ask({ controller: "document", action: "get", index: "library", collection: "books", _id: "other" }),
    "another answer",
  );
});

for (const [what, pipe, expected] of [
  [
    "an error of the API by callback",
    "callback(new this.context.errors.PreconditionError('not yet'));",
    { status: 412, message: "not yet" },
  ],
  [
    "an error of the API, thrown",
    "throw new this.context.errors.NotFoundError('nowhere');",
    { status: 404, message: "nowhere" },
  ],
  [
    "an error of another kind by callback",
    "callback(new TypeError('oops'));",
    { status: 500, id: "plugin.runtime.unexpected_error", message: /^oops/ },
  ],
  [
    "an error of another kind, thrown",
    "throw new TypeError('oops');",
    { status: 500, id: "plugin.runtime.unexpected_error", message: /^oops/ },
  ],
] as const) {
  test(`${what}: the client's answer, and events of the failure see it`, async (t) => {
    const main = noting(`
      this.pipes = { 'server:beforeNow': 'pipe' };
      this.hooks = { 'server:errorNow': 'failed', 'request:onError': 'failed' };
      ---
      pipe (request, callback) { ${pipe} }
      failed (request, event) { this.note([event, request.error instanceof this.context.errors.KuzzleError, request.status]); }`);
    const { ask } = await startFormer(t, formerPackage("noting", main, manifest));
    await assert.rejects(ask(now), expected);
    const { status } = expected;
    assert.deepEqual(await ask(notes), [
      ["server:errorNow", true, status],
      ["request:onError", true, status],
    ]);
  });
}

test("a pipe on an error event that passes a request without error recovers it", async (t) => {
  const main = noting(`
    this.pipes = { 'document:errorGet': 'recover' };
    ---
    recover (request, callback) {
      if (request.error.status !== 404) return callback(null, request);
      request.clearError();
      request.setResult({ instead: request.input.resource._id });
      callback(null, request);
    }`);
  const { ask } = await startFormer(t, formerPackage("noting", main, manifest));
  const get = { controller: "document", action: "get", index: "library", collection: "books", _id: "missing" };
  assert.deepEqual(await ask(get), { instead: "missing" });
  await assert.rejects(ask({ ...get, index: undefined }), { status: 400 });
});

test("wildcards are those of the release: the first segment up to 1.7, before and after of the scope from 1.8 on", async (t) => {
  const main = noting(`
    this.pipes = { 'generic:*': 'first', 'generic:document:*': 'scope', 'document:before*': 'before', 'document:*': 'all' };
    ---
    first (payload, request, callback) { this.note('generic:*'); (callback || request)(null, payload); }
    scope (payload, request, callback) { this.note('generic:document:*'); callback(null, payload); }
    before (payload, callback) { this.note('document:before*'); callback(null, payload); }
    all (payload, callback) { this.note('document:*'); callback(null, payload); }`);
  const heard = async (dialect: string): Promise<unknown> => {
    const { ws, ask } = await startFormer(t, formerPackage("noting", main, manifest), {
      noting: { _dialect: dialect },
    });
    await ws.document.create("library", "books", {});
    return ask(notes);
  };
  assert.deepEqual(await heard("v1.d"), [
    "generic:*",
    "generic:document:*",
    "document:before*",
    "document:*",
    "document:*",
    "generic:*",
    "generic:document:*",
  ]);
  assert.deepEqual(await heard("v1.e"), [
    "generic:document:*",
    "document:before*",
    "document:*",
    "document:*",
    "generic:document:*",
  ]);
});

test("an exact event comes before its wildcards, and plugins in the order of their folders", async (t) => {
  const order = `
    const note = (name) => (request, callback) => { (request.input.args.order = request.input.args.order || []).push(name); callback(null, request); };
    this.pipes = { 'server:*': note('NAME *'), 'server:before*': note('NAME before*'), 'server:beforeNow': note('NAME exact') };
    this.hooks = { 'server:beforeNow': (request) => this.note(request.input.args.order.slice()) };`;
  const { ask } = await startFormer(t, {
    ...formerPackage("noting", noting(order.replaceAll("NAME", "noting")), manifest),
    ...formerPackage("second", noting(order.replaceAll("NAME", "second")), { ...manifest, name: "second" }),
  });
  await ask(now);
  const [order1] = (await ask(notes)) as [string[]];
  assert.deepEqual(order1, [
    "noting exact",
    "second exact",
    "noting before*",
    "second before*",
    "noting *",
    "second *",
  ]);
});

test("a pipe is warned of and given up after the times of its plugin, else of all plugins; 0 is never", async (t) => {
  const main = noting(`
    this.pipes = { 'server:beforeNow': 'slow' };
    ---
    slow (request, callback) { setTimeout(() => callback(null, request), 120); }`);
  const run = (plugins: object) =>
    startFormer(t, formerPackage("noting", main, manifest), plugins as Record<string, unknown>);
  const own = await run({ noting: { pipeWarnTime: 10, pipeTimeout: 60 }, "common.pipeTimeout": 1_000 });
  await assert.rejects(own.ask(now), {
    status: 504,
    id: "plugin.runtime.pipe_timeout",
    message: /\[noting\].*"server:beforeNow".*60 ms/,
  });
  assert.ok(own.log.some((line) => /warn plugin\.(slow|silent)_pipe .*"noting"/.test(line)));
  const common = await run({ "common.pipeTimeout": 60 });
  await assert.rejects(common.ask(now), { status: 504, message: /60 ms/ });
  const without = await run({ noting: { pipeTimeout: 0 }, "common.pipeTimeout": 60 });
  assert.ok(await without.ask(now));
});

test("what a plugin executes fires its events once in a chain with the first releases, and none later", async (t) => {
  const main = noting(`
    this.pipes = { 'document:beforeCreate': 'copy', 'document:beforeUpdate': 'update', 'document:afterUpdate': 'update' };
    ---
    copy (request, callback) {
      this.note(['create', request.input.resource._id, request.previous === null, request.origin.input.resource._id, request.hasTriggered('document:beforeCreate')]);
      const copy = new this.context.constructors.Request(request, { controller: 'document', action: 'create', _id: request.input.resource._id + '-copy', body: { copy: true } });
      this.context.accessors.execute(copy)
        .then(({ result }) => {
          const update = new this.context.constructors.Request(request, { controller: 'document', action: 'update', _id: result._id, body: { twice: true } });
          return this.context.accessors.execute(update);
        })
        .then(() => callback(null, request), callback);
    }
    update (request, callback) { this.note([request.status === 102 ? 'before' : 'after', request.input.resource._id]); callback(null, request); }`);
  const run = async (dialect: string): Promise<unknown> => {
    const { ws, ask } = await startFormer(t, formerPackage("noting", main, undefined), {
      noting: { _dialect: dialect },
    });
    await ws.document.create("library", "books", {}, "one");
    assert.equal((await ws.document.get("library", "books", "one-copy"))._source.twice, true);
    return ask(notes);
  };
  assert.deepEqual(await run("v1.b"), [
    ["create", "one", true, "one", true],
    ["before", "one-copy"],
    ["after", "one-copy"],
  ]);
  assert.deepEqual(await run("v1.e"), [["create", "one", true, "one", false]]);
});

test("the headers of a request over HTTP are among its arguments for plugins up to 1.2 only, and for nobody after them", async (t) => {
  const main = noting(`
    this.pipes = { 'server:beforeNow': 'pipe' };
    this.hooks = { 'server:beforeNow': 'hook' };
    ---
    pipe (request, callback) { this.note(request.input.args['x-color']); setTimeout(() => callback(null, request), 1); }
    hook (request) { this.note(request.input.args['x-color']); }`);
  const late = noting(`
    this.pipes = { 'server:beforeNow': (request, callback) => { this.note([request.input.args['x-color'], request.input.headers['x-color']]); callback(null, request); } };`);
  const { fetch, ask } = await startFormer(
    t,
    { ...formerPackage("noting", main, manifest), ...formerPackage("second", late, { ...manifest, name: "second" }) },
    { noting: { _dialect: "v1.c" } },
  );
  const headers = { "X-Color": "red", Authorization: "Bearer none" };
  assert.equal((await fetch("/_now?x-color=asked", { headers: { "X-Color": "red" } })).status, 200);
  assert.equal((await fetch("/_now", { headers: { "X-Color": headers["X-Color"] } })).status, 200);
  assert.deepEqual(await ask(notes), ["asked", "asked", "red", "red"]);
  assert.deepEqual(await ask({ ...notes, controller: "second/it" }), [
    ["asked", "red"],
    [null, "red"],
  ]);
});
