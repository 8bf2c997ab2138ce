/** `tenon plugin install`, with the real npm, a registry on this machine, and a real repository. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { startServer } from "../../testing/index.ts";
import { askPlugin, folderWith, pluginFiles, runPlugin } from "./command.ts";
import { available, enabled, entries, versionOf } from "./installed.ts";
import { startRegistry } from "./registry.ts";

const run = promisify(execFile);

interface Answer {
  readonly installed: readonly { name: string; isEnabled: boolean; plan: { version: string; hooks: string[] } }[];
}

test("a folder is linked, so that it can be worked on, and enabled by a relative link; --copy copies it", async (t) => {
  const root = folderWith(t, pluginFiles("mine/shout", "shout"));
  const ran = await runPlugin(root, ["install", "./mine/shout"]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /shout 1\.0\.0.*form +v2.*may use +everything.*shout is installed and enabled/s);
  assert.equal(readlinkSync(join(root, "plugins/enabled/shout")), "../available/shout");
  assert.equal(realpathSync(join(root, "plugins/enabled/shout")), join(root, "mine/shout"));
  assert.equal(readlinkSync(join(root, "plugins/available/shout")), "../../mine/shout");

  const again = await runPlugin(root, ["install", "./mine/shout"]);
  assert.equal(again.code, 0, again.stderr);
  const copied = await askPlugin<Answer>(root, ["install", "mine/shout", "--copy", "--no-enable"]);
  assert.equal(copied.installed[0]?.isEnabled, false);
  assert.ok(lstatSync(join(root, "plugins/available/shout")).isDirectory());
  assert.deepEqual(
    entries(join(root, "mine/shout")),
    ["index.js", "manifest.json", "package.json"],
    "the source stays",
  );
  assert.deepEqual(available(root), ["shout"]);
});

test("a package of the registry comes with what it depends on, and no script of it runs", async (t) => {
  const root = folderWith(t);
  const registry = await startRegistry(t);
  const trap = { scripts: { preinstall: "touch ../../../trapped", install: "touch trapped", postinstall: "exit 1" } };
  await registry.publish({
    "package/package.json": JSON.stringify({ name: "louder", version: "2.0.0", main: "louder.js", ...trap }),
    "package/louder.js": "module.exports = (text) => text.toUpperCase();",
  });
  await registry.publish(
    pluginFiles("package", "shout", {
      version: "1.1.0",
      main: `const louder = require("louder");
        module.exports = class { constructor() { this.hooks = { ["document:" + "after*"]: () => louder("x") }; } async init() {} };`,
      packageJson: { dependencies: { louder: "^2.0.0" }, peerDependencies: { kuzzle: ">=2.0.0" }, ...trap },
    }),
  );
  await registry.publish(pluginFiles("package", "shout", { version: "1.2.0" }));
  const { installed } = await askPlugin<Answer>(root, ["install", "shout@~1.1.0", "--yes"], registry);
  assert.deepEqual(
    installed.map(({ name, isEnabled, plan }) => [name, isEnabled, plan.version, plan.hooks]),
    [["shout", true, "1.1.0", ["document:after*"]]],
  );
  assert.deepEqual(entries(join(root, "plugins/available/shout/node_modules")).filter(isVisible), ["louder"]);
  assert.deepEqual(entries(root), ["plugins"], "nothing trapped, nothing left");
  assert.ok(!existsSync(join(root, "plugins/available/shout/node_modules/louder/trapped")));
  assert.deepEqual(available(root), ["shout"]);
});

const isVisible = (name: string): boolean => !name.startsWith(".");

test("a tarball is installed from the disk and by its URL, a repository by git", async (t) => {
  const root = folderWith(t);
  const registry = await startRegistry(t);
  const tarball = await registry.publish(pluginFiles("package", "shout", { version: "1.0.1" }));
  writeFileSync(join(root, "shout.tgz"), tarball);
  assert.equal((await runPlugin(root, ["install", "shout.tgz"], registry)).code, 0);
  assert.equal(versionOf(root, "shout"), "1.0.1");
  await registry.publish(pluginFiles("package", "shout", { version: "1.0.2" }));
  const byUrl = await runPlugin(root, ["install", `${registry.url}/shout/-/1.0.2.tgz`], registry);
  assert.equal(byUrl.code, 0, byUrl.stderr);
  assert.equal(versionOf(root, "shout"), "1.0.2");

  const repository = folderWith(t, {
    ...strip(pluginFiles("x", "shout", { version: "1.0.3" })),
    ".npmrc": "registry=http://127.0.0.1:1",
  });
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd: repository });
  await git("init", "-q", "-b", "main");
  await git("add", ".");
  await git("commit", "-qm", "first");
  const url = `git+${pathToFileURL(repository).href}`;
  const byGit = await runPlugin(root, ["install", url], registry);
  assert.equal(byGit.code, 0, byGit.stderr);
  assert.equal(versionOf(root, "shout"), "1.0.3");
  const noBranch = await runPlugin(root, ["install", `${url}#nowhere`], registry);
  assert.equal(noBranch.code, 1);
  assert.match(noBranch.stderr, /cannot be (fetched by git|installed by npm)/);
  assert.equal(versionOf(root, "shout"), "1.0.3");
});

/** Without the folder at the beginning of the paths. */
const strip = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [path.slice(path.indexOf("/") + 1), content]));

test("all that config/customPlugins.json names is installed, by path, by URL or by version, and the server starts with it", async (t) => {
  const registry = await startRegistry(t);
  const old = (name: string) => ({
    "package/package.json": JSON.stringify({ name, version: "0.4.0", pluginInfo: { loadedBy: "server" } }),
    "package/index.js": `module.exports = function () {
      this.init = function (config, context, isDummy) { this.config = config; };
    };`,
  });
  await registry.publish(old("by-version"));
  await registry.publish(old("by-url"));
  const root = folderWith(t, {
    ...pluginFiles("own/by-path", "by-path"),
    "config/customPlugins.json": JSON.stringify({
      "by-path": { path: "own/by-path", url: "http://127.0.0.1:1/unused.tgz", version: "9.9.9" },
      "by-url": { url: `${registry.url}/by-url/-/0.4.0.tgz`, version: "9.9.9" },
      "by-version": { version: "0.4.0", customConfig: { by: "ada" } },
      "not-wanted": { version: "1.0.0", activated: false },
    }),
  });
  const ran = await runPlugin(root, ["install"], registry);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(enabled(root), ["by-path", "by-url", "by-version"]);
  const { plugins } = await askPlugin<{
    plugins: { name: string; from: string; dialect?: string; failure?: string }[];
  }>(root, ["list"]);
  assert.deepEqual(
    plugins.filter(({ from }) => from !== "bundled").map(({ name, from, dialect }) => [name, from, dialect]),
    [
      ["by-path", "listed", "v2"],
      ["by-url", "listed", "v0.b"],
      ["by-version", "listed", "v0.b"],
    ],
  );
  const server = await startServer({ root, data: ":memory:" });
  t.after(() => server.close());
  assert.deepEqual(server.backend.plugin.get<{ config: { by: string } }>("by-version").config.by, "ada");
});
