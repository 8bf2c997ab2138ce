/** `tenon dev` as a person has it: files are saved in many ways, and the next request sees the change. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeRoot, pluginFiles, writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { MessageClient } from "../../../testing/protocols/message-client.ts";
import { DevProcess, isAlive } from "./dev-process.ts";
import { type Files, until } from "./reloadable.ts";

const part = (word: string, folder = "part"): Files =>
  Object.fromEntries(
    Object.entries(
      pluginFiles(
        "part",
        `module.exports = class {
  constructor() { this.api = { part: { actions: { word: { handler: async () => "${word}", http: [{ verb: "get", path: "/part" }] } } } }; }
  init() {}
};`,
      ),
    ).map(([path, text]) => [path.replace("enabled/part", `enabled/${folder}`), text]),
  );

const pid = pluginFiles(
  "pid",
  `module.exports = class {
    constructor() { this.api = { pid: { actions: { get: { handler: async () => process.pid, http: [{ verb: "get", path: "/_/pid" }] } } } }; }
    init() {}
  };`,
);

interface Dev {
  readonly dev: DevProcess;
  readonly root: string;
  readonly url: string;
  write(files: Files): void;
  /** Waits until the plugin answers this. */
  answers(word: string): Promise<void>;
}

async function startDev(t: TestContext, files: Files, argv: readonly string[] = [], env = {}): Promise<Dev> {
  const { root, remove } = makeRoot({ ...pid, ...files });
  t.after(remove);
  const dev = new DevProcess(t, root, argv, env);
  const url = await dev.url();
  const answers = (word: string): Promise<void> =>
    until(
      async () => (await fetchJson(`${url}/part`).catch(() => undefined))?.json.result === word,
      `${word} is answered`,
    );
  return { dev, root, url, write: (changed) => writeFiles(root, changed), answers };
}

const reloads = ({ lines }: DevProcess): string[] => lines.filter((line) => /plugin\.(re|add|remov)/.test(line));

