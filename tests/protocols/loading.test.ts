/** What is loaded from `protocols/enabled`, under which name, and what refuses the start. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JSONObject } from "../../src/kernel/index.ts";
import { startHosted } from "../../testing/protocols/hosted-server.ts";
import { lastProbe, manifest, packageOf, probe } from "../../testing/protocols/probe.ts";

test("plain files and hidden folders are left out, and the manifest names the protocol", async (t) => {
  const hosted = await startHosted(t, {
    files: { ...packageOf("probe", probe(), "some-folder"), "notes.txt": "", ".hidden/index.js": "throw new Error()" },
  });
  const { protocols } = lastProbe(hosted, "some-folder").entryPoint;
  assert.deepEqual([...protocols.keys()].sort(), ["http", "internal", "probe", "websocket"]);
  assert.equal(protocols.get("probe"), lastProbe(hosted, "some-folder"));
});

test("a package without manifest goes by the name that its instance gives, else by that of its folder", async (t) => {
  const hosted = await startHosted(t, {
    files: {
      "a/index.js": probe("get protocol () { return 'from-protocol'; } get name () { return 'no'; }"),
      "b/index.js": probe("get name () { return 'from-name'; }"),
      "from-folder/index.js": probe(),
    },
  });
  const names = [...lastProbe(hosted, "a").entryPoint.protocols.keys()];
  for (const name of ["from-protocol", "from-name", "from-folder"]) assert.ok(names.includes(name), name);
});

const withoutTwo = `
class Base { init () {} broadcast () {} joinChannel () {} leaveChannel () {} }
module.exports = class extends Base {};`;

const refusals: Readonly<
  Record<string, { files: Record<string, string>; config?: JSONObject; error: object | RegExp }>
> = {
  "required methods that are missing, even by inheritance": {
    files: packageOf("probe", withoutTwo),
    error: { id: "plugin.assert.cannot_load", message: /"probe".*missing: disconnect, notify\./ },
  },
  "an init that throws": {
    files: packageOf("probe", probe("init () { throw new Error('no serial port'); }")),
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*no serial port/ },
  },
  "an init that rejects": {
    files: packageOf("probe", probe("async init () { throw 'nothing'; }")),
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*nothing/ },
  },
  "an init that does not end": {
    files: packageOf("probe", probe("init () { return new Promise(() => {}); }")),
    config: { "services.common.defaultInitTimeout": 30 },
    error: { id: "plugin.runtime.failed_init", message: /\[probe\].*30 ms.*services\.common\.defaultInitTimeout/ },
  },
  "the name of a protocol of the server": {
    files: packageOf("websocket"),
    error: { id: "protocol.runtime.already_exists", message: /"websocket"/ },
  },
  "two packages of one name": {
    files: { ...packageOf("probe", probe(), "a"), ...packageOf("probe", probe(), "b") },
    error: { id: "protocol.runtime.already_exists", message: /"probe"/ },
  },
  "a manifest without a name": {
    files: { "a/manifest.json": "{}", "a/index.js": probe() },
    error: { id: "plugin.manifest.missing_name" },
  },
  "a manifest that is no JSON": {
    files: { "a/manifest.json": "{", "a/index.js": probe() },
    error: { id: "plugin.manifest.cannot_load" },
  },
  "a version that this server does not host": {
    files: { "a/manifest.json": manifest("probe", { kuzzleVersion: ">=7.0.0" }), "a/index.js": probe() },
    error: { id: "plugin.manifest.version_mismatch", message: /\[probe\].*>=7\.0\.0/ },
  },
  "a package that exports no class": {
    files: packageOf("probe", "module.exports = () => {};"),
    error: { id: "plugin.assert.not_a_constructor" },
  },
  "code that throws when it is loaded": {
    files: packageOf("probe", "throw new Error('broken');"),
    error: { id: "plugin.runtime.unexpected_error", message: /probe.*broken/s },
  },
  "a package without a main file": {
    files: { "a/manifest.json": manifest("probe") },
    error: /no main file/,
  },
};

for (const [what, { files, config = {}, error }] of Object.entries(refusals)) {
  test(`the start is refused for ${what}`, async (t) => {
    await assert.rejects(startHosted(t, { files, config }), error);
  });
}

test("a package takes the place of a protocol that is turned off", async (t) => {
  const hosted = await startHosted(t, {
    files: packageOf("websocket"),
    config: { "server.protocols.websocket.enabled": false },
  });
  const own = lastProbe(hosted, "websocket");
  assert.equal(own.entryPoint.protocols.get("websocket"), own);
});

test("a protocol whose options say that it is not enabled is left out, and its code does not run", async (t) => {
  const files = packageOf("probe", "throw new Error('it ran');");
  const { log } = await startHosted(t, { files, protocols: { probe: { enabled: false } } });
  assert.ok(log.some((line) => line.startsWith("info protocol.not_enabled")));
});

test("a manifest without kuzzleVersion is warned of", async (t) => {
  const { log } = await startHosted(t, { files: { "p/manifest.json": '{"name":"probe"}', "p/index.js": probe() } });
  assert.ok(log.some((line) => /^warn protocol\.without_version .*"probe"/.test(line)));
});
