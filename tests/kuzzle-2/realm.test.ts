/** What plugins of the second generation reach outside of their context (contract/plugins/v2.md section 11, framework.md sections 8 and 9). */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "kuzzle-sdk";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { startWhole } from "../../testing/plugins/whole-server.ts";
import { http } from "../api/wire.ts";

const acting = (name: string, body: string, head = ""): string => `${head}
module.exports = class {
  constructor () { this.api = { "${name}": { actions: { run: { handler: (request) => this.run(request) } } } }; }
  async init (config, context) { this.context = context; }
  async run (request) { ${body} }
};`;

/** contract/plugins/framework.md section 9, values; errors are section 9 of v2.md. */
const exported =
  "Backend BackendCluster BackendConfig BackendController BackendErrors BackendHook BackendImport BackendOpenApi BackendPipe BackendPlugin BackendStorage BackendSubscription BackendVault InternalLogger ApplicationManager Controller Plugin HttpStream PluginContext EmbeddedSDK KuzzleRequest Request RequestContext RequestInput RequestResource RequestResponse Headers Connection Mutex Inflector NameGenerator Koncorde ObjectRepository Store cacheDbEnum storeScopeEnum QueryTranslator NormalizedFilterV3 " +
  "KuzzleError BadRequestError UnauthorizedError ForbiddenError NotFoundError PreconditionError SizeLimitError TooManyRequestsError InternalError ExternalServiceError PluginImplementationError ServiceUnavailableError GatewayTimeoutError PartialError MultipleErrorsError";

test("the package kuzzle exports every value of the contract and of the official SDK, by require and by import, and no default", async (t) => {
  const { server } = await startWhole(t, {
    files: {
      ...pluginFiles(
        "required",
        acting(
          "required",
          "return { names: Object.keys(kuzzle), kinds: Object.fromEntries(Object.keys(kuzzle).map((name) => [name, typeof kuzzle[name]])) };",
          `const kuzzle = require("kuzzle");`,
        ),
      ),
      ...pluginFiles(
        "imported",
        `import * as kuzzle from "kuzzle";
         import { Backend, Plugin, KuzzleRequest } from "kuzzle";
         export default class extends Plugin {
           constructor () { super({ kuzzleVersion: "^2.0.0" }); this.api = { imported: { actions: { run: { handler: async () =>
             ({ names: Object.keys(kuzzle), kinds: { Backend: typeof Backend, KuzzleRequest: typeof KuzzleRequest } }) } } } }; }
           async init () {}
         }`,
        { file: "index.mjs" },
      ),
    },
  });
  for (const how of ["required", "imported"]) {
    const { names, kinds } = (
      await http<{ names: string[]; kinds: Record<string, string> }>(server, "GET", `/_/${how}/run`)
    ).result;
    const wanted = [...exported.split(" "), ...Object.keys(sdk).filter((name) => /^[A-Z]\w+$/.test(name))];
    assert.deepEqual(
      wanted.filter((name) => !names.includes(name)),
      [],
      how,
    );
    assert.ok(!names.includes("default"));
    for (const [name, kind] of Object.entries(kinds)) assert.notEqual(kind, "undefined", name);
  }
});

test("the deep paths of the contract are there, any other is named in the error", async (t) => {
  const deep = [
    "types",
    "api/request",
    "kerror/errors",
    "core/backend",
    "core/plugin/pluginContext",
    "util/Inflector",
    "util/mutex",
  ];
  const { server } = await startWhole(t, {
    files: pluginFiles(
      "deep",
      acting(
        "deep",
        `return [errors.NotFoundError === kuzzle.NotFoundError, request instanceof api.KuzzleRequest, Mutex === kuzzle.Mutex, Inflector.upFirst("x"), PluginContext === kuzzle.PluginContext, Backend === kuzzle.Backend];`,
        `const kuzzle = require("kuzzle");
         const errors = require("kuzzle/lib/kerror/errors"); const api = require("kuzzle/lib/api/request");
         const { Mutex } = require("kuzzle/lib/util/mutex"); const { Inflector } = require("kuzzle/lib/util/Inflector.js");
         const { PluginContext } = require("kuzzle/lib/core/plugin/pluginContext"); const { Backend } = require("kuzzle/lib/core/backend/index");
         ${deep.map((path) => `require("kuzzle/lib/${path}");`).join(" ")}`,
      ),
    ),
  });
  assert.deepEqual((await http<unknown>(server, "GET", "/_/deep/run")).result, [true, true, true, "X", true, true]);
  const wrong = pluginFiles("wrong", `require("kuzzle/lib/api/funnel"); module.exports = class { init () {} };`);
  await assert.rejects(startWhole(t, { files: wrong }), { message: /kuzzle\/lib\/api\/funnel/ });
});

