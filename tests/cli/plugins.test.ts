/** `tenon plugin list, plan, enable, disable, remove`: the plugins of a root, each command in a process of its own. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { askPlugin, folderWith, pluginFiles, runPlugin } from "./command.ts";

const typed = `
import { action, definePlugin } from "tenon";
console.log("code of plugins prints what it likes");
export default definePlugin({
  name: "typed",
  version: "3.0.0",
  pipes: { "document:beforeCreate": (request) => request },
  hooks: { "connection:new": () => {} },
  controllers: { typed: { run: action({ summary: "Runs.", http: [{ verb: "POST", path: "/typed/:id/run" }], run: () => null }) } },
  imports: { roles: {} },
  init: () => { throw new Error("no init may run here"); },
});`;

const first = `module.exports = function () {
  this.hooks = { 'data:beforeCreate': 'note' };
  this.note = function () {};
  this.init = function (config, context, isDummy) { throw new Error("no init may run here"); };
};`;

const former = `module.exports = function () {
  this.strategies = { card: { config: { authenticator: "Later" }, methods: { create: "x", delete: "x", exists: "x", update: "x", validate: "x", verify: "x" } } };
  this.pipes = { 'document:beforeGet': 'note' };
  this.note = this.x = function () {};
  this.init = function () { throw new Error("no init may run here"); };
};`;

/** A root with a plugin of each form, enabled or not, and two that cannot be read. */
const files = {
  "plugins/enabled/first/package.json": JSON.stringify({ name: "first", version: "0.9.0", pluginInfo: { threads: 0 } }),
  "plugins/enabled/first/index.js": first,
  ...pluginFiles("plugins/enabled/former", "former", { main: former, manifest: { kuzzleVersion: "^1.0.0" } }),
  ...pluginFiles("plugins/available/second", "second", {
    manifest: { dependsOn: { typed: "^3.0.0" }, capabilities: { storage: true, events: ["document:*"] } },
  }),
  "plugins/available/typed/package.json": JSON.stringify({ name: "typed", type: "module", main: "index.ts" }),
  "plugins/available/typed/index.ts": typed,
  ...pluginFiles("plugins/available/broken", "broken", { main: "module.exports = {" }),
};

interface Row {
  readonly name: string;
  readonly from: string;
  readonly isEnabled: boolean;
  readonly version?: string;
  readonly dialect?: string;
  readonly because?: string;
  readonly capabilities?: string[];
  readonly failure?: string;
}

test("list shows every plugin: where it is, whether it runs, its form and why, what it may use, and why it is broken", async (t) => {
  const root = folderWith(t, files);
  symlinkSync("../nowhere", join(root, "plugins/enabled/lost"));
  symlinkSync("../available/typed", join(root, "plugins/enabled/typed"));
  const { plugins } = await askPlugin<{ plugins: Row[] }>(root, ["list"]);
  assert.deepEqual(
    plugins.map(({ name, version, from, isEnabled, dialect }) => [name, version, from, isEnabled, dialect]),
    [
      ["kuzzle-plugin-auth-passport-local", undefined, "bundled", true, "v2"],
      ["first", "0.9.0", "enabled", true, "v0.b"],
      ["former", "1.0.0", "enabled", true, "v1"],
      ["lost", undefined, "enabled", true, undefined],
      ["typed", "3.0.0", "enabled", true, "tenon"],
      ["broken", "1.0.0", "available", false, undefined],
      ["second", "1.0.0", "available", false, "v2"],
    ],
  );
  const [, one, , lost, , broken, second] = plugins;
  assert.equal(one?.because, 'package.json has "pluginInfo" and there is no manifest.json');
  assert.match(lost?.failure ?? "", /link to something that does not/);
  assert.match(broken?.failure ?? "", /Loading .*broken failed/);
  assert.match(second?.capabilities?.join() ?? "", /storage.*document:\*/);
  const { stdout, stderr } = await runPlugin(root, ["list"]);
  assert.match(stdout, /^second 1\.0\.0 \(available\)\n {2}from {5}plugins\/available\/second$/m);
  assert.match(stdout, /^ {2}broken {3}\[broken\] Loading/m);
  assert.doesNotMatch(stdout, /prints what it likes/);
  assert.match(stderr, /prints what it likes/);
});

