/** Where plugins of Kuzzle 0 come from, and the options that they get. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FormerServer, firstPackage, keptLog, listed, startFormer } from "./former-server.ts";

const main = `
module.exports = function () {
  this.init = function (config, context, isDummy) { this.config = config; };
};`;
const optionsOf = ({ server }: FormerServer, name: string): unknown =>
  (server.backend.plugin.get(name) as unknown as { config: unknown }).config;

const info = { defaultConfig: { from: "package", deep: { a: 1, b: 2 }, list: [1] } };

test("options are merged from weak to strong, deep, and what the user says wins", async (t) => {
  const former = await startFormer(
    t,
    {
      ...firstPackage("none", main, {}),
      ...firstPackage("only-package", main, info),
      ...firstPackage("both", main, info),
      ...firstPackage("by-list", main, info),
      "config/defaultPlugins.json": JSON.stringify({
        both: { version: "0.9.1", activated: true, defaultConfig: { from: "default list", deep: { a: 2, c: 3 } } },
      }),
      "config/customPlugins.json": JSON.stringify({
        none: { version: "1", activated: true },
        "only-package": { version: "1", activated: true },
        both: { customConfig: { deep: { a: 3 }, list: [2] } },
        "by-list": { version: "1", activated: true, defaultConfig: { from: "list" } },
      }),
    },
    { both: { deep: { d: 4 } } },
  );
  assert.deepEqual(optionsOf(former, "none"), {});
  assert.deepEqual(optionsOf(former, "only-package"), info.defaultConfig);
  assert.deepEqual(optionsOf(former, "both"), { from: "default list", deep: { a: 3, c: 3, d: 4 }, list: [2] });
  assert.deepEqual(optionsOf(former, "by-list"), { from: "list" });
});

test("the path goes before the url and the version, and the name of an entry before its key", async (t) => {
  const former = await startFormer(t, {
    ...firstPackage("placed", "module.exports = function () { throw new Error('the wrong one'); };"),
    "mine/placed.js": main,
    "config/customPlugins.json": JSON.stringify({
      key: {
        name: "placed",
        path: "mine/placed.js",
        url: "https://example.org/placed.git",
        version: "9.9.9",
        activated: true,
      },
    }),
  });
  assert.deepEqual(optionsOf(former, "placed"), {});
});

test("an entry that does not say where its package is stops the start, even when it is installed", async (t) => {
  const files = {
    ...firstPackage("nowhere", main),
    ...listed({ nowhere: { activated: true, customConfig: { a: 1 } } }),
  };
  await assert.rejects(startFormer(t, files), {
    id: "plugin.assert.cannot_load",
    message: /"nowhere".*"path".*"url".*"version"/,
  });
});

test("a plugin that is not activated is made and never initialised; without a word it runs, and the log says so", async (t) => {
  const { lines, logger } = keptLog();
  const counting = (name: string): string => `
  var fs = require('fs');
  module.exports = function () {
    fs.writeFileSync(__dirname + '/made', '${name}');
    this.init = function () { fs.writeFileSync(__dirname + '/init', '${name}'); };
    this.hooks = { 'core:kuzzleStart': 'init' };
  };`;
  const { server } = await startFormer(
    t,
    {
      ...firstPackage("off", counting("off")),
      ...firstPackage("unsaid", counting("unsaid")),
      ...firstPackage("by-default", counting("by-default")),
      ...firstPackage("off-broken", "throw new Error('broken');"),
      "config/defaultPlugins.json": JSON.stringify({ "by-default": { version: "1", activated: false } }),
      "config/customPlugins.json": JSON.stringify({
        off: { version: "1", activated: false },
        unsaid: { version: "1" },
        "by-default": { customConfig: {} },
        "off-broken": { version: "1", activated: false },
        "off-absent": { version: "1", activated: false },
      }),
    },
    {},
    { log: logger },
  );
  const { existsSync } = await import("node:fs");
  const did = (name: string) =>
    ["made", "init"].map((file) => existsSync(`${server.root}/node_modules/${name}/lib/${file}`));
  assert.deepEqual(
    [did("off"), did("unsaid"), did("by-default")],
    [
      [true, false],
      [true, true],
      [true, false],
    ],
  );
  const told = (event: string): unknown[] =>
    lines.filter((line) => line.event.endsWith(event)).map(({ fields }) => fields.plugin);
  assert.deepEqual(told("plugin.activated"), ["unsaid"]);
  assert.deepEqual(told("plugin.not_activated"), ["by-default", "off", "off-broken", "off-absent"]);
  assert.deepEqual(told("plugin.not_activated_and_broken"), ["off-broken"]);
});

test("the .kuzzlerc of RC2 to RC8 lists plugins, too, under all its names, and gives all pipes their times", async (t) => {
  const kuzzlerc = {
    pluginsManager: {
      defaultPlugins: { rc2: { version: "0.9.1", activated: true, config: { from: "rc2" } } },
      pipeTimeout: 30,
    },
    plugins: {
      rc5: { npmVersion: "0.9.1", activated: true, config: { from: "rc" } },
      "rc5-git": { gitUrl: "https://example.org/rc5.git", activated: true },
      "by-path": { path: "mine/by-path", activated: true, config: { p: 1 } },
      alias: { version: "0.9.1", activated: true, config: { from: "alias" } },
      off: { npmVersion: "0.9.1", activated: false },
    },
  };
  const silent = `
  module.exports = function () {
    this.init = function (config, context, isDummy) { this.config = config; };
    this.pipes = { 'data:beforeNow': 'pipe' };
    this.pipe = function () {};
  };`;
  const former = await startFormer(t, {
    ...firstPackage("rc5", main, info),
    ...firstPackage("rc5-git", main, info),
    ...firstPackage("rc2", silent, info),
    ...firstPackage("off", "throw new Error('never initialised');"),
    "mine/by-path/index.js": main,
    ...firstPackage("alias", main, info),
    ...listed({ alias: { version: "1", customConfig: { both: true } } }),
    ".kuzzlerc": JSON.stringify(kuzzlerc),
  });
  assert.deepEqual(optionsOf(former, "rc5"), { ...info.defaultConfig, from: "rc" });
  assert.deepEqual(optionsOf(former, "rc5-git"), info.defaultConfig);
  assert.deepEqual(optionsOf(former, "by-path"), { p: 1 });
  assert.deepEqual(optionsOf(former, "rc2"), { ...info.defaultConfig, from: "rc2" });
  assert.deepEqual(optionsOf(former, "alias"), { ...info.defaultConfig, from: "alias", both: true });
  assert.throws(() => optionsOf(former, "off"), { id: "plugin.assert.plugin_not_found" });
  await assert.rejects(former.ask({ controller: "server", action: "now" }), { status: 504, message: /exceeded 30ms/ });
});

test("packages in plugins/enabled get pluginInfo and plugins.<name>, with config and customConfig in it", async (t) => {
  const files = Object.fromEntries(
    Object.entries(firstPackage("linked", main, { ...info, loadedBy: "all" })).map(([file, text]) => [
      file.replace("node_modules", "plugins/enabled"),
      text,
    ]),
  );
  const former = await startFormer(t, files, { linked: { from: "section", customConfig: { deep: { a: 9 } } } });
  assert.deepEqual(optionsOf(former, "linked"), { from: "section", deep: { a: 9, b: 2 }, list: [1], loadedBy: "all" });
});

test("the default plugins of then need no package: their options count, and a port of their own is told", async (t) => {
  const { lines, logger } = keptLog();
  const { createHmac } = await import("node:crypto");
  const { ws, server } = await startFormer(
    t,
    {
      "config/defaultPlugins.json": JSON.stringify({
        "kuzzle-plugin-logger": {
          version: "1.0.4",
          activated: true,
          defaultConfig: { service: "winston", level: "info" },
        },
        "kuzzle-plugin-socketio": { version: "1.0.0", activated: true, defaultConfig: { port: 7512, room: "kuzzle" } },
        "kuzzle-plugin-auth-passport-local": {
          version: "1.0.0",
          activated: true,
          defaultConfig: { secret: "changeme", algorithm: "sha1", digest: "hex" },
        },
      }),
      "config/customPlugins.json": JSON.stringify({
        "kuzzle-plugin-auth-passport-local": { customConfig: { secret: "s3cret" } },
        "kuzzle-plugin-socketio": { customConfig: { port: 7600 } },
      }),
    },
    {},
    { log: logger, config: { "limits.loginsPerSecond": 100 } },
  );
  const password = createHmac("sha1", "s3cret").update("a long secret").digest("hex");
  const content = { profileIds: ["default"], password };
  await ws.security.createUser("ada", { content, credentials: {} } as never);
  assert.match(await ws.auth.login("local", { username: "ada", password: "a long secret" }), /^kauth-/);
  const builtIn = lines.filter(({ event }) => event.endsWith("plugin.built_in")).map(({ fields }) => fields.plugin);
  assert.deepEqual(builtIn, ["kuzzle-plugin-logger", "kuzzle-plugin-socketio", "kuzzle-plugin-auth-passport-local"]);
  const ports = lines.filter(({ event }) => event.endsWith("plugin.port_not_used")).map(({ fields }) => fields.port);
  assert.deepEqual(ports, [7600]);
  assert.ok(server.port > 0);
});