test("kuzzle-common-objects is this server's own too", async (t) => {
  const { server } = await startWhole(t, {
    files: pluginFiles(
      "common",
      acting(
        "common",
        `const made = new common.Request({ controller: "server", action: "now" });
         return [request instanceof common.Request, request instanceof common.KuzzleRequest, made instanceof kuzzle.KuzzleRequest, common.errors.NotFoundError === kuzzle.NotFoundError,
           typeof common.models.RequestContext, typeof common.models.RequestInput, typeof common.models.RequestResponse, typeof (await this.context.accessors.execute(made)).result.now];`,
        `const common = require("kuzzle-common-objects"); const kuzzle = require("kuzzle");`,
      ),
    ),
  });
  const kinds = ["function", "function", "function", "number"];
  assert.deepEqual((await http<unknown>(server, "GET", "/_/common/run")).result, [true, true, true, true, ...kinds]);
});

/** What a bundler leaves of the package in a plugin: classes of the same names, made by nobody else. */
const bundled = `
class KuzzleError extends Error { constructor (message, status, id, code) { super(message); this.status = status; this.id = id; this.code = code; this.props = []; } toJSON () { return { message: this.message, status: this.status, id: this.id, code: this.code }; } }
class ForbiddenError extends KuzzleError { constructor (message, id, code) { super(message, 403, id, code); } }
class KuzzleRequest {
  constructor (data) {
    const { controller, action, body = null, volatile = null, jwt = null, ...args } = data;
    this.id = "copy-1"; this.timestamp = 7; this.status = 102; this.error = null; this.result = null;
    this.input = { controller, action, body, volatile, jwt, args }; this.context = { connection: { id: null, protocol: null, ips: [], misc: {} }, token: null, user: null };
  }
  setResult (result, { status = 200 } = {}) { this.result = result; this.status = status; }
}
class Plugin { constructor (manifest) { this._manifest = manifest; } }
class HttpStream { constructor (stream) { this.stream = stream; this.totalBytes = -1; this.errored = false; this.destroyed = false; } destroy () { this.stream.destroy(); } }
const kuzzle = require("kuzzle");
const { Readable } = require("stream");
class CopyPlugin extends Plugin {
  constructor () {
    super({ kuzzleVersion: "^2.0.0" });
    this.api = { copy: { actions: {
      refuse: { handler: async () => { throw new ForbiddenError("by a copy", "copy.own.id", 9); } },
      execute: { handler: async () => {
        const made = new KuzzleRequest({ controller: "server", action: "now" });
        const answer = await this.context.accessors.execute(made);
        return [answer === made, typeof made.result.now, made.status, made instanceof kuzzle.KuzzleRequest, this instanceof kuzzle.Plugin, new ForbiddenError("x") instanceof kuzzle.ForbiddenError, new ForbiddenError("x") instanceof kuzzle.NotFoundError, ({}) instanceof kuzzle.KuzzleRequest];
      } },
      itself: { handler: async () => new KuzzleRequest({ controller: "a", action: "b" }) },
      stream: { handler: async () => new HttpStream(Readable.from(["streamed"])) },
      replaced: { handler: async (request) => request.input.args.by },
    } } };
    this.pipes = { "copy:beforeReplaced": async () => new KuzzleRequest({ controller: "copy", action: "replaced", by: "copy" }) };
  }
  async init (config, context) { this.context = context; }
}
module.exports = CopyPlugin;`;