test("plan says what a plugin would register, before its init and without a server", async (t) => {
  const root = folderWith(t, files);
  const planOf = async (word: string) =>
    (await askPlugin<{ plans: Record<string, unknown>[] }>(root, ["plan", word])).plans[0] ?? {};
  assert.partialDeepStrictEqual(await planOf("typed"), {
    name: "typed",
    version: "3.0.0",
    dialect: "tenon",
    isComplete: true,
    pipes: ["document:beforeCreate"],
    hooks: ["connection:new"],
    actions: [{ controller: "typed", action: "run", routes: ["POST /typed/:id/run"] }],
    imports: ["roles"],
  });
  assert.partialDeepStrictEqual(await planOf("first"), { isComplete: false, hooks: ["document:beforeCreate"] });
  const { unread } = await planOf("former");
  assert.match(String(unread), /Later/, "an authenticator that may come with init is no failure");
  assert.partialDeepStrictEqual(await planOf("./plugins/available/second"), {
    dependsOn: { typed: ["^3.0.0"] },
    capabilities: { storage: true, secrets: false, events: ["document:*"] },
  });
  const all = await runPlugin(root, ["plan"]);
  assert.equal(all.code, 0, all.stderr);
  assert.match(all.stdout, /first 0\.9\.0\n.*hooks +document:beforeCreate.*its init has not run/s);
  assert.doesNotMatch(all.stdout, /typed/, "only what is enabled");
  const broken = await runPlugin(root, ["plan", "broken"]);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /^broken: \[broken\] Loading/);
  assert.ok(!existsSync(join(root, "data")), "no store was opened");
});

test("a plugin is enabled by a relative link and disabled again; both may be said twice", async (t) => {
  const root = folderWith(t, files);
  const change = async (...args: string[]) => askPlugin(root, args);
  assert.deepEqual(await change("enable", "typed"), { name: "typed", isEnabled: true, hasChanged: true });
  assert.equal(readlinkSync(join(root, "plugins/enabled/typed")), "../available/typed");
  assert.deepEqual(await change("enable", "typed"), { name: "typed", isEnabled: true, hasChanged: false });
  assert.deepEqual(await change("disable", "typed"), { name: "typed", isEnabled: false, hasChanged: true });
  assert.deepEqual(await change("disable", "typed"), { name: "typed", isEnabled: false, hasChanged: false });
  assert.ok(!existsSync(join(root, "plugins/enabled/typed")));
  // A folder of its own is no link: it is kept.
  assert.deepEqual(await change("disable", "former"), { name: "former", isEnabled: false, hasChanged: true });
  assert.ok(existsSync(join(root, "plugins/available/former/index.js")));
  assert.deepEqual(await change("enable", "former"), { name: "former", isEnabled: true, hasChanged: true });
});

test("remove deletes a plugin, but not what a link leads to, nor what another enabled plugin needs", async (t) => {
  const root = folderWith(t, { ...files, ...pluginFiles("elsewhere/linked", "linked") });
  const ran = (...args: string[]) => runPlugin(root, args);
  symlinkSync("../../elsewhere/linked", join(root, "plugins/available/linked"));
  assert.equal((await ran("enable", "linked")).code, 0);
  assert.equal((await ran("remove", "linked")).code, 0);
  assert.ok(existsSync(join(root, "elsewhere/linked/index.js")));
  assert.deepEqual(
    ["available", "enabled"].map((folder) => existsSync(join(root, "plugins", folder, "linked"))),
    [false, false],
  );

  for (const name of ["typed", "second"]) assert.equal((await ran("enable", name)).code, 0);
  const refused = await ran("remove", "typed");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /second depends on typed\. Disable what needs it/);
  assert.ok(existsSync(join(root, "plugins/enabled/typed")));
  assert.equal((await ran("remove", "typed", "--force")).code, 0);
  assert.ok(!existsSync(join(root, "plugins/available/typed")));
  assert.equal((await ran("remove", "second")).code, 0);
});

