/** When `tenon dev` starts the server again, and how it ends. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { makeRoot, pluginFiles, writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { MessageClient } from "../../../testing/protocols/message-client.ts";
import { DevProcess, isAlive, part, pid, startDev } from "./dev-process.ts";
import { type Files, until } from "./reloadable.ts";

test("configuration starts the server again on the same port, with data, and clients come back", async (t) => {
  const { dev, url, write, answers } = await startDev(t, { ...part("one"), ".kuzzlerc": "{}" });
  await answers("one");
  const before = (await dev.server(url)).pid;
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
  const after = (await dev.server(url)).pid;
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
  const probe = createServer().listen(0);
  await once(probe, "listening");
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
  const before = (await dev.server(url)).pid;
  writeFiles(root, part("two"));
  await answers("/part", "two");
  assert.equal((await dev.server(url)).pid, before);
  const from = dev.lines.length;
  writeFiles(root, { "lib/word.ts": `export const word: string = "b";`, "README.md": "no code", "data/x": "no code" });
  await answers("/app", "b1");
  assert.match(await dev.line(/tenon dev: restart/, from), /restart: lib\/word\.ts changed$/);
  assert.equal(dev.lines.filter((line) => line.includes("tenon dev: restart")).length, 1);
});

test("signals end both processes in order; NODE_ENV is development unless it is set", async (t) => {
  for (const [signal, env, environment] of [
    ["SIGINT", {}, "development"],
    ["SIGTERM", { NODE_ENV: "staging" }, "staging"],
  ] as const) {
    const { dev, url } = await startDev(t, {}, [], env);
    const server = await dev.server(url);
    assert.equal(server.environment, environment);
    dev.child.kill(signal);
    assert.equal(await dev.ended(), 0);
    assert.ok(!isAlive(server.pid));
    assert.ok(dev.lines.some((line) => line.includes("server.stopped")));
  }
});

test("a command that is killed leaves no server behind", async (t) => {
  const { dev, url } = await startDev(t, {});
  const { pid } = await dev.server(url);
  dev.child.kill("SIGKILL");
  await until(() => !isAlive(pid), "the server has ended too");
});
