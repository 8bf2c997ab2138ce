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
      name: "was written for the first generation",
      main: `module.exports = function () { this.init = function (config, context, isDummy) {}; };`,
      id: "plugin.assert.cannot_load",
      says: /generation v0 \(init takes isDummy\).*not there yet/s,
    },
    {
      name: "was written for the second to last generation",
      main: "module.exports = class { init () {} };",
      manifest: { kuzzleVersion: "^1.1.x" },
      id: "plugin.assert.cannot_load",
      says: /generation v1.*_dialect/s,
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
      id: "plugin.runtime.failed_init",
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
