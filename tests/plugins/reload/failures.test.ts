/** A reload that fails leaves the former plugin as it was, says what is wrong and where, and the repaired code is loaded as if nothing had been. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pluginFiles } from "../../../testing/plugins/plugin-server.ts";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { commonJs, typed } from "./packages.ts";
import { type Files, startReloadable } from "./reloadable.ts";

const answering = (word: string, more = ""): string => `
  constructor() { this.api = { part: { actions: { word: { handler: this.word, http: [{ verb: "get", path: "/part" }] } } } }; }
  async init() {}
  async word() { return "${word}"; }
  ${more}`;

const good = (word: string): Files => commonJs("part", answering(word));
const moduleOf = (body: string, file = "index.mjs"): Files => pluginFiles("part", body, { file });

interface Fault {
  readonly what: string;
  readonly files: Files;
  readonly id: string;
  readonly at: string | undefined;
  readonly reason: RegExp;
}

const faults: readonly Fault[] = [
  {
    what: "does not parse, in CommonJS",
    files: pluginFiles("part", "const a = 1;\nmodule.exports = class {\n  init( {}\n};"),
    id: "plugin.runtime.unexpected_error",
    at: "index.js:4",
    reason: /^Unexpected token/,
  },
  {
    what: "does not parse, in an ES module that the main one imports",
    files: {
      ...moduleOf(`import { a } from "./lib/a.mjs";\nexport default class { init() { return a; } }`),
      "plugins/enabled/part/lib/a.mjs": "export const b = 2;\nexport const a = ;\n",
    },
    id: "plugin.runtime.unexpected_error",
    at: "lib/a.mjs:2",
    reason: /^Unexpected token/,
  },
  {
    what: "imports a name that is not there",
    files: {
      ...moduleOf(`import { a } from "./a.mjs";\nexport default class { init() { return a; } }`),
      "plugins/enabled/part/a.mjs": "export const b = 2;\n",
    },
    id: "plugin.runtime.unexpected_error",
    at: "index.mjs:1",
    reason: /does not provide an export named 'a'/,
  },
  {
    what: "does not parse, in TypeScript",
    files: moduleOf("const a: number = 1;\n\nexport default class { init(: string) {} }\n", "index.ts"),
    id: "plugin.runtime.unexpected_error",
    at: "index.ts:3",
    reason: /expression|expected|token/i,
  },
  {
    what: "throws when it is loaded",
    files: moduleOf(`const wanted = undefined;\n\nwanted.member;\nexport default class { init() {} }`),
    id: "plugin.runtime.unexpected_error",
    at: "index.mjs:3",
    reason: /^Cannot read properties of undefined/,
  },
  {
    what: "requires what is not installed",
    files: commonJs("part", `init() {}\n}; require("no-such-package"); void class {`),
    id: "plugin.runtime.unexpected_error",
    at: "index.js:3",
    reason: /^Cannot find module 'no-such-package'/,
  },
  {
    what: "throws in its constructor",
    files: commonJs("part", `constructor() {\n    throw new TypeError("not like this");\n  }\n  init() {}`),
    id: "plugin.runtime.unexpected_error",
    at: "index.js:3",
    reason: /^not like this/,
  },
  {
    what: "rejects its init",
    files: commonJs("part", `async init() {\n    await null;\n    throw new Error("no database");\n  }`),
    id: "plugin.runtime.failed_init",
    at: "index.js:4",
    reason: /^no database/,
  },
  {
    what: "does not come back from its init",
    files: commonJs("part", "init() { return new Promise(() => {}); }"),
    id: "plugin.runtime.failed_init",
    at: undefined,
    reason: /did not finish within 300 ms/,
  },
  {
    what: "has a hook on a method that does not exist",
    files: commonJs("part", `init() { this.hooks = { "document:afterCreate": "remembr" }; }\n  remember() {}`),
    id: "plugin.assert.invalid_hook",
    at: undefined,
    reason: /remember/,
  },
  {
    what: "takes a controller of the server's own",
    files: commonJs("part", `init() { this.api = { server: { actions: { word: { handler: async () => 1 } } } }; }`),
    id: "plugin.assert.invalid_controller_definition",
    at: undefined,
    reason: /server.*the name is taken/,
  },
  {
    what: "takes a route of the server's own",
    files: commonJs(
      "part",
      `init() { this.api = { part: { actions: { word: { handler: async () => 1, http: [{ verb: "get", path: "/_now" }] } } } }; }`,
    ),
    id: "network.http.duplicate_url",
    at: undefined,
    reason: /GET \/_now/,
  },
  {
    what: "has a strategy whose class refuses",
    files: commonJs(
      "part",
      `init() {
        this.authenticators = { No: class { constructor() { throw new Error("no options"); } } };
        const methods = { create: "x", update: "x", delete: "x", exists: "x", validate: "x", verify: "x" };
        this.strategies = { fine: { config: { authenticator: "Yes" }, methods }, no: { config: { authenticator: "No" }, methods } };
        this.authenticators.Yes = require("passport-local").Strategy;
        this.api = { part: { actions: { word: { handler: async () => "never" } } } };
      }
      async x() { return true; }`,
    ),
    id: "plugin.strategy.failed_registration",
    at: "index.js:3",
    reason: /^no options/,
  },
  {
    what: "fails when it hears of the start",
    files: commonJs(
      "part",
      `init() { this.pipes = { "kuzzle:state:live": async () => { throw new Error("too late"); } }; }`,
    ),
    id: "plugin.assert.cannot_load",
    at: "index.js:2",
    reason: /^too late/,
  },
  {
    what: "has a manifest that is no JSON",
    files: { ...good("never"), "plugins/enabled/part/manifest.json": '{ "name": "part", ' },
    id: "plugin.manifest.cannot_load",
    at: undefined,
    reason: /manifest\.json/,
  },
  {
    what: "is for no generation that the server knows",
    files: commonJs("part", "init() {}", { kuzzleVersion: ">=7.0.0" }),
    id: "plugin.manifest.version_mismatch",
    at: undefined,
    reason: />=7\.0\.0/,
  },
];

test("whatever is wrong with the new code, the former goes on, the log says what and where, and the next version is loaded", async (t) => {
  const config = { "plugins.common.initTimeout": 300 };
  const { server, write, remove, ask, log } = await startReloadable(t, good("0"), config);
  const strategiesBefore = await ask({ controller: "auth", action: "getStrategies" });
  let word = "0";
  for (const [i, { what, files, id, at, reason }] of faults.entries()) {
    await t.test(`code that ${what}`, async () => {
      remove("plugins/enabled/part");
      write(files);
      const outcome = await server.host.reload("part", ["index.js"]);
      assert.ok(outcome.kind === "failed", JSON.stringify(outcome));
      assert.equal(outcome.error.id, id, outcome.error.message);
      assert.equal(outcome.at, at);
      assert.equal(outcome.needsRestart, false);
      const line = log.findLast(({ event }) => event === "plugins: plugin.reload_failed");
      assert.equal(line?.level, "error");
      assert.equal(line?.fields.plugin, "part");
      assert.equal(line?.fields.at, at);
      assert.match(String(line?.fields.reason), reason);
      assert.doesNotMatch(String(line?.fields.reason), /\n/);
      assert.equal(await ask({ controller: "part", action: "word" }), word, "the former code answers");
      assert.equal((await fetchJson(`${server.url}/part`)).json.result, word);
      assert.deepEqual(await ask({ controller: "auth", action: "getStrategies" }), strategiesBefore);
      remove("plugins/enabled/part");
      word = String(i + 1);
      write(good(word));
      assert.equal((await server.host.reload("part")).kind, "reloaded");
      assert.equal(await ask({ controller: "part", action: "word" }), word, "the repaired code answers");
    });
  }
});

test("code of the former version that is loaded only when it is needed stays its own after a reload that failed", async (t) => {
  const lazy = `constructor() { this.api = { part: { actions: { word: { handler: this.word } } } }; }
    async init() {}
    async word() { return require("./lib/word"); }`;
  const { server, write, ask } = await startReloadable(t, {
    ...commonJs("part", lazy),
    "plugins/enabled/part/lib/word.js": `module.exports = "first";`,
  });
  assert.equal(await ask({ controller: "part", action: "word" }), "first");
  write({
    ...commonJs("part", `${lazy}\n get hooks() { require("./lib/word"); throw new Error("no"); }`),
    "plugins/enabled/part/lib/word.js": `module.exports = "second";`,
  });
  assert.equal((await server.host.reload("part")).kind, "failed");
  assert.equal(await ask({ controller: "part", action: "word" }), "first");
  write(commonJs("part", lazy));
  await server.host.reload("part");
  assert.equal(await ask({ controller: "part", action: "word" }), "second");
});

test("a new plugin that does not load is not there, and is added once it does; others that cannot be read do not matter", async (t) => {
  const { server, write, ask } = await startReloadable(t, {});
  write({ ...pluginFiles("part", "module.exports = class {"), "plugins/enabled/broken/package.json": "{" });
  const outcome = await server.host.reload("part");
  assert.ok(outcome.kind === "failed" && outcome.at === "index.js:1", JSON.stringify(outcome));
  assert.ok(!server.host.names.includes("part"));
  write(good("here"));
  assert.equal((await server.host.reload("part")).kind, "added");
  assert.equal(await ask({ controller: "part", action: "word" }), "here");
  const other = await server.host.reload("broken");
  assert.ok(other.kind === "failed" && other.error.id === "plugin.manifest.cannot_load");
});

test("what only a new process can show says so: own ports, own protocols, ES modules that came by require", async (t) => {
  const port = `init() { return new Promise((resolve, reject) => {
    const server = require("net").createServer().on("error", reject).unref();
    server.listen(Number(process.env.OWN_PORT ?? 0), "127.0.0.1", () => { process.env.OWN_PORT = String(server.address().port); resolve(); });
  }); }`;
  const protocol = `
    module.exports = function () {
      this.hooks = { 'protocol:broadcast': 'send' };
      this.init = function (config, context, isDummy) { context.getRouter().newConnection('own', 'one'); };
      this.send = function () {};
    };`;
  const required = (word: string): Files => ({
    ...commonJs("required", `init() { return require("./word.mjs"); }`),
    "plugins/enabled/required/word.mjs": `export const word = "${word}";`,
  });
  t.after(() => delete process.env.OWN_PORT);
  const { server, write, log } = await startReloadable(t, {
    ...commonJs("port", port),
    "plugins/enabled/old/package.json": JSON.stringify({
      name: "old",
      main: "index.js",
      pluginInfo: { loadedBy: "server" },
    }),
    "plugins/enabled/old/index.js": protocol,
    ...typed(
      "line",
      `protocols: [{ name: "line", broadcast() {}, notify() {}, joinChannel() {}, leaveChannel() {}, disconnect() {}, start() {}, stop() {} }],`,
    ),
    ...pluginFiles("required", `require("./word.mjs"); module.exports = class { init() {} };`),
    "plugins/enabled/required/word.mjs": `export const word = "one";`,
  });
  write(required("two"));
  write(pluginFiles("required", `require("./word.mjs"); module.exports = class { init() {} };`));
  for (const [name, reason] of [
    ["port", /EADDRINUSE/],
    ["old", /protocol of its own/],
    ["line", /protocol of its own/],
    ["required", /word\.mjs is an ES module that is loaded by require/],
  ] as const) {
    const outcome = await server.host.reload(name);
    assert.ok(outcome.kind === "failed" && outcome.needsRestart, name);
    assert.match(String(log.at(-1)?.fields.reason), reason);
    assert.match(outcome.error.message, reason);
  }
});

test("plugins given in code are refused, and so is everything before the start and after the end", async (t) => {
  const { server } = await startReloadable(t, typed("part", ""));
  const given = await server.host.reload("test");
  assert.equal(given.kind, "failed", "the application itself");
  await server.close();
  const late = await server.host.reload("part");
  assert.ok(late.kind === "failed");
  assert.match(late.error.message, /only while the server runs/);
});
