/** `tenon dev` as a person has it: files of plugins are saved in many ways, and the next request sees the change. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeRoot, pluginFiles, writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { MessageClient } from "../../../testing/protocols/message-client.ts";
import { DevProcess, part, startDev } from "./dev-process.ts";
import { type Files, until } from "./reloadable.ts";

const reloads = ({ lines }: DevProcess): string[] => lines.filter((line) => /plugin\.(re|add|remov)/.test(line));

test("a saved file is a reload of its plugin alone: one line, the same process, and connections stay", async (t) => {
  const { dev, url, write, answers } = await startDev(t, {
    ...part("one"),
    ...pluginFiles("other", "module.exports = class { init() {} };"),
  });
  assert.match(await dev.line(/server\.ready/), /^\d\d:\d\d:\d\d\.\d{3} info /, "a log for people");
  const before = (await dev.server(url)).pid;
  const client = await MessageClient.open(Number(new URL(url).port));
  t.after(() => client.close());
  await answers("one");
  write({ "plugins/enabled/part/index.js": part("two")["plugins/enabled/part/index.js"] ?? "" });
  await answers("two");
  const line = await dev.line(/plugin\.reloaded/);
  assert.match(line, /plugin=part changed=index\.js durationMs=\d+$/);
  assert.equal((await client.ask({ controller: "part", action: "word" })).result, "two");
  assert.equal((await dev.server(url)).pid, before);
  assert.equal(reloads(dev).length, 1);
});

test("editors that write by rename, several files at once, and what they leave beside", async (t) => {
  const { dev, root, write, answers } = await startDev(t, {
    ...part("one"),
    "plugins/enabled/part/lib/a.js": "",
    "plugins/enabled/part/node_modules/dep/index.js": "",
  });
  await answers("one");
  const folder = join(root, "plugins/enabled/part");
  writeFileSync(join(folder, ".index.js.swp"), "swap");
  writeFileSync(join(folder, "index.js~"), "backup");
  writeFileSync(join(folder, "4913"), "");
  rmSync(join(folder, "4913"));
  writeFileSync(join(folder, "node_modules/dep/index.js"), "// changed");
  writeFileSync(join(folder, ".index.js.new"), part("two")["plugins/enabled/part/index.js"] ?? "");
  renameSync(join(folder, ".index.js.new"), join(folder, "index.js"));
  await answers("two");
  assert.match(await dev.line(/plugin\.reloaded/), / changed=index\.js /);
  const from = dev.lines.length;
  mkdirSync(join(folder, "lib/deep"));
  write({
    ...part("three"),
    "plugins/enabled/part/lib/a.js": "// a",
    "plugins/enabled/part/lib/deep/b.js": "// b",
  });
  await answers("three");
  const line = await dev.line(/plugin\.reloaded/, from);
  for (const file of ["index.js", "lib/a.js", "lib/deep/b.js"]) assert.ok(line.includes(file), line);
  assert.equal(reloads(dev).length, 2, "saved at once, loaded once");
});

test("a file with a mistake is told by its line while the former code goes on, and the repaired one is loaded", async (t) => {
  const { dev, write, answers } = await startDev(t, part("one"));
  await answers("one");
  write({ "plugins/enabled/part/index.js": "module.exports = class {\n  init() {\n    let a = ;\n  }\n};" });
  const line = await dev.line(/plugin\.reload_failed/);
  assert.match(
    line,
    /ERROR \[plugins\] plugin\.reload_failed plugin=part changed=index\.js at=index\.js:3 reason=Unexpected token ';'$/,
  );
  await answers("one");
  write(part("two"));
  await answers("two");
});

test("plugins that are put there, linked, taken away and put back come and go", async (t) => {
  const { dev, root, url, write, answers } = await startDev(t, {});
  const gone = (): Promise<void> =>
    until(async () => (await fetchJson(`${url}/part`)).status === 404, "the route is gone");
  const elsewhere = makeRoot();
  t.after(elsewhere.remove);
  const at = join(root, "plugins/enabled/part");
  write(part("one"));
  await answers("one");
  await dev.line(/plugin\.added plugin=part/);
  rmSync(at, { recursive: true });
  await gone();
  await dev.line(/plugin\.removed plugin=part/);
  write(part("two"));
  await answers("two");
  rmSync(at, { recursive: true });
  await gone();

  writeFiles(elsewhere.root, part("linked"));
  symlinkSync(join(elsewhere.root, "plugins/enabled/part"), at);
  await answers("linked");
  writeFiles(elsewhere.root, part("linked and changed"));
  await answers("linked and changed");
  rmSync(join(elsewhere.root, "plugins/enabled/part"), { recursive: true });
  await gone();
  writeFiles(elsewhere.root, part("put back behind the link"));
  await answers("put back behind the link");
  unlinkSync(at);
  await gone();
  assert.ok(!dev.lines.some((line) => line.includes("tenon dev: restart")), dev.lines.join("\n"));
});

test("folders that are deleted and put back in the same moment are watched on", async (t) => {
  const elsewhere = makeRoot(part("linked"));
  t.after(elsewhere.remove);
  const { dev, root, write, answers } = await startDev(t, {});
  const real = join(root, "plugins/enabled/part");
  const target = join(elsewhere.root, "plugins/enabled/part");
  const lib = (word: string): Files => ({
    ...part("unused"),
    "plugins/enabled/part/index.js": `const word = require("./lib/deep/word");\n${part("WORD")["plugins/enabled/part/index.js"]?.replace('"WORD"', "word")}`,
    "plugins/enabled/part/lib/deep/word.js": `module.exports = "${word}";`,
  });
  for (const [folder, save] of [
    [real, write],
    [target, (files: Files) => writeFiles(elsewhere.root, files)],
  ] as const) {
    save(lib(`1 in ${folder}`));
    if (folder === target) {
      rmSync(real, { recursive: true });
      symlinkSync(target, real);
    }
    await answers(`1 in ${folder}`);
    for (const [i, gone] of [folder, join(folder, "lib"), folder, join(folder, "lib/deep")].entries()) {
      rmSync(gone, { recursive: true });
      save(lib(`${i} back in ${folder}`));
      await answers(`${i} back in ${folder}`);
      // Long enough for whoever follows the folder that is gone.
      await new Promise((resolve) => setTimeout(resolve, 150));
      save({ "plugins/enabled/part/lib/deep/word.js": `module.exports = "${i} changed in ${folder}";` });
      await answers(`${i} changed in ${folder}`);
    }
    // Nothing else is written: only the folder in the depth has been another for a moment.
    rmSync(join(folder, "lib/deep"), { recursive: true });
    save({ "plugins/enabled/part/lib/deep/word.js": `module.exports = "again in ${folder}";` });
    await answers(`again in ${folder}`);
  }
  assert.ok(!dev.lines.some((line) => line.includes("tenon dev:")), dev.lines.join("\n"));
});

test("plugins/enabled itself may come after the start", async (t) => {
  const { root, remove } = makeRoot();
  t.after(remove);
  const dev = new DevProcess(t, root);
  const url = await dev.url();
  writeFiles(root, part("late"));
  await until(async () => (await fetchJson(`${url}/part`)).json.result === "late", "it is answered");
});
