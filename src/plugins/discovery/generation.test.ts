import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeRoot } from "../../../testing/plugins/plugin-server.ts";
import type { JSONObject } from "../../kernel/index.ts";
import { generationOnDisk } from "./generation.ts";
import { generationOfInstance } from "./instance-signs.ts";
import type { PackageFacts } from "./package-facts.ts";
import { generationOfSource } from "./source-signs.ts";

const facts = (manifest: JSONObject | undefined, packageJson: JSONObject = {}): PackageFacts => ({
  path: "/plugins/enabled/x",
  realPath: "/plugins/enabled/x",
  name: "x",
  version: "1.0.0",
  manifest,
  packageJson,
  pluginInfo: packageJson.pluginInfo as JSONObject | undefined,
});

const onDisk = async (manifest?: JSONObject, packageJson?: JSONObject): Promise<string | undefined> =>
  (await generationOnDisk(facts(manifest, packageJson), "2.56.0"))?.generation;

for (const [range, generation] of [
  [">=2.0.0 <3.0.0", "v2"],
  ["^2.4.0", "v2"],
  [">=2.50.0", "v2"],
  ["^1.1.x", "v1"],
  ["^1.2.x", "v1"],
  [">=1.0.0 <2.0.0", "v1"],
  [">=1.4.2 <2.0.0", "v1"],
  [">=1.0.0 <3.0.0", undefined],
  [">=1.9.0", undefined],
  ["*", undefined],
] as const) {
  test(`a manifest for ${range} means ${generation ?? "that the code decides"}`, async () => {
    assert.equal(await onDisk({ name: "x", kuzzleVersion: range }), generation);
  });
}

test("a manifest for a version that never was, or for none at all, is refused", async () => {
  for (const kuzzleVersion of [">=3.0.0", "latest", 2, null]) {
    await assert.rejects(onDisk({ name: "x", kuzzleVersion }), { id: "plugin.manifest.version_mismatch" });
  }
});

test("without a manifest, package.json tells the generation", async () => {
  assert.equal(await onDisk({ name: "x" }), "v1");
  assert.equal(await onDisk(undefined, { pluginInfo: { threads: 1 } }), "v0");
  assert.equal(await onDisk(undefined, { pluginInfo: { defaultConfig: {} } }), undefined);
  assert.equal(await onDisk(undefined, { peerDependencies: { kuzzle: ">=2.4.0" } }), "v2");
  assert.equal(await onDisk(undefined, { dependencies: { "kuzzle-sdk": "^7.1.0" } }), "v2");
  assert.equal(await onDisk(undefined, { dependencies: { "kuzzle-common-objects": "^3.0.0" } }), "v1");
  assert.equal(await onDisk(undefined, { dependencies: { "kuzzle-common-objects": "1.0.4" } }), "v0");
  assert.equal(await onDisk(undefined, { dependencies: { kuzzle: "github:somebody/fork" } }), undefined);
});

const ofInstance = (instance: object): string | undefined => generationOfInstance(instance)?.generation;

test("an instance tells its generation by its members, the names of its events and its init", () => {
  assert.equal(ofInstance({ controllers: { foo: "factory" } }), "v0");
  assert.equal(ofInstance({ scope: { a: "b" } }), "v0");
  assert.equal(ofInstance({ init(_config: unknown, _isDummy: boolean) {} }), undefined);
  assert.equal(ofInstance({ init: Function("config", "isDummy", "") }), "v0");
  assert.equal(ofInstance({ hooks: { "data:create": "log" } }), "v0");
  assert.equal(ofInstance({ _manifest: { kuzzleVersion: "2" } }), "v2");
  assert.equal(ofInstance({ api: { foo: { actions: {} } } }), "v2");
  assert.equal(ofInstance({ pipes: { "kuzzle:state:ready": () => {} } }), "v2");
  assert.equal(ofInstance({ strategies: { local: { config: { constructor: class {} } } } }), "v1");
  assert.equal(ofInstance({ hooks: { "log:info": "info", "core:kuzzleStart": "start" } }), undefined);
  assert.equal(ofInstance({ controllers: {}, strategies: { local: { config: {} } } }), undefined);
});

for (const [name, source, generation] of [
  ["a request object", "exports.x = (requestObject) => requestObject.data.body;", "v0"],
  ["the request of a later release", "exports.x = (request) => request.input.args;", "v1"],
  ["the exports of the last", 'const { Plugin } = require("kuzzle");', "v2"],
  ["a comment only", "/* RequestObject */ // isDummy\nmodule.exports = 1;", undefined],
  ["a text that looks like a comment", "const a = '//'; x.getRouter();", "v0"],
  ["nothing that tells", "module.exports = class { init () {} };", undefined],
] as const) {
  test(`the source of a package is read where nothing else tells: ${name}`, (t) => {
    const { root, remove } = makeRoot({ "main.js": 'require("./lib/part");', "lib/part.js": source });
    t.after(remove);
    assert.equal(generationOfSource(join(root, "main.js"), false)?.generation, generation);
    if (generation === "v0")
      assert.equal(generationOfSource(join(root, "main.js"), true), undefined, "with a manifest");
  });
}

test("the place of isDummy tells the arguments of init, and a strategy's configuration its release", () => {
  const variantOf = (instance: object) => generationOfInstance(instance)?.variant;
  assert.equal(variantOf({ init: Function("config", "isDummy", "") }), "a");
  assert.equal(variantOf({ init: Function("config", "context", "isDummy", "") }), "b");
  assert.equal(variantOf({ init: Function("a", "b", "c", "") }), "b");
  assert.equal(variantOf({ scope: {}, controllers: { a: { b: "c" } } }), "a", "of the second to last generation");
  const strategies = { s: { config: { constructor: class {} }, methods: { validate: "check" } } };
  assert.equal(variantOf({ strategies, check: Function("request", "credentials", "kuid", "isUpdate", "") }), "b");
  assert.equal(variantOf({ strategies, check: Function("a", "b", "c", "strategy", "isUpdate", "") }), "c");
});
