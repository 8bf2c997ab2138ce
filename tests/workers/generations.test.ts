/** Plugins of three generations in processes of their own, beside others in the server: what they are given, and what of them runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { definePlugin } from "../../src/plugins/index.ts";
import { firstPackage, formerPackage, listed } from "../dialects/former-server.ts";
import { definedPackage, type Note, noting, startWorkers, until, type WorkerServer } from "./worker-server.ts";

/** In the style of its time: a constructor function and names of methods. */
const first = `${noting}
module.exports = function () {
  this.hooks = {
    'data:beforeCreate': ['before', 'missing'],
    'data:afterCreate': 'after',
    'server:overload': 'overload',
    'data:*': 'all'
  };
  this.pipes = { 'data:beforeCreate': 'refuse' };
  this.controllers = { books: 'makeBooks' };
  this.init = function (config, context, isDummy) {
    note({
      init: [config.by, isDummy], members: Object.keys(context).sort(), accessors: context.accessors,
      common: require('kuzzle-common-objects').Models.requestObject === context.RequestObject,
      port: typeof context.httpPort, version: context.config.version
    });
    return this;
  };
  this.makeBooks = function () { return { lend: function () { return Promise.resolve({}); } }; };
  this.refuse = function (requestObject, callback) { callback(new Error('never called')); };
  this.before = function (payload, event) { note({ before: payload, event: event, plain: payload.constructor === Object }); };
  this.after = function (payload, event) { note({ after: payload.data.body._id, event: event, status: payload.status }); };
  this.overload = function (payload) { note({ overload: payload }); };
  this.all = function (payload, event) { note({ all: payload.action, event: event }); };
};`;

const former = `${noting}
module.exports = class {
  constructor () {
    this.hooks = { 'document:afterCreate': 'created', 'document:*': function (request, event) { note({ any: request.data.action, event }); } };
    this.pipes = { 'document:beforeCreate': 'never' };
    this.strategies = { mine: {} };
  }
  async init (config, context) {
    const { Request } = require('kuzzle');
    const request = new context.constructors.Request({ controller: 'a', action: 'b' });
    note({
      former: config.by, members: Object.keys(context).sort(), accessors: context.accessors,
      constructors: Object.keys(context.constructors).sort(), request: request instanceof Request,
      error: new context.errors.BadRequestError('x').status, version: context.config.version
    });
  }
  created (payload, event) { note({ created: payload, event }); }
  never (request) { return Promise.reject(new Error('never called')); }
};`;

const typed = `
import { definePlugin } from "tenon";
import { Type } from "typebox";
export default definePlugin({
  name: "typed",
  config: Type.Object({ by: Type.String({ default: "nobody" }) }, { additionalProperties: false }),
  worker: { threads: 1 },
  init: (context) => context.log.info("began", { pid: process.pid, members: Object.keys(context), environment: Object.keys(process.env).sort() }),
  hooks: {
    "generic:document:afterWrite": (documents, request, { config, log }) =>
      log.info("written", { pid: process.pid, by: config.by, id: documents[0]._id, action: request.data.action, from: request.options.connection.protocol }),
    "server:*": (request, { log }) => log.warn("asked", { action: request.data.action }),
  },
  pipes: { "document:beforeCreate": () => { throw new Error("never called"); } }, controllers: () => ({}),
});`;

const inServer = formerPackage(
  "beside",
  `module.exports = class { init () { this.seen = []; this.hooks = { "document:afterCreate": (request) => this.seen.push(request.getId()) }; } };`,
  { name: "beside", kuzzleVersion: ">=2.0.0 <3.0.0" },
);

const firstFiles = (pluginInfo: object): Record<string, string> => ({
  ...firstPackage("first", first, pluginInfo),
  ...listed({ first: { version: "0.9.1", activated: true, customConfig: { by: "ada" } } }),
});

/** One document is made, with id "x". */
async function createDocument(it: WorkerServer): Promise<void> {
  const ws = await it.connect();
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  await ws.document.create("library", "books", { title: "t" }, "x");
}

const noteWith = (it: WorkerServer, member: string, isWanted: (note: Note) => boolean = () => true): Promise<Note> =>
  until(`a note of "${member}"`, () => it.notes().find((note) => member in note && isWanted(note)));

