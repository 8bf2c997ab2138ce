/** Where packages of Kuzzle 1 lie, what they are called, how they are configured, and what becomes of those that fail. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { spawnServer } from "../../testing/index.ts";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

/** A plugin that tells what it was given. */
const telling = `
'use strict';
class Telling {
  constructor () {
    this.controllers = { it: { tell: 'tell' } };
    this.routes = [{ verb: 'get', url: '/tell', controller: 'it', action: 'tell' }];
  }
  init (customConfig, context) {
    this.given = { config: customConfig, arguments: arguments.length, privileged: 'kuzzle' in context.accessors };
    this.context = context;
    return Promise.resolve();
  }
  tell () {
    const { config } = this.given;
    const before = JSON.stringify(config);
    config.mine = 'changed';
    return Promise.resolve({ ...this.given, config: JSON.parse(before), common: this.context.config.plugins.common.initTimeout });
  }
}
module.exports = Telling;`;

const files = (folder: string, main: string, more: Readonly<Record<string, unknown>> = {}): Record<string, string> => ({
  [`${folder}/index.js`]: main,
  ...Object.fromEntries(Object.entries(more).map(([file, content]) => [`${folder}/${file}`, JSON.stringify(content)])),
});

const tell = async ({ ask }: FormerServer, plugin: string): Promise<Record<string, unknown>> =>
  (await ask({ controller: `${plugin}/it`, action: "tell" })) as Record<string, unknown>;

test("a package in plugins/available is loaded through a relative link, by a plain folder name, and when it is asked for", async (t) => {
  const packages = {
    ...files("plugins/available/linked", telling, { "manifest.json": { name: "by-link" } }),
    ...files("plugins/available/asked", telling, { "manifest.json": { name: "by-name", kuzzleVersion: "^1.2.x" } }),
    ...files("plugins/available/ignored", "throw new Error('nobody asked for it')", {
      "manifest.json": { name: "ignored" },
    }),
    ...files("plugins/enabled/just-a-folder", telling),
  };
  const former = await startFormer(
    t,
    packages,
    {},
    {
      links: { "plugins/enabled/linked": "../available/linked" },
      config: { "tenon.enablePlugins": "asked, linked" },
    },
  );
  for (const name of ["by-link", "by-name", "just-a-folder"]) {
    assert.deepEqual((await tell(former, name)).config, {}, name);
  }
  assert.ok(former.log.some((line) => /warn plugin\.manifest_without_version .*"by-link"/.test(line)));
  await assert.rejects(startFormer(t, packages, {}, { config: { "tenon.enablePlugins": "aksed" } }), {
    id: "plugin.assert.cannot_load",
    message: /"aksed".*plugins\/available.*"asked"/,
  });
});

test("tenon start --enable-plugins loads packages of plugins/available", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "tenon-available-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const packages = ["one", "two", "three"].map((name) =>
    files(`plugins/available/${name}`, telling, { "manifest.json": { name, kuzzleVersion: "^1.6.0" } }),
  );
  for (const [path, text] of packages.flatMap(Object.entries)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), String(text));
  }
  const server = await spawnServer(root, ["--enable-plugins", "one,two"]);
  t.after(() => server.kill("SIGKILL"));
  const statuses = await Promise.all(
    ["one", "two", "three"].map(async (name) => (await fetch(`${server.url}/_plugin/${name}/tell`)).status),
  );
  assert.deepEqual(statuses, [200, 200, 404]);
});

/** The smallest packages of the documents: no manifest, and one member each. */
const smallest: Readonly<Record<string, string>> = {
  hook: "module.exports = function () { this.hooks = { 'document:afterCreate': 'heard' }; this.init = function () {}; this.heard = () => { globalThis[Symbol.for('heard')] = 'hook'; }; };",
  pipe: "module.exports = class { constructor () { this.pipes = { 'document:beforeCreate': 'piped' }; } init () {} piped (request, callback) { request.input.body.piped = true; callback(null, request); } };",
  controller:
    "module.exports = class { init () { this.controllers = { it: { say: 'say' } }; } say () { return Promise.resolve('said'); } };",
};

