import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createTestServer,
  enable,
  failureToStart,
  makeRoot,
  pluginFiles,
  startTestServer,
  startWith,
} from "../../testing/plugins/plugin-server.ts";
import { KuzzleRequest } from "../kernel/index.ts";

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (!condition()) {
    assert.ok(performance.now() < giveUpAt, "the condition did not come true in time");
    await sleep(5);
  }
}

test("an enabled CommonJS plugin is initialised with its configuration, and its pipes, hooks and controller work", async (t) => {
  const main = `
    class Hello {
      constructor () {
        this.seen = [];
        this.hooks = { "document:afterDelete": "remember" };
        this.pipes = { "generic:document:beforeWrite": this.stamp };
        this.controllers = { greet: { hello: "hello", inline: async (request) => ({ got: request.input.args.name }) } };
        this.routes = [{ verb: "get", url: "/hello/:name", controller: "greet", action: "hello" }];
      }
      async init (config, context) { this.config = config; this.context = context; }
      remember (request, event) { this.seen.push([request.getId(), event]); }
      async stamp (documents) { for (const d of documents) d._source.stampedBy = this.config.by; return documents; }
      async hello (request) { return "Hello " + request.getString("name") + " from " + this.config.by; }
    }
    module.exports = Hello;`;
  const server = await startWith(t, pluginFiles("hello", main), { plugins: { hello: { by: "ada" } } });

  const request = new KuzzleRequest({ controller: "document", action: "create", _id: "7" });
  const documents = await server.events.pipe("generic:document:beforeWrite", [{ _id: "7", _source: {} }], request);
  assert.deepEqual(documents, [{ _id: "7", _source: { stampedBy: "ada" } }]);

  await server.events.pipe("document:afterDelete", request);
  const plugin = server.host.get("hello") as { seen: unknown };
  assert.deepEqual(plugin.seen, [["7", "document:afterDelete"]]);

  assert.equal(await server.run({ controller: "hello/greet", action: "hello", name: "Bob" }), "Hello Bob from ada");
  assert.deepEqual(await server.run({ controller: "hello/greet", action: "inline", name: "Bob" }), { got: "Bob" });
  assert.deepEqual(
    server.actions.routes().map(({ verb, path, controller, action }) => [verb, path, controller, action]),
    [
      ["GET", "/_plugin/hello/hello/:name", "hello/greet", "hello"],
      ["GET", "/_/hello/:name", "hello/greet", "hello"],
    ],
  );
  const info = server.host.list().hello;
  assert.equal(info?.version, "1.2.3");
  assert.deepEqual(info?.controllers, ["hello/greet"]);
  assert.deepEqual(info?.hooks, ["document:afterDelete"]);
  assert.deepEqual(info?.pipes, ["generic:document:beforeWrite"]);
});

test("the published logger plugin loads unmodified, and a line of the server's log reaches its file", async (t) => {
  const { root, remove } = makeRoot();
  t.after(remove);
  const require = createRequire(import.meta.url);
  enable(root, "kuzzle-plugin-logger", dirname(require.resolve("kuzzle-plugin-logger/package.json")));
  const filename = join(root, "server.log");
  const server = await startTestServer({
    root,
    plugins: { "kuzzle-plugin-logger": { services: { file: { level: "info", filename, addDate: true } } } },
  });
  t.after(() => server.close());
  server.events.hook("log:warn", "disk nearly full");
  const written = (): string => {
    try {
      return readFileSync(filename, "utf8");
    } catch {
      return "";
    }
  };
  await until(() => written().includes("disk nearly full"));
  assert.match(written(), /\[LOG:WARN\] disk nearly full/);
  assert.match(written(), /plugin\.all_started/, "what the server logs itself is written too");
  assert.equal(server.host.list()["kuzzle-plugin-logger"]?.version, "3.0.3");
});

