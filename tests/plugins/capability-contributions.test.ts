/** What plugins with capabilities may bring, alike in all generations, on a whole server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { enabledPackage, type Files, startWith } from "./root.ts";

type Capabilities = Readonly<Record<string, unknown>>;

const noMethods = "this.answer = function () { return Promise.resolve(true); };";
const allMethods = "create update delete exists validate verify".split(" ").map((name) => `${name}: 'answer'`);

/** A plugin of each generation that brings one thing; what is said of it, and the capability that it needs. */
const contributions: readonly (readonly [string, Files, RegExp, Capabilities, Readonly<Record<string, string>>])[] = (
  [
    [
      "a pipe of v0",
      `function () { this.init = function () {}; this.pipes = { 'data:beforeCreate': 'note' }; this.note = function (r, cb) { cb(null, r); }; }`,
      { kuzzleVersion: ">=0.9.0 <1.0.0" },
      /a listener on "document:beforeCreate": .*"events": \["document:beforeCreate"\]/,
      { events: ["document:*"] },
      "v0",
    ],
    [
      "a controller of v0",
      `function () { this.init = function () {}; this.controllers = { one: 'make' }; this.make = function () { return { act: function () {} }; }; }`,
      { kuzzleVersion: ">=0.9.0 <1.0.0" },
      /controllers \(probe\/one\): .*"controllers": true/,
      { controllers: true },
      "v0",
    ],
    [
      "a strategy of v0",
      `function () { this.init = function (config, context, isDummy) { context.accessors.passport.use('own', { authenticate: function () {} }); }; }`,
      { kuzzleVersion: ">=0.9.0 <1.0.0" },
      /strategies \(own\): .*"strategies": true/,
      { strategies: true },
      "v0",
    ],
    [
      "a wildcard hook of v1",
      `function () { this.init = function () {}; this.hooks = { '*:beforeGet': 'note' }; this.note = function () {}; }`,
      { kuzzleVersion: ">=1.0.0 <2.0.0" },
      /a listener on "\*:beforeGet"/,
      { events: ["*"] },
      undefined,
    ],
    [
      "a controller of v1",
      `function () { this.init = function () {}; this.controllers = { one: { act: 'answer' } }; ${noMethods} }`,
      { kuzzleVersion: ">=1.0.0 <2.0.0" },
      /controllers \(probe\/one\)/,
      { controllers: true },
      undefined,
    ],
    [
      "a strategy of v1",
      `function () { this.init = function () {}; ${noMethods}
         this.strategies = { own: { config: { constructor: function () { this.authenticate = function () {}; } }, methods: { ${allMethods} } } }; }`,
      { kuzzleVersion: ">=1.0.0 <2.0.0" },
      /strategies \(own\)/,
      { strategies: true },
      undefined,
    ],
    [
      "a hook of v2",
      `class { constructor () { this.hooks = { "generic:document:afterWrite": () => {} }; } async init () {} }`,
      {},
      /a listener on "generic:document:afterWrite"/,
      { events: ["generic:document:after*"] },
      undefined,
    ],
    [
      "a controller of v2",
      `class { constructor () { this.api = { one: { actions: { act: { handler: async () => 1 } } } }; } async init () {} }`,
      {},
      /controllers \(one\)/,
      { controllers: true },
      undefined,
    ],
    [
      "a strategy of v2",
      `class { constructor () { this.authenticators = { Own: class { authenticate () {} } };
         this.strategies = { own: { config: { authenticator: 'Own' }, methods: { ${allMethods} } } }; }
         async init () {} async answer () { return true; } }`,
      {},
      /strategies \(own\)/,
      { strategies: true },
      undefined,
    ],
    [
      "mappings of v2",
      `class { constructor () { this.imports = { mappings: { lib: { books: { mappings: {} } } } }; } async init () {} }`,
      {},
      /imports of mappings: .*"actions": \["admin:loadMappings"\]/,
      { actions: ["admin:*"] },
      undefined,
    ],
    [
      "a pipe of the typed form",
      `require("tenon").definePlugin({ name: "probe", pipes: { "server:beforeNow": (request) => request } })`,
      {},
      /a listener on "server:beforeNow"/,
      { events: ["server:beforeNow"] },
      undefined,
    ],
    [
      "a controller of the typed form",
      `require("tenon").definePlugin({ name: "probe", controllers: { one: { act: require("tenon").action({ summary: "Acts.", run: () => 1 }) } } })`,
      {},
      /controllers \(one\)/,
      { controllers: true },
      undefined,
    ],
    [
      "a strategy of the typed form",
      `require("tenon").definePlugin({ name: "probe", strategies: { own: { authenticator: class { authenticate () {} }, methods:
         Object.fromEntries("create update delete exists validate verify".split(" ").map((name) => [name, async () => true])) } } })`,
      {},
      /strategies \(own\)/,
      { strategies: true },
      undefined,
    ],
    [
      "a protocol of the typed form",
      `require("tenon").definePlugin({ name: "probe", protocols: [{ name: "pigeon", ...Object.fromEntries(
         "broadcast notify joinChannel leaveChannel disconnect start stop".split(" ").map((name) => [name, () => {}])) }] })`,
      {},
      /protocols \(pigeon\)/,
      { protocols: true },
      undefined,
    ],
  ] as const
).map(([what, main, manifest, message, capabilities, dialect]) => [
  what,
  enabledPackage("probe", `module.exports = ${main};`, { ...manifest, capabilities: {} }),
  message,
  capabilities,
  dialect === undefined ? {} : { "plugins.probe._dialect": dialect },
]);

for (const [what, files, message, capabilities, config] of contributions) {
  test(`${what} that no capability names refuses the start, and with ${JSON.stringify(capabilities)} it is there`, async (t) => {
    await assert.rejects(startWith(t, files, { config }), {
      id: "plugin.capability.undeclared_contribution",
      message: new RegExp(`^\\[probe\\] The plugin may not bring ${message.source}`),
    });
    const [[manifest = "", text = ""] = []] = Object.entries(files);
    const granted = { ...files, [manifest]: JSON.stringify({ ...JSON.parse(text), capabilities }) };
    const server = await startWith(t, granted, { config });
    assert.ok(server.backend.plugin.list().includes("probe"));
  });
}

test("the listed packages of v0 have their capabilities in pluginInfo", async (t) => {
  const main = `module.exports = function () { this.init = function (config, context, isDummy) {}; this.hooks = { 'data:create': 'note' }; this.note = function () {}; };`;
  const pluginInfo = { capabilities: { events: ["kuzzle:start"] } };
  const files = {
    "node_modules/old/package.json": JSON.stringify({ name: "old", version: "0.9.0", main: "index.js", pluginInfo }),
    "node_modules/old/index.js": main,
    "config/customPlugins.json": JSON.stringify({ old: { version: "0.9.0" } }),
  };
  await assert.rejects(startWith(t, files), {
    id: "plugin.capability.undeclared_contribution",
    message: /^\[old\].*a listener on "document:beforeCreate"/,
  });
});
