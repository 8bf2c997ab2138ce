/** What goes wrong with `tenon plugin install`, and what it leaves behind: nothing. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hostileTarballs } from "../../testing/cli/hostile-tarballs.ts";
import { folderWith, pluginFiles, runPlugin, writeInto } from "./command.ts";
import { available, enabled, entries, versionOf } from "./installed.ts";
import { startRegistry } from "./registry.ts";

test("an update takes the place of what was there; one that cannot be loaded, or not be fetched, leaves it alone", async (t) => {
  const root = folderWith(t);
  const registry = await startRegistry(t);
  await registry.publish(pluginFiles("package", "shout", { version: "1.0.0" }));
  assert.equal((await runPlugin(root, ["install", "shout"], registry)).code, 0);
  await registry.publish(pluginFiles("package", "shout", { version: "2.0.0" }));
  assert.equal((await runPlugin(root, ["install", "shout"], registry)).code, 0);
  assert.equal(versionOf(root, "shout"), "2.0.0");

  await registry.publish(pluginFiles("package", "shout", { version: "3.0.0", main: 'throw new Error("no license");' }));
  const broken = await runPlugin(root, ["install", "shout"], registry);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /cannot be loaded.*no license/);
  await registry.publish(
    pluginFiles("package", "shout", { version: "4.0.0", packageJson: { dependencies: { nowhere: "1.0.0" } } }),
  );
  const incomplete = await runPlugin(root, ["install", "shout"], registry);
  assert.equal(incomplete.code, 1);
  assert.match(incomplete.stderr, /what "shout" depends on does not exist/);
  assert.equal(versionOf(root, "shout"), "2.0.0");
  assert.deepEqual([available(root), enabled(root)], [["shout"], ["shout"]]);
});

test("what does not exist, and a registry that does not answer, are said in plain words", async (t) => {
  const root = folderWith(t);
  const registry = await startRegistry(t);
  await registry.publish(pluginFiles("package", "shout"));
  for (const [what, says] of [
    ["nobody", /"nobody" does not exist in the registry/],
    ["shout@9.9.9", /"shout@9\.9\.9" does not exist in this version/],
    ["./nowhere", /there is no folder .*nowhere/],
    ["nowhere.tgz", /there is no file .*nowhere\.tgz/],
  ] as const) {
    const { code, stderr } = await runPlugin(root, ["install", what], registry);
    assert.equal(code, 1, what);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /npm error|\bat .*:\d+:\d+/);
  }
  await registry.close();
  const offline = await runPlugin(root, ["install", "shout"], registry);
  assert.equal(offline.code, 1);
  assert.match(
    offline.stderr,
    /"shout" cannot be fetched: the server http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/,
  );
  assert.deepEqual([available(root), enabled(root)], [[], []]);
});

test("a hostile package is refused as a whole, and leaves nothing behind", async (t) => {
  for (const name of ["a path that leads up", "a symbolic link out of the folder", "a name that leads up"]) {
    const root = folderWith(t);
    const registry = await startRegistry(t);
    registry.publishTarball("evil", "1.0.0", hostileTarballs[name] ?? assert.fail(name));
    const { code, stderr } = await runPlugin(root, ["install", "evil", "--yes"], registry);
    assert.equal(code, 1, `${name}: ${stderr}`);
    assert.match(stderr, /^tenon plugin: (the package is refused|this is no plugin): .*\n$/, name);
    assert.deepEqual([available(root), enabled(root), entries(root)], [[], [], ["plugins"]], name);
  }
});

test("an interrupted install leaves nothing behind, and the former version in its place", async (t) => {
  const root = folderWith(t);
  const registry = await startRegistry(t);
  await registry.publish(pluginFiles("package", "shout", { version: "1.0.0" }));
  assert.equal((await runPlugin(root, ["install", "shout"], registry)).code, 0);
  await registry.publish(pluginFiles("package", "shout", { version: "2.0.0" }));
  const { code, stderr } = await runPlugin(root, ["install", "shout"], { ...registry, interrupt: registry.stall() });
  assert.equal(code, 130);
  assert.match(stderr, /interrupted, nothing was changed/);
  assert.equal(versionOf(root, "shout"), "1.0.0");
  assert.deepEqual(available(root), ["shout"]);
});

test("what a killed install had put aside comes back with the next one", async (t) => {
  const root = folderWith(t, pluginFiles("mine/other", "other"));
  // As between the two moves of an update, by a process that is gone.
  writeInto(root, pluginFiles("plugins/available/.installing-999999999-x/replaced/shout", "shout"));
  mkdirSync(join(root, "plugins/available/.installing-999999999-x/package"));
  assert.equal((await runPlugin(root, ["install", "./mine/other"])).code, 0);
  assert.deepEqual(available(root), ["other", "shout"]);
});

test("what cannot be meant is refused before anything is fetched", async (t) => {
  const root = folderWith(t);
  for (const word of ["--registry=x", "a b", "file:///etc/passwd", "x;touch y"]) {
    const { code, stderr } = await runPlugin(root, ["install", word]);
    assert.equal(code, word.startsWith("file:") ? 1 : 2, `${word}: ${stderr}`);
    assert.match(stderr, /^tenon plugin: .*\n$/);
    assert.deepEqual(entries(root), []);
  }
});
