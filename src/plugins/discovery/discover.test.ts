import assert from "node:assert/strict";
import { test } from "node:test";
import { failureToStart, pluginFiles, startWith } from "../../../testing/plugins/plugin-server.ts";

test("two enabled packages of one name are refused with both places, unless one is taken out", async (t) => {
  const empty = "module.exports = class { init () {} };";
  const files = {
    ...pluginFiles("one", empty, { manifest: { name: "twin" } }),
    ...pluginFiles("two", empty, { manifest: { name: "twin" } }),
  };
  const error = await failureToStart(t, files);
  assert.equal(error.id, "plugin.assert.name_already_exists");
  assert.match(error.message, /enabled\/one.*enabled\/two/s);
  const server = await startWith(t, files, { plugins: { twin: { activated: false } } });
  assert.deepEqual(server.host.names, []);
});

test("an enabled package takes the place of the bundled plugin of its name", async (t) => {
  const bundled = new Map([["login", () => ({ version: "bundled", init() {} })]]);
  const common = { include: ["login"] };
  const first = await startWith(t, {}, { common, deps: { bundled } });
  assert.equal(first.host.list().login?.version, "bundled");
  const second = await startWith(t, pluginFiles("login", "module.exports = class { init () {} };"), {
    common,
    deps: { bundled },
  });
  assert.equal(second.host.list().login?.version, "1.2.3");
});

test("an included package that is not installed is refused with the command that installs it", async (t) => {
  const error = await failureToStart(t, {}, { common: { include: ["kuzzle-plugin-nowhere"] } });
  assert.equal(error.id, "plugin.assert.cannot_load");
  assert.match(error.message, /npm install kuzzle-plugin-nowhere/);
});

const faults: readonly { name: string; main: string; id: string; says: RegExp; manifest?: Record<string, unknown> }[] =
  [
    {
      name: "throws while it is loaded",
      main: `throw new Error("boom");`,
      id: "plugin.runtime.unexpected_error",
      says: /\[bad\].*boom/s,
    },
    {
      name: "exports no class",
      main: "module.exports = { init () {} };",
      id: "plugin.assert.not_a_constructor",
      says: /bad/,
    },
    {
      name: "exports an arrow function",
      main: "module.exports = () => {};",
      id: "plugin.assert.not_a_constructor",
      says: /bad/,
    },
    { name: "has no init", main: "module.exports = class {};", id: "plugin.assert.init_not_found", says: /bad/ },
    {
      name: "fails in init",
      main: `module.exports = class { async init () { throw new Error("no license"); } };`,
      id: "plugin.runtime.failed_init",
      says: /\[bad\].*no license/s,
    },
    {
      name: "never ends its init",
      main: "module.exports = class { init () { return new Promise(() => {}); } };",
      id: "plugin.runtime.failed_init",
      says: /\[bad\].*plugins\.common\.initTimeout/s,
    },
    {
      name: "names a method that does not exist",
      main: `module.exports = class { constructor () { this.pipes = { "document:beforeCreate": "checkDocumnt" }; } init () {} checkDocument () {} };`,
      id: "plugin.assert.invalid_pipe",
      says: /Did you mean "checkDocument"\?/,
    },
    {
      name: "routes to an action that does not exist",
      main: `module.exports = class { constructor () { this.controllers = { c: { list: async () => [] } };
      this.routes = [{ verb: "get", url: "/x", controller: "c", action: "lst" }]; } init () {} };`,
      id: "plugin.controller.undefined_action",
      says: /Did you mean "list"\?/,
    },
    {
      name: "uses a verb that does not exist",
      main: `module.exports = class { constructor () { this.controllers = { c: { list: async () => [] } };
      this.routes = [{ verb: "fetch", url: "/x", controller: "c", action: "list" }]; } init () {} };`,
      id: "plugin.controller.unsupported_verb",
      says: /fetch/,
    },
    {
      name: "was written for a server of the future",
      main: "module.exports = class { init () {} };",
      manifest: { kuzzleVersion: ">=3.0.0" },
      id: "plugin.manifest.version_mismatch",
      says: />=3\.0\.0/,
    },
    {
      name: "asks for privileges that the configuration does not grant",
      main: "module.exports = class { init () {} };",
      manifest: { privileged: true },
      id: "plugin.assert.privileged_not_set",
      says: /plugins\.bad\.privileged/,
    },
    {
      name: "declares errors with one code",
      main: "module.exports = class { init () {} };",
      manifest: {
        errors: {
          first: { code: 1, message: "a", class: "BadRequestError" },
          second: { code: 1, message: "b", class: "BadRequestError" },
        },
      },
      id: "plugin.manifest.invalid_errors",
      says: /"second" has the code 1/,
    },
  ];

for (const { name, main, id, says, manifest = {} } of faults) {
  test(`a plugin that ${name} stops the start with an error that names it`, async (t) => {
    const error = await failureToStart(t, pluginFiles("bad", main, { manifest }), { common: { initTimeout: 60 } });
    assert.equal(error.id, id);
    assert.match(error.message, says);
  });
}

