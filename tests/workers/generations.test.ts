/** Plugins of three generations in processes of their own, beside others in the server: what they are given, and what of them runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPackage, formerPackage, listed } from "../dialects/former-server.ts";
import { noting, startWorkers, until, type WorkerServer } from "./worker-server.ts";

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
  pipes: { "document:beforeCreate": () => { throw new Error("never called"); } },
});`;

const files = {
  ...firstPackage("first", first, { defaultConfig: { by: "default", threads: 1 } }),
  ...listed({ first: { version: "0.9.1", activated: true, customConfig: { by: "ada" } } }),
  ...formerPackage("former", former),
  ...typedPackage("typed", typed),
  ...formerPackage(
    "beside",
    `module.exports = class { init () { this.seen = []; this.hooks = { "document:afterCreate": (request) => this.seen.push(request.getId()) }; } };`,
    { name: "beside", kuzzleVersion: ">=2.0.0 <3.0.0" },
  ),
};

function typedPackage(name: string, main: string, manifest?: object): Record<string, string> {
  const folder = `plugins/enabled/${name}`;
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module", main: "index.js" }),
    [`${folder}/index.js`]: main,
    ...(manifest === undefined ? {} : { [`${folder}/manifest.json`]: JSON.stringify(manifest) }),
  };
}

const noted = (it: WorkerServer, member: string) => () => it.notes().find((note) => member in note);

test("smoke", async (t) => {
  const it = await startWorkers(t, files, {
    plugins: { former: { threads: 1, by: "bob" }, typed: { by: "eve" }, beside: { threads: 2 } },
  });
  const ws = await it.connect();
  await ws.index.create("library");
  await ws.collection.create("library", "books", {});
  await ws.document.create("library", "books", { title: "t" }, "x");
  await until("note", noted(it, "created"));
  await new Promise((r) => setTimeout(r, 300));
  console.log(JSON.stringify(it.notes(), null, 1));
  console.log(
    it.log
      .filter((l) => !/collection|index/.test(l.event))
      .map((l) => JSON.stringify(l))
      .join("\n"),
  );
  console.log(JSON.stringify(it.server.backend.plugin.list?.()));
});