test("a saved file is a reload of its plugin alone: one line, the same process, and connections stay", async (t) => {
  const { dev, url, write, answers } = await startDev(t, {
    ...part("one"),
    ...pluginFiles("other", "module.exports = class { init() {} };"),
  });
  assert.match(await dev.line(/server\.ready/), /^\d\d:\d\d:\d\d\.\d{3} info /, "a log for people");
  const before = await dev.serverPid(url);
  const client = await MessageClient.open(Number(new URL(url).port));
  t.after(() => client.close());
  await answers("one");
  write({ "plugins/enabled/part/index.js": part("two")["plugins/enabled/part/index.js"] ?? "" });
  await answers("two");
  const line = await dev.line(/plugin\.reloaded/);
  assert.match(line, /plugin=part changed=index\.js durationMs=\d+$/);
  assert.equal((await client.ask({ controller: "part", action: "word" })).result, "two");
  assert.equal(await dev.serverPid(url), before);
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

test("plugins/enabled itself may come after the start", async (t) => {
  const { root, remove } = makeRoot();
  t.after(remove);
  const dev = new DevProcess(t, root);
  const url = await dev.url();
  writeFiles(root, part("late"));
  await until(async () => (await fetchJson(`${url}/part`)).json.result === "late", "it is answered");
});

test("configuration starts the server again on the same port, with data, and clients come back", async (t) => {
  const { dev, url, write, answers } = await startDev(t, { ...part("one"), ".kuzzlerc": "{}" });
  await answers("one");
  const before = await dev.serverPid(url);
  await fetchJson(`${url}/library/_create`, { method: "POST" });
  const client = await MessageClient.open(Number(new URL(url).port));
  const from = dev.lines.length;
  write({ ".kuzzlerc": JSON.stringify({ limits: { documentsFetchCount: 7 } }) });
  await client.closed(20_000);
  assert.match(await dev.line(/tenon dev: restart/), /restart: \.kuzzlerc changed$/);
  assert.equal(await dev.url(from), url, "the same port");
  const again = await MessageClient.open(Number(new URL(url).port));
  t.after(() => again.close());
  const { result } = await again.ask({ controller: "server", action: "getConfig" });
  assert.equal(result.limits.documentsFetchCount, 7);
  assert.deepEqual((await again.ask({ controller: "index", action: "list" })).result.indexes, ["library"]);
  const after = await dev.serverPid(url);
  assert.notEqual(after, before);
  assert.ok(!isAlive(before), "no process is left behind");
});

test("a server that cannot start is tried again when a file changes", async (t) => {
  const { root, remove } = makeRoot({ ...pid, "plugins/enabled/part/package.json": "{}" });
  t.after(remove);
  writeFiles(root, pluginFiles("part", "module.exports = class {"));
  const dev = new DevProcess(t, root);
  await dev.line(/The server cannot start: .*part/);
  await dev.line(/tenon dev: the server has ended \(exit code 1\)/);
  writeFiles(root, part("repaired"));
  const url = await dev.url();
  assert.equal((await fetchJson(`${url}/part`)).json.result, "repaired");
});

test("what only a new process can show starts one", async (t) => {
  const port = (word: string): Files =>
    pluginFiles(
      "port",
      `module.exports = class {
        constructor() { this.api = { part: { actions: { word: { handler: async () => "${word}", http: [{ verb: "get", path: "/part" }] } } } }; }
        init(config) { return new Promise((resolve, reject) => require("net").createServer().on("error", reject).listen(process.env.OWN_PORT, resolve)); }
      };`,
    );
  const probe = await import("node:net").then(({ createServer }) => createServer().listen(0));
  const { port: free } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const { dev, write, answers } = await startDev(t, port("one"), [], { OWN_PORT: String(free) });
  await answers("one");
  write(port("two"));
  await dev.line(/tenon dev: restart: .*EADDRINUSE/);
  await answers("two");
});

test("the code of an application starts the server again, its plugins do not", async (t) => {
  const app = (word: string): string => `import { Backend } from "kuzzle";
    import { word } from "./lib/word.ts";
    const app = new Backend("mine");
    app.config.set("server.host", "127.0.0.1");
    app.controller.register("app", { actions: { word: { handler: async () => word + ${JSON.stringify(word)}, http: [{ verb: "get", path: "/app" }] } } });
    app.start();`;
  const { root, remove } = makeRoot({
    ...pid,
    ...part("one"),
    "package.json": JSON.stringify({ type: "module" }),
    "app.ts": app("1"),
    "lib/word.ts": `export const word: string = "a";`,
  });
  t.after(remove);
  const dev = new DevProcess(t, root, [join(root, "app.ts")]);
  const url = await dev.url();
  const answers = (path: string, word: string): Promise<void> =>
    until(
      async () => (await fetchJson(url + path).catch(() => undefined))?.json.result === word,
      `${word} is answered`,
    );
  await answers("/app", "a1");
  const before = await dev.serverPid(url);
  writeFiles(root, part("two"));
  await answers("/part", "two");
  assert.equal(await dev.serverPid(url), before);
  const from = dev.lines.length;
  writeFiles(root, { "lib/word.ts": `export const word: string = "b";`, "README.md": "no code", "data/x": "no code" });
  await answers("/app", "b1");
  assert.match(await dev.line(/tenon dev: restart/, from), /restart: lib\/word\.ts changed$/);
  assert.equal(dev.lines.filter((line) => line.includes("tenon dev: restart")).length, 1);
});

test("signals end both processes in order; a command that is killed leaves no server behind", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const { dev, url } = await startDev(t, {});
    const server = await dev.serverPid(url);
    dev.child.kill(signal);
    assert.equal(await dev.ended(), 0);
    assert.ok(!isAlive(server));
    assert.ok(dev.lines.some((line) => line.includes("server.stopped")));
  }
  const { dev, url } = await startDev(t, {});
  const server = await dev.serverPid(url);
  dev.child.kill("SIGKILL");
  await until(() => !isAlive(server), "the server has ended too");
});

test("NODE_ENV is development unless it is set", async (t) => {
  const environment = pluginFiles(
    "env",
    `module.exports = class { init() { this.api = { env: { actions: { get: { handler: async () => process.env.NODE_ENV, http: [{ verb: "get", path: "/env" }] } } } }; } };`,
  );
  const unset = await startDev(t, environment);
  assert.equal((await fetchJson(`${unset.url}/env`)).json.result, "development");
  const set = await startDev(t, environment, [], { NODE_ENV: "staging" });
  assert.equal((await fetchJson(`${set.url}/env`)).json.result, "staging");
});