test("a manifest that is no JSON is named", async (t) => {
  const files = {
    ...pluginFiles("bad", "module.exports = class { init () {} };"),
    "plugins/enabled/bad/manifest.json": "{",
  };
  const error = await failureToStart(t, files);
  assert.equal(error.id, "plugin.manifest.cannot_load");
  assert.match(error.message, /enabled\/bad\/manifest\.json/);
});

test("an operator's choice of dialect overrides what the manifest says", async (t) => {
  const files = pluginFiles("old", "module.exports = class { init () {} };", { manifest: { kuzzleVersion: "^1.1.x" } });
  const server = await startWith(t, files, { plugins: { old: { _dialect: "v2" } } });
  assert.deepEqual(server.host.names, ["old"]);
});

const main = "module.exports = function () { this.init = function (config) { this.config = config; }; };";
const manifestLess = {
  "package.json": JSON.stringify({
    name: "old",
    version: "0.3.0",
    main: "main.js",
    pluginInfo: { defaultConfig: { a: 1, b: { c: 2, d: 3 } } },
  }),
  "main.js": main,
};
const under = (folder: string): Record<string, string> =>
  Object.fromEntries(Object.entries(manifestLess).map(([file, text]) => [`${folder}/${file}`, text]));

test("the lists of the first generation name packages by path or by npm name, and give their options", async (t) => {
  const server = await startWith(t, {
    ...under("mine/old"),
    ...under("node_modules/installed"),
    "config/defaultPlugins.json": JSON.stringify({
      installed: { version: "0.3.0", activated: true, defaultConfig: { b: { d: 4 } } },
      "kuzzle-plugin-socketio": { version: "1.0.0", activated: true },
    }),
    "config/customPlugins.json": JSON.stringify({
      mine: { path: "mine/old", customConfig: { b: { c: 20 } } },
      off: { path: "nowhere", activated: false },
      installed: { customConfig: { e: 5 } },
    }),
  });
  assert.deepEqual(server.host.names, ["installed", "mine"]);
  assert.deepEqual((server.host.get("mine") as { config: unknown }).config, { a: 1, b: { c: 20, d: 3 } });
  assert.deepEqual((server.host.get("installed") as { config: unknown }).config, { b: { d: 4 }, e: 5 });
  const loaded = server.log.find(({ event, fields }) => event === "plugin.loaded" && fields.plugin === "mine");
  assert.equal(loaded?.fields.dialect, "v0");
  assert.match(String(loaded?.fields.because), /customPlugins\.json/);
});

for (const [entry, says] of [
  [{ version: "1.2.3" }, /npm install absent@1\.2\.3/],
  [{ url: "https://example.org/absent.git" }, /npm install https:\/\/example\.org\/absent\.git/],
  [{ path: "nowhere" }, /nowhere, and nothing is there/],
] as const) {
  test(`a listed package that is not there stops the start: ${JSON.stringify(entry)}`, async (t) => {
    const error = await failureToStart(t, { "config/customPlugins.json": JSON.stringify({ absent: entry }) });
    assert.equal(error.id, "plugin.assert.cannot_load");
    assert.match(error.message, says);
  });
}

test("a list that is no map of plugins is named", async (t) => {
  for (const text of ["[", "[]", '{"a": 1}']) {
    const error = await failureToStart(t, { "config/customPlugins.json": text });
    assert.match(error.message, /customPlugins\.json/);
  }
});

test("a list gives a bundled plugin its options, and a listed package of a later release is taken for one", async (t) => {
  const bundled = new Map([
    [
      "login",
      () => ({
        init(config: unknown) {
          Object.assign(this, { config });
        },
      }),
    ],
  ]);
  const later =
    "module.exports = function () { this.init = function () {}; this.controllers = { c: { a: 'a' } }; this.a = () => Promise.resolve(1); };";
  const server = await startWith(
    t,
    {
      "config/customPlugins.json": JSON.stringify({
        login: { version: "1", activated: true, customConfig: { secret: "s" } },
        later: { path: "later", activated: true },
      }),
      "later/index.js": later,
    },
    { common: { include: ["login"] }, deps: { bundled } },
  );
  assert.deepEqual((server.host.get("login") as unknown as { config: unknown }).config, { secret: "s" });
  assert.equal(await server.run({ controller: "later/c", action: "a" }), 1);
  const line = server.log.find(({ event, fields }) => event === "plugin.loaded" && fields.plugin === "later");
  assert.equal(line?.fields.dialect, "v1.a");
});

test("a plugin of the configuration's own list is found, and one of a folder without any description has the folder's name", async (t) => {
  const server = await startWith(
    t,
    { ...under("mine"), "plugins/enabled/bare/index.js": main },
    { plugins: { old: { path: "mine", activated: true, config: { b: { c: 9 } } } } },
  );
  assert.deepEqual(server.host.names, ["bare", "old"]);
  const { a, b } = (server.host.get("old") as unknown as { config: { a: number; b: object } }).config;
  assert.deepEqual([a, b], [1, { c: 9, d: 3 }]);
});