test("the smallest packages work beside each other, and beside a plugin of another generation", async (t) => {
  const later = `module.exports = class { constructor () { this.api = { later: { actions: { say: { handler: async () => 'later' } } } }; } async init () {} };`;
  const packages = Object.entries(smallest).map(([name, main]) =>
    files(`plugins/enabled/smallest-${name}`, main, { "package.json": { name: `smallest-${name}` } }),
  );
  const { ask, ws, log } = await startFormer(t, {
    ...Object.assign({}, ...packages),
    ...formerPackage("later", later, { name: "later", kuzzleVersion: ">=2.0.0 <3.0.0" }),
  });
  assert.equal((await ws.document.create("library", "books", {}))._source.piped, true);
  assert.equal((globalThis as Record<symbol, unknown>)[Symbol.for("heard")], "hook");
  assert.equal(await ask({ controller: "smallest-controller/it", action: "say" }), "said");
  assert.equal(await ask({ controller: "later", action: "say" }), "later");
  const loaded = (name: string): string =>
    log.find((line) => line.includes("plugin.loaded") && line.includes(`"${name}"`)) ?? "";
  for (const name of Object.keys(smallest)) assert.match(loaded(`smallest-${name}`), /"dialect":"v1/, name);
  assert.match(loaded("later"), /"dialect":"v2"/);
});

test("without a manifest the name of the package counts, in its case and in lower case, also in its routes", async (t) => {
  const former = await startFormer(t, files("plugins/enabled/any", telling, { "package.json": { name: "MyPlugin" } }));
  for (const name of ["MyPlugin", "myplugin"]) {
    assert.equal((await tell(former, name)).arguments, 2, name);
    assert.equal((await former.fetch(`/_plugin/${name}/tell`)).status, 200, name);
  }
});

test("names that differ in case only are one name", async (t) => {
  const twice = {
    ...files("plugins/enabled/one", telling, { "manifest.json": { name: "Twice", kuzzleVersion: "1.x" } }),
    ...files("plugins/enabled/two", telling, { "manifest.json": { name: "twice", kuzzleVersion: "1.x" } }),
  };
  await assert.rejects(startFormer(t, twice), {
    id: "plugin.assert.name_already_exists",
    message: /enabled\/one and .*enabled\/two/,
  });
});

test("a plugin gets its own copy of its section, over which variables win, and knows the whole configuration", async (t) => {
  const plugins = { telling: { deep: { list: [1] }, color: "red" }, common: { initTimeout: 1_234 } };
  const former = await startFormer(
    t,
    { ...formerPackage("telling", telling), ".kuzzlerc": JSON.stringify({ plugins }) },
    {},
    { env: { kuzzle_plugins__telling__color: "blue" } },
  );
  const expected = { deep: { list: [1] }, color: "blue" };
  assert.deepEqual((await tell(former, "telling")).config, expected);
  const again = await tell(former, "telling");
  assert.deepEqual(again.config, { ...expected, mine: "changed" }, "its copy is its own");
  assert.equal(again.common, 1_234);
  const shown = (await former.ask({ controller: "server", action: "getConfig" })) as {
    plugins: Record<string, unknown>;
  };
  assert.deepEqual(shown.plugins.telling, expected);
});

test("only the first release completed the options by what the package brings", async (t) => {
  const packageJson = { name: "rc8", pluginInfo: { defaultConfig: { color: "red", size: 1 } } };
  const packages = files("plugins/enabled/rc8", telling, { "package.json": packageJson });
  const first = await startFormer(t, packages, { rc8: { _dialect: "v1.a", config: { size: 2 } } });
  const { config } = await tell(first, "rc8");
  assert.deepEqual(config, { _dialect: "v1.a", color: "red", size: 2 });
  const later = await startFormer(t, packages, { rc8: { _dialect: "v1.b", size: 2 } });
  assert.deepEqual((await tell(later, "rc8")).config, { _dialect: "v1.b", size: 2 });
});

test("a privileged plugin is one that asks and is allowed; either alone stops the start", async (t) => {
  const manifest = (more: object): object => ({ name: "telling", kuzzleVersion: "^1.1.x", ...more });
  const asking = formerPackage("telling", telling, manifest({ privileged: true }));
  assert.equal(
    (await tell(await startFormer(t, asking, { telling: { privileged: true } }), "telling")).privileged,
    true,
  );
  await assert.rejects(startFormer(t, asking), { id: "plugin.assert.privileged_not_set" });
  const modest = formerPackage("telling", telling, manifest({}));
  await assert.rejects(startFormer(t, modest, { telling: { privileged: true } }), {
    id: "plugin.assert.privileged_not_supported",
  });
  assert.equal((await tell(await startFormer(t, modest), "telling")).privileged, false);
});

test("the cluster plugin is refused: clustering is part of the server", async (t) => {
  const manifest = { name: "kuzzle-plugin-cluster", privileged: true, kuzzleVersion: ">=1.6.0 <2.0.0" };
  const cluster = formerPackage("kuzzle-plugin-cluster", telling, manifest);
  await assert.rejects(startFormer(t, cluster), {
    id: "plugin.assert.cannot_load",
    message: /clustering is part of this server/,
  });
});

const plugin = (members: string): string => `module.exports = function () { this.init = () => {}; ${members} };`;

/** What stops the start with a later release; with one up to 1.0 it is logged, and the plugin is left out or does what it can. */
const mistakes: Readonly<Record<string, { main: string; id: string; keeps?: true }>> = {
  "no constructor": { main: "module.exports = {};", id: "plugin.assert.not_a_constructor" },
  "no init": { main: "module.exports = class {};", id: "plugin.assert.init_not_found" },
  "code that throws": { main: "throw new Error('broken');", id: "plugin.runtime.unexpected_error" },
  "an init that throws": {
    main: "module.exports = class { init () { throw new Error('no'); } };",
    id: "plugin.runtime.failed_init",
  },
  "an unknown method for a hook": {
    main: plugin("this.hooks = { 'server:beforeNow': 'nwo' };"),
    id: "plugin.assert.invalid_hook",
    keeps: true,
  },
  "an unknown method for a pipe": {
    main: plugin("this.pipes = { 'server:beforeNow': 'nwo' };"),
    id: "plugin.assert.invalid_pipe",
    keeps: true,
  },
  "a route to no action": {
    main: plugin(
      "this.controllers = { c: { a: 'a' } }; this.a = () => Promise.resolve(1); this.routes = [{ verb: 'get', url: '/x', controller: 'c', action: 'b' }];",
    ),
    id: "plugin.controller.undefined_action",
    keeps: true,
  },
  "a route with an unknown verb": {
    main: plugin(
      "this.controllers = { c: { a: 'a' } }; this.a = () => Promise.resolve(1); this.routes = [{ verb: 'fetch', url: '/x', controller: 'c', action: 'a' }];",
    ),
    id: "plugin.controller.unsupported_verb",
    keeps: true,
  },
  "a route with an unknown member": {
    main: plugin(
      "this.controllers = { c: { a: 'a' } }; this.a = () => Promise.resolve(1); this.routes = [{ verb: 'get', url: '/x', controller: 'c', action: 'a', more: 1 }];",
    ),
    id: "plugin.controller.unexpected_route_property",
    keeps: true,
  },
};

for (const [what, { main, id, keeps }] of Object.entries(mistakes)) {
  test(`${what}: the start fails and names the plugin, or, up to 1.0, goes on without`, async (t) => {
    await assert.rejects(
      startFormer(t, formerPackage("mistaken", main, { name: "mistaken", kuzzleVersion: "^1.1.x" })),
      {
        id,
        message: /mistaken/,
      },
    );
    const lenient = await startFormer(t, formerPackage("mistaken", main), { mistaken: { _dialect: "v1.b" } });
    assert.ok(await lenient.ask({ controller: "server", action: "now" }));
    assert.ok(
      lenient.log.some((line) => /^warn plugin\.(skipped|listener_ignored|route_ignored) .*"mistaken"/.test(line)),
    );
    if (keeps === true && main.includes("this.a ="))
      assert.equal(await lenient.ask({ controller: "mistaken/c", action: "a" }), 1);
  });
}

test("an init that never ends is given up after plugins.common.initTimeout; nobody waited for that of a release candidate", async (t) => {
  const never = formerPackage("never", "module.exports = class { init () { return new Promise(() => {}); } };");
  await assert.rejects(startFormer(t, never, { "common.initTimeout": 900 }), {
    id: "plugin.runtime.failed_init",
    message: /\[never\].*900 ms/,
  });
  const { ask, log } = await startFormer(t, never, { never: { _dialect: "v1.a" } });
  assert.ok(await ask({ controller: "server", action: "now" }));
  assert.ok(!log.some((line) => line.includes("plugin.skipped")));
});

test("a release candidate's init may answer false, or reject later: the plugin works all the same", async (t) => {
  const main = `module.exports = class {
    constructor () { this.controllers = { c: { a: () => Promise.resolve('works') } }; }
    init () { return ANSWER; }
  };`;
  for (const answer of ["false", "Promise.reject(new Error('too late'))"]) {
    const { ask, log } = await startFormer(t, formerPackage("rc", main.replace("ANSWER", answer)), {
      rc: { _dialect: "v1.a" },
    });
    assert.equal(await ask({ controller: "rc/c", action: "a" }), "works");
    assert.equal(
      log.some((line) => /error plugin\.late_init_failed .*too late/.test(line)),
      answer !== "false",
    );
  }
});

test("all plugins initialise at once", async (t) => {
  const waiting = (own: string, other: string): string => `
    const steps = globalThis[Symbol.for('tenon-test-steps')] = globalThis[Symbol.for('tenon-test-steps')] || {};
    const step = (name) => { let go; return steps[name] = steps[name] || Object.assign(new Promise((r) => { go = r; }), { go: () => go() }); };
    module.exports = class { init () { step('${own}').go(); return step('${other}').then(() => true); } };`;
  const { ask } = await startFormer(t, {
    ...formerPackage("first", waiting("a", "b")),
    ...formerPackage("second", waiting("b", "a")),
  });
  assert.ok(await ask({ controller: "server", action: "now" }));
});