test("objects of a copy of the classes that a plugin carries count: errors, requests, plugins, streams", async (t) => {
  const { server } = await startWhole(t, { files: pluginFiles("copy", bundled) });
  const refused = await http(server, "GET", "/_/copy/refuse");
  assert.deepEqual([refused.status, refused.error?.id, refused.error?.message], [403, "copy.own.id", "by a copy"]);
  const executed = (await http<unknown>(server, "GET", "/_/copy/execute")).result;
  assert.deepEqual(executed, [true, "number", 200, true, true, true, false, false]);
  assert.equal((await http(server, "GET", "/_/copy/itself")).error?.id, "plugin.controller.unserializable_response");
  assert.equal(await (await fetch(`${server.url}/_/copy/stream`)).text(), "streamed");
  assert.equal((await http<unknown>(server, "GET", "/_/copy/replaced?by=client")).result, "copy");
});

const globals = acting(
  "globals",
  `await new Promise((resolve) => setTimeout(resolve, 2));
   const { kuzzle } = global;
   kuzzle.emit("own:event", 2);
   return { node: global.nodeId, id: kuzzle.id, version: kuzzle.version, state: kuzzle.state, config: kuzzle.config.plugins.globals.mark, secrets: kuzzle.vault.secrets, app: global.app.name,
     asked: await kuzzle.ask("own:question", 20), piped: await kuzzle.pipe("own:pipe", 1), heard, hash: kuzzle.hash({ a: 1, b: 2 }) === kuzzle.hash({ b: 2, a: 1 }),
     running: [kuzzle.asyncStore.exists(), kuzzle.asyncStore.has("REQUEST"), kuzzle.asyncStore.get("REQUEST") === request, kuzzle.asyncStore.get("ELSE") ?? null],
     funnel: typeof (await kuzzle.funnel.executePluginRequest(new (require("kuzzle").KuzzleRequest)({ controller: "server", action: "now" }))).now, log: typeof kuzzle.log.info, env: global.NODE_ENV };`,
  "const heard = [];",
).replace(
  "async init (config, context) {",
  `async init (config, context) {
    global.kuzzle.onAsk("own:question", async (n) => n + config.mark);
    global.kuzzle.on("own:event", (n) => heard.push(n + config.mark));
    global.kuzzle.on("own:question", ({ args, response }) => heard.push([args, response]));
    this.pipes = { "own:pipe": async (n) => n + config.mark };`,
);

test("globals and exports belong to the server whose plugin runs, also in two servers of one process at once", async (t) => {
  const start = (mark: number, name: string) =>
    startWhole(t, {
      files: pluginFiles("globals", globals),
      config: { "plugins.globals": { mark } },
      prepare: (app) => app.pipe.register("own:pipe", async (n: number) => n + (name === "a" ? 1000 : 2000)),
    });
  const [a, b] = [await start(1, "a"), await start(2, "b")];
  const [seenA, seenB] = (
    await Promise.all([http(a.server, "GET", "/_/globals/run"), http(b.server, "GET", "/_/globals/run")])
  ).map(({ error, result }) => {
    assert.equal(error, null, JSON.stringify(error));
    return result;
  });
  for (const [seen, mark, { server }] of [
    [seenA, 1, a],
    [seenB, 2, b],
  ] as const) {
    assert.deepEqual(seen, {
      node: server.backend.nodeId,
      id: server.backend.nodeId,
      version: "2.56.0",
      state: 2,
      config: mark,
      secrets: {},
      app: "test",
      asked: 20 + mark,
      piped: 1 + mark + mark * 1000,
      heard: [2 + mark, [[20], 20 + mark]],
      hash: true,
      running: [true, true, true, null],
      funnel: "number",
      log: "function",
      env: "",
    });
  }
});
