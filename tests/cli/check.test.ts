/** `tenon plugin check`: each mistake is found before a server starts, with a hint. */
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { askPlugin, folderWith, pluginFiles, runPlugin } from "./command.ts";

interface Answer {
  readonly isFine: boolean;
  readonly plugins: readonly {
    readonly name: string;
    readonly problems: readonly { id: string; severity: string; message: string; hint: string }[];
  }[];
}

const withMembers = (members: string): string =>
  `module.exports = class { constructor() { ${members} } async init() {} };`;
const at = (name: string): string => `plugins/enabled/${name}`;

/** By the name of the plugin: its files, and the problem that is found. */
const mistakes: Readonly<Record<string, { files: Record<string, string>; id: string; says: RegExp; hint: RegExp }>> = {
  "no-json": {
    files: { [`${at("no-json")}/manifest.json`]: "{", [`${at("no-json")}/index.js`]: "" },
    id: "plugin.manifest.cannot_load",
    says: /manifest\.json/,
    hint: /./,
  },
  "bad-name": {
    files: pluginFiles(at("bad-name"), "bad name!"),
    id: "plugin.manifest.invalid_name",
    says: /name/,
    hint: /./,
  },
  "bad-range": {
    files: pluginFiles(at("bad-range"), "bad-range", { manifest: { kuzzleVersion: ">=7.0.0" } }),
    id: "plugin.manifest.version_mismatch",
    says: />=7\.0\.0/,
    hint: /kuzzleVersion/,
  },
  "no-main": {
    files: { [`${at("no-main")}/package.json`]: JSON.stringify({ name: "no-main", main: "dist/main.js" }) },
    id: "missing-main",
    says: /has no main file/,
    hint: /Build the package/,
  },
  throws: {
    files: pluginFiles(at("throws"), "throws", { main: 'throw new Error("no license");' }),
    id: "plugin.runtime.unexpected_error",
    says: /no license/,
    hint: /throws/,
  },
  "no-init": {
    files: pluginFiles(at("no-init"), "no-init", { main: "module.exports = class {};" }),
    id: "plugin.assert.init_not_found",
    says: /init/,
    hint: /definePlugin/,
  },
  "typo-event": {
    files: pluginFiles(at("typo-event"), "typo-event", {
      main: withMembers('this.pipes = { "document:beforeCraete": async (request) => request };'),
    }),
    id: "unknown-event",
    says: /"document:beforeCraete"/,
    hint: /Did you mean "document:beforeCreate"\?/,
  },
  "typo-generic": {
    files: pluginFiles(at("typo-generic"), "typo-generic", {
      main: withMembers('this.hooks = { "generic:document:afterWritten": () => {} };'),
    }),
    id: "unknown-event",
    says: /generic:document:afterWritten/,
    hint: /Did you mean "generic:document:afterWrite"\?/,
  },
  "no-handler": {
    files: pluginFiles(at("no-handler"), "no-handler", {
      main: 'module.exports = class { constructor() { this.hooks = { "document:afterGet": "remembr" }; } init() {} remember() {} };',
    }),
    id: "plugin.assert.invalid_hook",
    says: /Did you mean "remember"\?/,
    hint: /would not start/,
  },
  "no-first-handler": {
    files: {
      [`${at("no-first-handler")}/package.json`]: JSON.stringify({
        name: "no-first-handler",
        pluginInfo: { threads: 0 },
      }),
      [`${at("no-first-handler")}/index.js`]:
        "module.exports = function () { this.init = function (c, x, isDummy) {}; this.hooks = { 'data:create': 'gone' }; };",
    },
    id: "missing-handler",
    says: /"gone" is no method/,
    hint: /name of the method/,
  },
  "taken-route": {
    files: pluginFiles(at("taken-route"), "taken-route", {
      main: withMembers(
        'this.api = { mine: { actions: { run: { handler: async () => 1, http: [{ verb: "get", path: "/:one/:two/:three" }] } } } };',
      ),
    }),
    id: "taken-route",
    says: /"GET \/:one\/:two\/:three" of mine:run is that of document:get, the server's own/,
    hint: /another path/,
  },
  "taken-controller": {
    files: pluginFiles(at("taken-controller"), "taken-controller", {
      main: withMembers("this.api = { document: { actions: { run: { handler: async () => 1 } } } };"),
    }),
    id: "taken-controller",
    says: /"document"/,
    hint: /another name/,
  },
  "only-typescript": {
    files: {
      [`${at("only-typescript")}/package.json`]: JSON.stringify({
        name: "only-typescript",
        type: "module",
        main: "index.ts",
      }),
      [`${at("only-typescript")}/index.ts`]:
        'import { definePlugin } from "tenon"; export default definePlugin({ name: "only-typescript" });',
    },
    id: "typescript-only",
    says: /TypeScript \(index\.ts\)/,
    hint: /prepack/,
  },
  "no-dependency": {
    files: pluginFiles(at("no-dependency"), "no-dependency", {
      packageJson: {
        dependencies: { "left-pad-of-nobody": "1.0.0", passport: "^0.7.0" },
        peerDependencies: { kuzzle: ">=2", "maybe-there": "*" },
        peerDependenciesMeta: { "maybe-there": { optional: true } },
      },
    }),
    id: "missing-dependency",
    says: /not installed: left-pad-of-nobody\.$/,
    hint: /npm install/,
  },
  privileged: {
    files: pluginFiles(at("privileged"), "privileged", { manifest: { privileged: true } }),
    id: "plugin.assert.privileged_not_set",
    says: /plugins\.privileged\.privileged/,
    hint: /if you trust it/,
  },
  granted: {
    files: {
      ...pluginFiles(at("granted"), "granted"),
      ".kuzzlerc": '{ "plugins": { "granted": { "privileged": true } } }',
    },
    id: "plugin.assert.privileged_not_supported",
    says: /manifest does not declare it/,
    hint: /configuration/,
  },
  lonely: {
    files: pluginFiles(at("lonely"), "lonely", { manifest: { dependsOn: { company: "^1.0.0" } } }),
    id: "plugin.order.missing_dependency",
    says: /depends on "company"/,
    hint: /tenon plugin enable/,
  },
  outdated: {
    files: pluginFiles(at("outdated"), "outdated", { manifest: { dependsOn: { "typo-event": "^2.0.0" } } }),
    id: "plugin.order.version_mismatch",
    says: /"typo-event".*"\^2\.0\.0".*1\.0\.0/,
    hint: /Install a version that fits/,
  },
  undeclared: {
    files: pluginFiles(at("undeclared"), "undeclared", {
      main: withMembers('this.hooks = { "document:afterGet": () => {} };'),
      manifest: { capabilities: { events: ["document:afterDelete"] } },
    }),
    id: "plugin.capability.undeclared_contribution",
    says: /a listener on "document:afterGet"/,
    hint: /"capabilities"/,
  },
  hoarder: {
    files: pluginFiles(at("hoarder"), "hoarder", {
      main: "module.exports = class { async init(config, context) { await context.accessors.storage.bootstrap({}); } };",
      manifest: { capabilities: {} },
    }),
    id: "undeclared-capability",
    says: /"accessors\.storage"/,
    hint: /"storage": true/,
  },
  misspelt: {
    files: pluginFiles(at("misspelt"), "misspelt", { manifest: { capabilities: { storrage: true } } }),
    id: "plugin.capability.invalid_declaration",
    says: /storrage.*Did you mean "storage"\?/,
    hint: /capabilities\.md/,
  },
};