test("a plugin of Kuzzle 0 runs its hooks in another process, with plain copies of what they get in the server", async (t) => {
  const it = await startWorkers(t, { ...firstFiles({ threads: 1 }), ...inServer });
  await createDocument(it);

  const init = await noteWith(it, "init");
  assert.notEqual(init.pid, process.pid);
  assert.deepEqual(init.init, ["ada", false]);
  const members = init.members as string[];
  for (const there of ["RequestObject", "BadRequestError", "Dsl", "accessors", "config", "constructors", "errors"]) {
    assert.ok(members.includes(there), there);
  }
  for (const missing of ["repositories", "getRouter"]) assert.ok(!members.includes(missing), missing);
  assert.deepEqual(init.accessors, {});
  assert.equal(init.common, true);
  assert.equal(init.version, "1.0.0");

  const { before, event, plain, pid } = await noteWith(it, "before");
  assert.equal(pid, init.pid);
  assert.equal(event, "data:beforeCreate");
  assert.equal(plain, true);
  const { data, controller, action, protocol } = before as Record<string, unknown>;
  assert.deepEqual(
    { data, controller, action, protocol },
    {
      data: { _id: "x", body: { title: "t" } },
      controller: "write", // as it was called
      action: "create",
      protocol: "websocket",
    },
  );
  const after = await noteWith(it, "after");
  assert.deepEqual([after.after, after.event, after.status], ["x", "data:afterCreate", 200]);

  // The wildcard hears both, under the name that it has.
  await until("both by the wildcard", () => it.notes().filter(({ all }) => all === "create").length >= 2);
  assert.ok(it.notes().every((note) => !("all" in note) || note.event === "data:*"));
});

test("an event whose payload is no object arrives as its generation had it", async (t) => {
  const it = await startWorkers(t, firstFiles({ threads: 1 }));
  await it.server.backend.trigger("core:overload", 84);
  assert.equal((await noteWith(it, "overload")).overload, "84%");
});

test("pipes, controllers and the like of such a plugin do nothing, the log names them, and plugins in the server go on", async (t) => {
  const it = await startWorkers(t, { ...firstFiles({ threads: 1 }), ...inServer });
  await createDocument(it); // the pipe would refuse it
  const [line] = it.lines("plugin.ignored_in_worker", "first");
  assert.deepEqual(line?.fields.ignored, ["pipes data:beforeCreate", "controllers books"]);
  const ws = await it.connect();
  await assert.rejects(ws.query({ controller: "first/books", action: "lend" }), {
    id: "api.process.controller_not_found",
  });
  const beside = it.server.backend.plugin.get("beside") as unknown as { seen: string[] };
  assert.deepEqual(beside.seen, ["x"]);
});

test("a plugin of Kuzzle 1 gets requests as they serialise themselves, and a context without the server", async (t) => {
  const it = await startWorkers(
    t,
    { ...formerPackage("former", former), ...inServer },
    {
      plugins: { former: { threads: 1, by: "bob" } },
    },
  );
  await createDocument(it);

  const { pid, ...init } = await noteWith(it, "former");
  assert.notEqual(pid, process.pid);
  assert.deepEqual(init, {
    former: "bob",
    members: ["accessors", "config", "constructors", "errors"],
    accessors: {},
    constructors: ["BaseValidationType", "Dsl", "Koncorde", "Request", "RequestContext", "RequestInput"],
    request: true,
    error: 400,
    version: "1.12.0",
  });

  const { created, event } = await noteWith(it, "created");
  assert.equal(event, "document:afterCreate");
  const { data, options } = created as Record<"data" | "options", Record<string, unknown>>;
  assert.deepEqual(
    [data.controller, data.action, data.index, data.collection, data._id, data.body],
    ["document", "create", "library", "books", "x", { title: "t" }],
  );
  const { result, status, error, connection } = options as {
    result: { _id: string };
    connection: { protocol: string };
  } & Record<string, unknown>;
  assert.deepEqual([result._id, status, error, connection.protocol], ["x", 200, null, "websocket"]);
  await until("both by the wildcard", () => it.notes().filter(({ any }) => any === "create").length >= 2);
  assert.deepEqual(it.lines("plugin.ignored_in_worker", "former")[0]?.fields.ignored, [
    "pipes document:beforeCreate",
    "strategies mine",
  ]);
});