test("a link within a removed plugin is not followed", async (t) => {
  const root = folderWith(t, { ...files, "precious/file.txt": "keep me" });
  mkdirSync(join(root, "plugins/available/second/node_modules"));
  symlinkSync(join(root, "precious"), join(root, "plugins/available/second/node_modules/precious"));
  assert.equal((await runPlugin(root, ["remove", "second"])).code, 0);
  assert.ok(!existsSync(join(root, "plugins/available/second")));
  assert.ok(existsSync(join(root, "precious/file.txt")));
});

test("new writes a plugin where it is told to, and does not write over anything", async (t) => {
  const root = folderWith(t);
  const made = await askPlugin<{ path: string; files: string[] }>(root, ["new", "my-greeter", "--dir", "own/greeter"]);
  assert.equal(made.path, join(root, "own/greeter"));
  for (const file of ["index.ts", "index.test.ts", "manifest.json", "package.json"])
    assert.ok(made.files.includes(file));
  const again = await runPlugin(root, ["new", "my-greeter", "--dir", "own/greeter"]);
  assert.deepEqual([again.code, /own\/greeter is there already/.test(again.stderr)], [1, true]);
  assert.equal((await runPlugin(root, ["install", "own/greeter"])).code, 0);
  const checked = await runPlugin(root, ["check"]);
  assert.deepEqual([checked.code, checked.stdout], [0, "my-greeter: no problem found\n"]);
});

test("--root means another application, and --json is for machines alone", async (t) => {
  const root = folderWith(t, files);
  const elsewhere = folderWith(t);
  const { plugins } = await askPlugin<{ plugins: Row[] }>(root, ["list", "--root", elsewhere]);
  assert.deepEqual(
    plugins.map(({ name }) => name),
    ["kuzzle-plugin-auth-passport-local"],
  );
});

test("what is typed wrongly ends with 2, what is not there with 1 and the nearest name", async (t) => {
  const root = folderWith(t, files);
  const cases: readonly (readonly [code: number, says: RegExp, ...args: string[]])[] = [
    [2, /there is no command "plugin lst"\. Try: tenon plugin help/, "lst"],
    [2, /NAME is missing/, "enable"],
    [2, /"b" is one word too many/, "enable", "a", "b"],
    [2, /Unknown option '--frce'/, "remove", "typed", "--frce"],
    [2, /"\.\.\/typed" cannot be the name/, "enable", "../typed"],
    [2, /"\.\.\/typed" cannot be the name/, "remove", "../typed"],
    [2, /"Greeter" cannot be the name/, "new", "Greeter"],
    [2, /"a\/b" cannot be the name/, "new", "a/b"],
    [1, /there is no plugin "typd" in .*Did you mean "typed"\?/, "enable", "typd"],
    [1, /there is no plugin "frst" in .*Did you mean "first"\?/, "plan", "frst"],
    [1, /there is nothing at .*nowhere/, "check", "./nowhere"],
    [1, /is there already/, "new", "typed"],
    [1, /nothing is named, and there is no .*customPlugins\.json/, "install"],
  ];
  const ran = await Promise.all(cases.map(([, , ...args]) => runPlugin(root, args)));
  for (const [i, { code, stdout, stderr }] of ran.entries()) {
    const [expected, says, ...args] = cases[i] ?? assert.fail();
    assert.deepEqual([code, stdout], [expected, ""], `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, says);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  for (const args of [["help"], ["install", "--help"], []]) {
    const { code, stdout } = await runPlugin(root, args);
    assert.equal(code, 0);
    for (const name of ["list", "plan", "check", "install", "enable", "disable", "remove", "new"]) {
      assert.match(stdout, new RegExp(`^ {2}${name} `, "m"));
    }
  }
});
