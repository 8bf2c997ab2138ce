import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { enable, makeRoot, startTestServer, startWith } from "../../../testing/plugins/plugin-server.ts";

const pkg = (main: string): Record<string, string> => ({
  "plugins/enabled/plain/package.json": JSON.stringify({ name: "plain", version: "1.0.0", main: "index.js" }),
  "plugins/enabled/plain/index.js": main,
});

test("a package without any sign gets the context of the former generation, and is read as what init shows", async (t) => {
  const main = `module.exports = function () {
    this.init = function (config, context) { this.context = context; this.controllers = { shelf: 'makeShelf' }; };
    this.makeShelf = function () { return { count: function () { return Promise.resolve(3); } }; };
  };`;
  const server = await startWith(t, pkg(main));
  assert.equal(await server.run({ controller: "plain/shelf", action: "count" }), 3);
  const line = server.log.find(({ event }) => event === "plugin.read_as");
  assert.deepEqual(line?.fields.dialect, "v0");
});

test("the log says which dialect a package was taken for, and why; the operator's letter outweighs what is seen", async (t) => {
  const main =
    "module.exports = function () { this.init = function (config, context, isDummy) { this.arguments = arguments.length; }; };";
  const told = async (plugins: Record<string, Record<string, unknown>>) => {
    const server = await startWith(t, pkg(main), { plugins });
    const { dialect, because } = server.log.find(({ event }) => event === "plugin.loaded")?.fields ?? {};
    return [dialect, because, (server.host.get("plain") as { arguments: number }).arguments];
  };
  assert.deepEqual(await told({}), ["v0.b", "init takes isDummy", 3]);
  assert.deepEqual(await told({ plain: { _dialect: "v0.a" } }), ["v0.a", "plugins.plain._dialect says so", 2]);
  assert.deepEqual(await told({ plain: { _dialect: "v1.e" } }), ["v1.e", "plugins.plain._dialect says so", 2]);
});

test("former events cost nothing while no plugin asks for them", async (t) => {
  const quiet = await startWith(t, pkg("module.exports = function () { this.init = function (c, x, isDummy) {}; };"));
  assert.equal(quiet.events.hasListeners("document:beforeCreate"), false);
  const asking = await startWith(
    t,
    pkg(
      "module.exports = function () { this.init = function (c, x, isDummy) {}; this.hooks = { 'data:create': 'init' }; };",
    ),
  );
  assert.equal(asking.events.hasListeners("document:beforeCreate"), true);
  assert.equal(asking.events.hasListeners("document:afterCreate"), false);
});

test("a name that never fires is said once, and the plugin runs", async (t) => {
  const server = await startWith(
    t,
    pkg(
      "module.exports = function () { this.init = function (c, x, isDummy) {}; this.hooks = { 'rabbit:started': 'init' }; };",
    ),
  );
  const lines = server.log.filter(({ event }) => event.endsWith("plugin.event_never_fires"));
  assert.deepEqual(
    lines.map(({ fields }) => fields.event),
    ["rabbit:started"],
  );
});

for (const _dialect of ["v1.b", "v1.e", "v2"]) {
  test(`the published logger works as a plugin of ${_dialect}`, async (t) => {
    const { root, remove } = makeRoot();
    t.after(remove);
    const require = createRequire(import.meta.url);
    enable(root, "kuzzle-plugin-logger", dirname(require.resolve("kuzzle-plugin-logger/package.json")));
    const filename = join(root, "server.log");
    const services = { file: { level: "info", filename, addDate: true } };
    const server = await startTestServer({ root, plugins: { "kuzzle-plugin-logger": { _dialect, services } } });
    t.after(() => server.close());
    server.events.hook("log:warn", "disk nearly full");
    const deadline = Date.now() + 2_000;
    const written = () => existsSync(filename) && readFileSync(filename, "utf8").includes("disk nearly full");
    while (!written()) {
      assert.ok(Date.now() < deadline, "the line was not written");
      await sleep(10);
    }
  });
}
