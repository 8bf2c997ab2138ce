/** How plugins of the second generation come in, and what is read of them (contract/plugins/v2.md sections 1 to 3). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { pluginsOf, startWhole } from "../../testing/plugins/whole-server.ts";
import { http } from "../api/wire.ts";

const marking = (mark: string): string => `class Marking {
  constructor () { this.pipes = { "order:mark": async (marks) => marks.concat("${mark}") }; }
  init () {}
}`;

const included = (name: string, main: string, packageJson: object = {}): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "3.0.1", main: "index.js", ...packageJson }),
  [`node_modules/${name}/index.js`]: main,
});

test("plugins given in code come first, then those the configuration includes, then enabled ones, then the application", async (t) => {
  const { server } = await startWhole(t, {
    files: {
      ...pluginFiles("enabled-b", `${marking("enabled-b")} module.exports = Marking;`),
      ...pluginFiles("enabled-a", `${marking("enabled-a")} module.exports = Marking;`),
      ...included("kuzzle-plugin-esm", `export default ${marking("esm")}`, { type: "module" }),
      ...included(
        "kuzzle-plugin-compiled",
        `Object.defineProperty(exports, "__esModule", { value: true }); ${marking("compiled")} exports.default = Marking;`,
      ),
    },
    config: { "plugins.common.include": ["kuzzle-plugin-esm", "kuzzle-plugin-compiled"] },
    prepare: (app) => {
      app.pipe.register("order:mark", async (marks: string[]) => marks.concat("application"));
      for (const mark of ["used-b", "used-a"]) {
        app.plugin.use(
          { init() {}, pipes: { "order:mark": async (marks: string[]) => marks.concat(mark) } },
          { name: mark },
        );
      }
    },
  });
  const order = ["used-b", "used-a", "esm", "compiled", "enabled-a", "enabled-b", "application"];
  assert.deepEqual(await server.backend.trigger("order:mark", []), order);
  const plugins = await pluginsOf(server);
  assert.deepEqual(Object.keys(plugins), [
    "used-b",
    "used-a",
    "kuzzle-plugin-esm",
    "kuzzle-plugin-compiled",
    "enabled-a",
    "enabled-b",
  ]);
  assert.equal(plugins["kuzzle-plugin-compiled"]?.version, "3.0.1");
  assert.deepEqual(server.backend.plugin.list(), Object.keys(plugins));
});

test("a name in manifest.json that is not in kebab-case is warned of, and works", async (t) => {
  const { server, log } = await startWhole(t, {
    files: pluginFiles("shelf", "module.exports = class { init () {} };", { manifest: { name: "My_Shelf" } }),
  });
  assert.ok("My_Shelf" in (await pluginsOf(server)));
  const [warning] = log.filter(({ event }) => event.endsWith("plugin.name_not_kebab_case"));
  assert.deepEqual([warning?.level, warning?.fields.plugin], ["warn", "My_Shelf"]);
});

test("the manifest of a plugin's own constructor counts before the one given with it", async (t) => {
  class StampPlugin {
    _manifest = { kuzzleVersion: ">=2.5.0 <3" };
    init(): void {}
  }
  const { server } = await startWhole(t, {
    prepare: (app) => {
      app.plugin.use(new StampPlugin(), { manifest: { kuzzleVersion: "*" } });
      app.plugin.use({ version: "0.4.0", init() {} }, { name: "plain", manifest: { kuzzleVersion: ">=2.0.0" } });
    },
  });
  const { stamp, plain } = await pluginsOf(server);
  assert.equal(stamp?.manifest.kuzzleVersion, ">=2.5.0 <3");
  assert.deepEqual([plain?.manifest.kuzzleVersion, plain?.version], [">=2.0.0", "0.4.0"]);
});

test("a plugin that both its manifest and the configuration call privileged reaches the server, no other does", async (t) => {
  const main = `module.exports = class {
    init (config, context) { this.context = context; this.api = { probe: { actions: { see: {
      handler: async () => ({ kuzzle: context.accessors.kuzzle === undefined ? null : context.accessors.kuzzle.id }) } } } }; }
  };`;
  const files = {
    ...pluginFiles("trusted", main.replace("probe:", "trusted:"), { manifest: { privileged: true } }),
    ...pluginFiles("common", main.replace("probe:", "ordinary:")),
  };
  const { server } = await startWhole(t, { files, config: { "plugins.trusted": { privileged: true } } });
  assert.equal((await http(server, "GET", "/_/trusted/see")).result.kuzzle, server.backend.nodeId);
  assert.equal((await http(server, "GET", "/_/ordinary/see")).result.kuzzle, null);
  await assert.rejects(startWhole(t, { files }), { id: "plugin.assert.privileged_not_set" });
  await assert.rejects(
    startWhole(t, { files: pluginFiles("ordinary", main), config: { "plugins.ordinary": { privileged: true } } }),
    {
      id: "plugin.assert.privileged_not_supported",
    },
  );
});

test("in failsafe mode only the login by password is there", async (t) => {
  const { server } = await startWhole(t, {
    files: pluginFiles("broken", "throw new Error('never loaded');"),
    config: { "plugins.common.failsafeMode": true },
  });
  assert.deepEqual(server.backend.plugin.list(), ["kuzzle-plugin-auth-passport-local"]);
  const { error } = await http(server, "GET", "/_serverInfo");
  assert.equal(error?.id, "security.rights.failsafe_mode_admin_only");
});

const reading = `module.exports = class {
  init (config, context) {
    this.api = { probe: { actions: {
      own: { handler: async () => config },
      spoil: { handler: async () => {
        config.deep.value = "spoilt";
        let frozen = false;
        try { "use strict"; context.config.plugins.probe.deep.value = "spoilt"; frozen = Object.isFrozen(context.config.plugins.probe.deep); } catch { frozen = true; }
        return { frozen, seen: context.config.plugins.probe.deep.value };
      } },
    } } };
  }
};`;

test("a plugin's configuration is a copy of its own, from every source; that of the server is frozen", async (t) => {
  const { server } = await startWhole(t, {
    files: {
      ...pluginFiles("probe", reading),
      ".kuzzlerc": JSON.stringify({ plugins: { probe: { from: "kuzzlerc", deep: { value: 1 }, _pluginCode: 7 } } }),
    },
    env: { kuzzle_plugins__probe__port: "12", kuzzle_plugins__probe__deep__more: "x" },
  });
  const own = { from: "kuzzlerc", deep: { value: 1, more: "x" }, port: 12, _pluginCode: 7 };
  assert.deepEqual((await http(server, "GET", "/_/probe/own")).result, own);
  assert.deepEqual((await http(server, "GET", "/_/probe/spoil")).result, { frozen: true, seen: 1 });
  assert.partialDeepStrictEqual(server.backend.config.content.plugins, { probe: { deep: { value: 1, more: "x" } } });
});

test("a plugin without configuration gets an empty object", async (t) => {
  const { server } = await startWhole(t, { files: pluginFiles("probe", reading) });
  assert.deepEqual((await http(server, "GET", "/_/probe/own")).result, {});
});

const everything = `module.exports = class {
  constructor () { this.authenticators = {}; }
  async init () {
    this.authenticators.Token = class Token {};
    this.strategies = { token: { config: { authenticator: "Token" }, methods: Object.fromEntries(
      ["create", "delete", "exists", "update", "validate", "verify"].map((name) => [name, "yes"])) } };
    this.controllers = { shelf: { read: "read" } };
    this.routes = [{ verb: "GET", url: "/shelf/:id", controller: "shelf", action: "read" }];
    this.hooks = { "document:afterCreate": ["note", this.note], "server:*": () => {} };
    this.pipes = { "document:before*": this.pass };
    this.imports = { roles: { reader: { controllers: { document: { actions: { get: true } } } } } };
  }
  async yes () { return true; }
  async read () { this.hooks["late:event"] = "nowhere"; this.controllers.late = {}; return "book"; }
  note () {}
  async pass (request) { return request; }
};`;

test("server:info lists exactly what a plugin brings, by name; what it changes later does not count", async (t) => {
  const { server } = await startWhole(t, { files: pluginFiles("library", everything) });
  assert.equal((await http<string>(server, "GET", "/_/shelf/1")).result, "book");
  const { library } = await pluginsOf(server);
  assert.deepEqual(library, {
    version: "1.2.3",
    controllers: ["library/shelf"],
    hooks: ["document:afterCreate", "server:*"],
    manifest: { kuzzleVersion: ">=2.0.0 <3.0.0", name: "library", path: `${server.root}/plugins/enabled/library` },
    pipes: ["document:before*"],
    routes: [
      { verb: "get", path: "/_plugin/library/shelf/:id", controller: "library/shelf", action: "read" },
      { verb: "get", path: "/_/shelf/:id", controller: "library/shelf", action: "read" },
    ],
    strategies: ["token"],
    imports: ["roles"],
  });
  assert.equal((await http(server, "GET", "/roles/reader")).status, 200);
});

for (const [member, id] of [
  ["hooks", "plugin.assert.invalid_hook"],
  ["pipes", "plugin.assert.invalid_pipe"],
] as const) {
  test(`a name in "${member}" that is no method is refused with the nearest one`, async (t) => {
    const main = `module.exports = class { constructor () { this.${member} = { "server:afterNow": "chekNow" }; } init () {} checkNow () {} };`;
    await assert.rejects(startWhole(t, { files: pluginFiles("typo", main) }), {
      id,
      message: /\[typo\].*Did you mean "checkNow"\?/,
    });
  });
}

test("a function that has the name of a method is called on the plugin, any other as it is", async (t) => {
  const main = `
    function stranger (marks) { return Promise.resolve(marks.concat(this === undefined || this.mark === undefined)); }
    module.exports = class {
      constructor () { this.mark = "mine"; this.pipes = { "who:calls": [this.method, stranger, "method"] }; }
      init () {}
      async method (marks) { return marks.concat(this.mark); }
    };`;
  const { server } = await startWhole(t, { files: pluginFiles("bound", main) });
  assert.deepEqual(await server.backend.trigger("who:calls", []), ["mine", true, "mine"]);
});

test("an init that fails or never ends stops the start, with the option that gives it longer", async (t) => {
  const failing = "module.exports = class { async init () { throw new Error('no licence'); } };";
  await assert.rejects(startWhole(t, { files: pluginFiles("failing", failing) }), {
    id: "plugin.runtime.failed_init",
    message: /\[failing\].*no licence/,
  });
  const stuck = "module.exports = class { init () { return new Promise(() => {}); } };";
  await assert.rejects(
    startWhole(t, { files: pluginFiles("stuck", stuck), config: { "plugins.common.initTimeout": 30 } }),
    { id: "plugin.runtime.failed_init", message: /\[stuck\].*plugins\.common\.initTimeout/ },
  );
});