test('require("kuzzle") is this server\'s own, whatever copy the plugin carries', async (t) => {
  const main = `
    const { BadRequestError, KuzzleRequest, Plugin, Request, Kuzzle, Mutex, Inflector } = require("kuzzle");
    const common = require("kuzzle-common-objects");
    const { Mutex: DeepMutex } = require("kuzzle/lib/util/mutex");
    class Identity extends Plugin {
      constructor () { super({ kuzzleVersion: ">=2.0.0 <3.0.0" }); this.pipes = { "server:beforeNow": "check" }; }
      async init () {}
      async check (request) {
        if (!(request instanceof KuzzleRequest) || !(request instanceof common.Request)) throw new Error("a second copy");
        if (KuzzleRequest !== Request || Mutex !== DeepMutex || !(this instanceof Plugin)) throw new Error("not the same");
        if (typeof Kuzzle !== "function" || Inflector.kebabCase("MyName") !== "my-name") throw new Error("missing export");
        throw new BadRequestError("as planned");
      }
    }
    module.exports = Identity;`;
  const files = {
    ...pluginFiles("identity", main),
    "plugins/enabled/identity/node_modules/kuzzle/package.json": JSON.stringify({ name: "kuzzle", version: "2.0.0" }),
    "plugins/enabled/identity/node_modules/kuzzle/index.js": `throw new Error("the plugin's copy was loaded");`,
  };
  const server = await startWith(t, files);
  const request = new KuzzleRequest({ controller: "server", action: "now" });
  await assert.rejects(Promise.resolve(server.events.pipe("server:beforeNow", request)), {
    message: "as planned",
    status: 400,
    name: "BadRequestError",
  });
});

test("a package that a plugin uses gets the server's own kuzzle too, and a deep path that does not exist is named", async (t) => {
  const files = {
    ...pluginFiles("user", `const helper = require("helper"); module.exports = class { init () { helper.check(); } };`),
    "node_modules/helper/package.json": JSON.stringify({ name: "helper" }),
    "node_modules/helper/index.js": `const { KuzzleError } = require("kuzzle");
      exports.check = () => { if (typeof KuzzleError !== "function") throw new Error("no"); };`,
  };
  await startWith(t, files);
  const error = await failureToStart(
    t,
    pluginFiles("deep", `require("kuzzle/lib/api/funnel"); module.exports = class { init () {} };`),
  );
  assert.match(error.message, /kuzzle\/lib\/api\/funnel/);
});

test("plugins in ES modules and in TypeScript load, also behind a link into node_modules", async (t) => {
  const esm = `import { Plugin, KuzzleRequest } from "kuzzle";
    export default class extends Plugin {
      constructor() { super({ kuzzleVersion: "^2.0.0" }); this.api = { mod: { actions: { run: { handler: this.run } } } }; }
      async init() {}
      async run(request) { return request instanceof KuzzleRequest; }
    }`;
  const ts = `import { Plugin, type KuzzleRequest } from "kuzzle";
    import { answer } from "./lib/answer";
    export default class TypedPlugin extends Plugin {
      constructor() { super({ kuzzleVersion: "^2.0.0" }); this.api = { typed: { actions: { run: { handler: this.run, http: [{ verb: "POST", path: "typed/run" }] } } } }; }
      async init(): Promise<void> {}
      async run(request: KuzzleRequest): Promise<number> { return answer(request.getString("of")); }
    }`;
  const { root, remove } = makeRoot({
    ...pluginFiles("esm", esm, { file: "index.mjs" }),
    "node_modules/typed/package.json": JSON.stringify({ name: "typed", version: "0.0.1", main: "index.ts" }),
    "node_modules/typed/manifest.json": JSON.stringify({ name: "typed", kuzzleVersion: "^2.0.0" }),
    "node_modules/typed/index.ts": ts,
    "node_modules/typed/lib/answer.ts": "export const answer = (of: string): number => of.length;",
    ...pluginFiles("late", `await Promise.resolve(); export default class { async init() {} }`, { file: "index.mjs" }),
  });
  t.after(remove);
  enable(root, "typed", join(root, "node_modules", "typed"));
  const server = await startTestServer({ root });
  t.after(() => server.close());
  assert.equal(await server.run({ controller: "mod", action: "run" }), true);
  assert.equal(await server.run({ controller: "typed", action: "run", of: "four" }), 4);
  assert.equal(await server.run({ controller: "typed/typed", action: "run", of: "alias" }), 5);
  assert.ok(server.actions.routes().some(({ verb, path }) => verb === "POST" && path === "/_/typed/run"));
  assert.deepEqual(server.host.names, ["esm", "late", "typed"]);
});

test("dependencies that look for what newer Nodes have removed from util and buffer still load", async (t) => {
  const files = {
    ...pluginFiles("dated", `const old = require("old"); module.exports = class { init () { old.check(); } };`),
    "node_modules/old/package.json": JSON.stringify({ name: "old" }),
    "node_modules/old/index.js": `const util = require("util"); const { Buffer, SlowBuffer } = require("buffer");
      const equal = SlowBuffer.prototype.equal;
      exports.check = () => {
        const all = util.isError(new Error()) && util.isString("") && util.isRegExp(/x/) && !util.isDate({}) && util.isFunction(util.inherits);
        if (!all || Buffer !== global.Buffer || equal !== undefined || SlowBuffer(2).length !== 2) throw new Error("no");
      };`,
  };
  await startWith(t, files);
});