test("every mistake is an error of its own, with a hint", async (t) => {
  const root = folderWith(t, Object.assign({}, ...Object.values(mistakes).map(({ files }) => files)));
  const { isFine, plugins } = await askPlugin<Answer>(root, ["check"]);
  assert.equal(isFine, false);
  assert.equal(plugins.length, Object.keys(mistakes).length);
  for (const [name, { id, says, hint }] of Object.entries(mistakes)) {
    const errors = plugins.find((one) => one.name === name)?.problems.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors?.map((problem) => problem.id),
      [id],
      name,
    );
    assert.match(errors?.[0]?.message ?? "", says, name);
    assert.match(errors?.[0]?.hint ?? "", hint, name);
  }
  const ran = await runPlugin(root, ["check", "typo-event"]);
  assert.equal(ran.code, 1);
  assert.match(
    ran.stdout,
    /^typo-event:\n {2}error unknown-event\n {4}It listens .*\n {4}Did you mean "document:beforeCreate"\?\n$/,
  );
});

test("a plugin without mistakes passes; what may be right is only a warning", async (t) => {
  const root = folderWith(t, {
    ...pluginFiles(at("fine"), "fine", {
      main: withMembers(`
        this.pipes = { "document:before*": async (r) => r, "core:kuzzleStart": async (r) => r, "other/things:afterRun": async (r) => r };
        this.hooks = { "plugin-fine:done": () => {}, "mine:afterRun": () => {}, "log:warn": () => {}, "document:*": () => {} };
        this.api = { mine: { actions: { run: { handler: async () => 1 } } } };`),
    }),
    ...pluginFiles(at("later"), "later", {
      main: withMembers('this.strategies = { card: { config: { authenticator: "Later" }, methods: {} } };'),
    }),
    ...pluginFiles(at("other"), "other", {
      main: 'module.exports = class { constructor() { this.controllers = { things: { run: "run" } }; } init() {} run() {} };',
      manifest: { kuzzleVersion: undefined },
    }),
    ...pluginFiles(at("shop"), "shop", { main: withMembers('this.hooks = { "application-of-mine:sold": () => {} };') }),
  });
  const { isFine, plugins } = await askPlugin<Answer>(root, ["check"]);
  assert.deepEqual(
    plugins.map(({ name, problems }) => [name, problems.map(({ id, severity }) => `${severity} ${id}`)]),
    [
      ["fine", []],
      ["later", ["warning plugin.strategy.unknown_authenticator"]],
      ["other", ["warning manifest-without-version"]],
      ["shop", ["warning unknown-event"]],
    ],
  );
  assert.equal(isFine, true);
});

test("enabled plugins are held against each other: names, routes", async (t) => {
  const route = (name: string) =>
    withMembers(
      `this.api = { "${name}": { actions: { run: { handler: async () => 1, http: [{ verb: "get", path: "/same/:id" }] } } } };`,
    );
  const root = folderWith(t, {
    ...pluginFiles("plugins/enabled/one", "one", { main: route("one") }),
    ...pluginFiles("plugins/enabled/two", "two", { main: route("two") }),
    ...pluginFiles("plugins/enabled/copy-of-two", "two", { main: withMembers("") }),
  });
  const ran = await runPlugin(root, ["check"]);
  assert.equal(ran.code, 1);
  assert.match(
    ran.stdout,
    /one:\n {2}error taken-route\n.*"GET \/same\/:id" of one:run is that of two:run of the plugin "two"/,
  );
  assert.match(ran.stdout, /error plugin\.assert\.name_already_exists\n.*copy-of-two has the name "two" too/);
  symlinkSync("../available/gone", join(root, "plugins/enabled/gone"));
  const { plugins } = await askPlugin<Answer>(root, ["check"]);
  assert.match(plugins.find(({ name }) => name === "gone")?.problems[0]?.message ?? "", /does not exist, or is a link/);
});
