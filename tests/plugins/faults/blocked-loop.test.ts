/** Plugins that block the event loop: the watchdog names them, ends the process when it may, and its supervisor starts it again. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type SpawnedServer, spawnServer } from "../../../testing/index.ts";
import { writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { until } from "../../api/wire.ts";
import { faultyPackage, generations, nameOf } from "./faulty-plugin.ts";

/** Blocks for as long as it is told. */
const block = `function block (ms) { const end = Date.now() + ms; while (Date.now() < end); }`;
const older = `function (payload, callback) { ${block} block(1500); callback(null, payload); }`;
const events = { v0: "AdminExists", v1: "PublicApi", v2: "GetConfig", tenon: "Openapi" } as const;

/** One server with the plugins of all generations, each on an event of its own. */
async function start(t: TestContext, args: readonly string[]): Promise<SpawnedServer> {
  const root = await mkdtemp(join(tmpdir(), "tenon-blocked-"));
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  for (const generation of generations) {
    const pipe = generation === "tenon" ? `function (payload) { ${block} block(1500); return payload; }` : older;
    writeFiles(
      root,
      faultyPackage(generation, {
        pipes: { [`server:before${events[generation]}`]: pipe },
        actions: {
          timer: `async function () { setTimeout(function late () { ${block} block(1500); }, 5); return 'started'; }`,
          forever: "async function () { for (;;); }",
          throwLater:
            "async function () { setTimeout(function () { throw new Error('nobody catches this'); }, 1); return 'started'; }",
        },
      }),
    );
  }
  const server = await spawnServer(root, args);
  t.after(() => server.kill("SIGKILL"));
  return server;
}

const query = async (url: string, controller: string, action: string, more: object = {}): Promise<Response> =>
  fetch(`${url}/_query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ controller, action, ...more }),
  });

interface Line {
  readonly msg: string;
  readonly plugin?: string;
  readonly event?: string;
  readonly at?: string;
  readonly function?: string;
  readonly lastEntered?: { readonly plugin: string };
}

const lines = (server: SpawnedServer): Line[] =>
  server.log.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line);

async function logged(server: SpawnedServer, fits: (line: Line) => boolean, what: string): Promise<Line> {
  const find = (): Line | undefined => lines(server).find(fits);
  await until(() => find() !== undefined, `${what} in\n${server.log.slice(-20).join("\n")}`);
  const line = find();
  assert.ok(line);
  return line;
}

test("the thread names the plugin, the event and the line of code while the loop stands still", async (t) => {
  const server = await start(t, ["--tenon.watchdog.thread", "--tenon.watchdog.warnAfter", "200"]);
  for (const generation of generations) {
    const action = events[generation].charAt(0).toLowerCase() + events[generation].slice(1);
    const { status } = await query(server.url, "server", action);
    assert.equal(status, 200);
    const plugin = nameOf(generation);
    const line = await logged(server, (it) => it.msg === "plugin.blocks_loop" && it.plugin === plugin, plugin);
    assert.equal(line.event, `pipe server:before${events[generation]}`);
    assert.match(String(line.at), /index\.m?js:\d+$/);
    assert.equal(line.function, "block");
  }
});

test("what a timer of a plugin blocks is known by its file", async (t) => {
  const server = await start(t, ["--tenon.watchdog.thread", "--tenon.watchdog.warnAfter", "200"]);
  for (const generation of generations) {
    const plugin = nameOf(generation);
    const isNamed = (it: Line): boolean => it.msg === "plugin.blocks_loop" && it.plugin === plugin;
    // On a busy machine the line may not be found while one timer lasts; the next will do.
    for (let i = 0; i < 5 && !lines(server).some(isNamed); i++) {
      assert.equal((await query(server.url, `${plugin}/faulty`, "timer")).status, 200);
      await sleep(50); // the timer has begun
      await fetch(`${server.url}/_now`); // and is over
    }
    const line = await logged(server, isNamed, plugin);
    assert.equal(line.event, undefined);
    assert.match(String(line.at), new RegExp(`${plugin}.*index\\.m?js:\\d+$`));
  }
});

test("without the thread it is told afterwards, with the plugin that was entered last", async (t) => {
  const server = await start(t, ["--tenon.watchdog.warnAfter", "200"]);
  assert.equal((await query(server.url, "server", "getConfig")).status, 200);
  const line = await logged(server, (it) => it.msg === "server.loop_was_blocked", "the line");
  assert.equal(line.lastEntered?.plugin, "faulty-v2");
});

test("a loop that stands still for good ends the process with code 86, and says who it was", async (t) => {
  const server = await start(t, ["--tenon.watchdog.warnAfter", "150", "--tenon.watchdog.endAfter", "600"]);
  const gone = new Promise<number | null>((resolve) => server.child.once("exit", (code) => resolve(code)));
  await query(server.url, "faulty-v2/faulty", "forever").catch(() => {});
  assert.equal(await gone, 86);
  const line = await logged(server, (it) => it.msg === "watchdog.ends_process", "the last line");
  assert.deepEqual([line.plugin, line.event], ["faulty-v2", "action faulty-v2/faulty:forever"]);
});

/** Where the server listens that was ready for the nth time. */
async function readyAt(server: SpawnedServer, nth: number): Promise<string> {
  const urls = (): string[] =>
    server.log.flatMap((line) => /"http":"(http:[^"]*)".*server\.ready/.exec(line)?.[1] ?? []);
  await until(() => urls().length >= nth, `start ${nth} in\n${server.log.slice(-20).join("\n")}`);
  return urls()[nth - 1] ?? "";
}

test("a supervised server comes back with what it acknowledged, whoever blocked or crashed it, and stops when it is told to", async (t) => {
  const server = await start(t, [
    "--supervise",
    "--tenon.watchdog.warnAfter",
    "150",
    "--tenon.watchdog.endAfter",
    "600",
  ]);
  let url = server.url;
  await fetch(`${url}/library/books`, { method: "PUT" });
  let starts = 1;
  for (const [generation, action] of [
    ["v2", "forever"],
    ["v0", "throwLater"],
    ["v1", "throwLater"],
    ["v2", "throwLater"],
    ["tenon", "throwLater"],
  ] as const) {
    const plugin = nameOf(generation);
    const written = await query(url, "document", "create", {
      index: "library",
      collection: "books",
      _id: `book-${starts}`,
      body: { title: plugin },
    });
    assert.equal(written.status, 200);
    await query(url, `${plugin}/faulty`, action).catch(() => {});
    url = await readyAt(server, ++starts);
    const { result } = (await (await fetch(`${url}/library/books/_count`, { method: "POST" })).json()) as {
      result: { count: number };
    };
    assert.equal(result.count, starts - 1);
  }
  for (const generation of generations) {
    const plugin = nameOf(generation);
    await logged(server, (it) => it.msg === "process.uncaught_exception" && it.plugin === plugin, plugin);
  }
  await logged(server, (it) => it.msg === "plugin.blocks_loop" && it.plugin === "faulty-v2", "the blocked loop");
  assert.equal(await server.kill("SIGTERM"), 0);
  await assert.rejects(fetch(`${url}/_now`));
});

test("a refused start is not tried again", async (t) => {
  await assert.rejects(start(t, ["--supervise", "--server.port", "many"]), /server\.port/);
});