test("a linked plugin finds packages beside its files, and those of the application that it is linked into", async (t) => {
  const elsewhere = makeRoot({
    "plugin/package.json": JSON.stringify({ name: "linked", main: "lib/main.js" }),
    "plugin/manifest.json": JSON.stringify({ name: "linked", kuzzleVersion: "^2.0.0" }),
    "plugin/lib/main.js": `const own = require("own"); const hoisted = require("hoisted/value");
      const passport = require("passport");
      module.exports = class { init () { if (own + hoisted !== 3 || !passport.authenticate) throw new Error("no"); } };`,
    "node_modules/own/index.js": "module.exports = 1;",
  });
  t.after(elsewhere.remove);
  const { root, remove } = makeRoot({ "node_modules/hoisted/value.js": "module.exports = 2;" });
  t.after(remove);
  enable(root, "linked", join(elsewhere.root, "plugin"));
  const server = await startTestServer({ root });
  t.after(() => server.close());
  assert.deepEqual(server.host.names, ["linked"]);
});

test("TypeScript that needs more than its types removed is refused by name", async (t) => {
  const main = "enum Color { Red } export default class { init() { return Color.Red; } }";
  const error = await failureToStart(t, pluginFiles("enums", main, { file: "index.ts" }));
  assert.match(error.message, /\[enums\] Loading .* failed: .*enum/s);
});

test("code that a TypeScript compiler has turned into CommonJS loads, with its imports to apply", async (t) => {
  const main = `"use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.default = void 0;
    const kuzzle_1 = require("kuzzle");
    class CompiledPlugin extends kuzzle_1.Plugin {
      constructor() {
        super({ kuzzleVersion: ">=2.4.0 <3" });
        this.api = { compiled: { actions: { list: { handler: this.list.bind(this), http: [] }, item: { handler: this.item } } } };
        this.imports = { roles: { guest: { controllers: {} } }, mappings: { lib: { books: { mappings: {} } } } };
      }
      async init(config, context) { this.config = config; this.context = context; this.sdk = context.accessors.sdk; }
      async list() { return this.sdk !== undefined && this instanceof kuzzle_1.Plugin; }
      async item(request) { throw new kuzzle_1.NotFoundError(request.getId() + " is gone"); }
    }
    exports.default = CompiledPlugin;`;
  const server = await startWith(t, pluginFiles("compiled", main));
  assert.equal(await server.run({ controller: "compiled", action: "list" }), true);
  await assert.rejects(server.run({ controller: "compiled", action: "item", _id: "7" }), {
    status: 404,
    message: "7 is gone",
  });
  assert.deepEqual(
    server.host.imports.map((it) => Object.keys(it)),
    [["roles", "mappings"]],
  );
  assert.deepEqual(
    server.actions.routes().map(({ path }) => path),
    ["/_/compiled/item"],
    "no route where none is wanted",
  );
});

test("two servers in one process do not see each other's plugins, nor through the globals", async (t) => {
  const main = `const { Mutex } = require("kuzzle");
    module.exports = class {
      constructor () { this.controllers = { who: { am: async () => { await new Promise((r) => setTimeout(r, 5)); new Mutex("x"); return [global.nodeId, global.kuzzle.config.plugins.who.name]; } } }; }
      init () {}
    };`;
  const first = await startWith(t, pluginFiles("who", main), {
    plugins: { who: { name: "a" } },
    deps: { nodeId: "node-a" },
  });
  const second = await startWith(t, pluginFiles("who", main), {
    plugins: { who: { name: "b" } },
    deps: { nodeId: "node-b" },
  });
  const ask = { controller: "who/who", action: "am" };
  assert.deepEqual(await Promise.all([first.run(ask), second.run(ask)]), [
    ["node-a", "a"],
    ["node-b", "b"],
  ]);
  assert.throws(() => (globalThis as { kuzzle?: unknown }).kuzzle, /not clear which/);
  await second.close();
  assert.equal((globalThis as { nodeId?: unknown }).nodeId, "node-a");
});

test("after close nothing of a plugin is called any more", async (t) => {
  const main = `module.exports = class { constructor () { this.pipes = { "server:beforeNow": async () => { throw new Error("still here"); } }; } init () {} };`;
  const { root, remove } = makeRoot(pluginFiles("gone", main));
  t.after(remove);
  const server = createTestServer({ root });
  await server.host.load();
  await server.host.start();
  await server.close();
  await server.close();
  const request = new KuzzleRequest({ controller: "server", action: "now" });
  assert.equal(server.events.pipe("server:beforeNow", request), request);
});