test("a plugin of definePlugin gets its checked configuration and a log, and all arguments as copies", async (t) => {
  const it = await startWorkers(t, definedPackage("typed", typed), { plugins: { typed: { by: "eve" } } });
  await createDocument(it);
  const [ignored] = it.lines("plugin.ignored_in_worker", "typed");
  assert.deepEqual(ignored?.fields.ignored, ["pipes document:beforeCreate", "controllers"]);
  const [began] = it.lines("typed: began", "typed");
  assert.notEqual(began?.fields.pid, process.pid);
  assert.deepEqual(began?.fields.members, ["config", "log"]);
  assert.deepEqual(began?.fields.environment, ["NODE_ENV"]);
  const written = await until("the hook", () => it.lines("typed: written", "typed")[0]);
  assert.equal(written.level, "info");
  const { pid: _, ...fields } = written.fields;
  assert.deepEqual(fields, { by: "eve", id: "x", action: "create", from: "websocket" });
  await (await it.connect()).query({ controller: "server", action: "now" });
  const asked = await until("the wildcard", () => it.lines("typed: asked", "typed")[0]);
  assert.deepEqual([asked.level, asked.fields], ["warn", { action: "now" }]);
});

test("a configuration that the schema of such a plugin refuses stops the start, and names the option", async (t) => {
  await assert.rejects(
    startWorkers(t, definedPackage("typed", typed), { plugins: { typed: { by: 7 } } }),
    (error: Error) => /typed/.test(error.message) && /plugins\.typed\.by must be string/.test(error.message),
  );
});

test("with threads 0 such a plugin runs in the server, and its hooks get the same", async (t) => {
  const open = typed.replace(/pipes: .*/, "");
  const it = await startWorkers(t, definedPackage("typed", open), { plugins: { typed: { threads: 0 } } });
  await createDocument(it);
  const written = await until("the hook", () => it.lines("typed: written", "typed")[0]);
  assert.deepEqual(written.fields, { pid: process.pid, by: "nobody", id: "x", action: "create", from: "websocket" });
});

test("what was given in code runs in the server, and the log says why", async (t) => {
  const seen: unknown[] = [];
  const given = definePlugin({
    name: "given",
    worker: { threads: 2 },
    hooks: { "plugin-test:told": (payload) => void seen.push([process.pid, payload]) },
  });
  const it = await startWorkers(t, {}, { prepare: (backend) => void backend.plugin.use(given) });
  await it.server.backend.trigger("plugin-test:told", { n: 1 });
  assert.deepEqual(seen, [[process.pid, { n: 1 }]]);
  const [line] = it.lines("plugin.runs_in_process", "given");
  assert.equal(line?.fields.threads, 2);
});

test("threads mean nothing to a plugin of Kuzzle 2, which the log says, and loadedBy worker leaves a plugin out", async (t) => {
  const it = await startWorkers(
    t,
    { ...firstFiles({ threads: 1, loadedBy: "worker" }), ...inServer },
    {
      plugins: { beside: { threads: 2 } },
    },
  );
  await createDocument(it);
  assert.equal(it.lines("plugin.threads_ignored", "beside").length, 1);
  assert.equal(it.lines("plugin.not_initialised", "first").length, 1);
  assert.deepEqual((it.server.backend.plugin.get("beside") as unknown as { seen: string[] }).seen, ["x"]);
  assert.deepEqual(it.notes(), []);
});

for (const [key, value, expected] of [
  ["threads", "many", /"threads" is "many", and must be a whole number up to 64/],
  ["threads", 1_000, /"threads" is 1000, and must be a whole number up to 64/],
  ["maxMemoryRestart", "much", /"maxMemoryRestart" is "much", and must be bytes, or a text such as "100M"/],
  ["killTimeout", -1, /"killTimeout" is -1, and must be a number that is not negative/],
] as const) {
  test(`${key} ${value} stops the start with an error that names the plugin and the option`, async (t) => {
    const plugins = { former: { threads: 1, [key]: value } };
    await assert.rejects(
      startWorkers(t, formerPackage("former", former), { plugins }),
      (error: Error & { id?: string }) =>
        error.id === "plugin.assert.cannot_load" && /"former"/.test(error.message) && expected.test(error.message),
    );
  });
}
