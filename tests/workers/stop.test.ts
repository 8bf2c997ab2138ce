/** When the server ends, so do the processes of its plugins: with their events handled when there is time, and never after it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { spawnServer } from "../../testing/index.ts";
import { makeRoot } from "../../testing/plugins/plugin-server.ts";
import { formerPackage } from "../dialects/former-server.ts";
import { definedPackage, isAlive, noting, readNotes, startWorkers, until } from "./worker-server.ts";

/** Takes its time for each event. */
const slow = `${noting}
module.exports = class {
  constructor () { this.hooks = { 'plugin-test:do': 'run', 'core:kuzzleStart': 'run' }; }
  init () { note({ started: true }); }
  run (payload) { for (var until = Date.now() + (payload.workMs || 0); Date.now() < until;) {} note({ done: payload.n }); }
};`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test("events that wait are handled before the server has stopped, and its processes are gone then", async (t) => {
  const it = await startWorkers(t, formerPackage("slow", slow), { plugins: { slow: { threads: 2 } } });
  // More than the processes hold at once: the others wait in the server.
  for (const n of numbers(300)) await it.server.backend.trigger("plugin-test:do", { n, workMs: 1 });
  const pids = it
    .notes()
    .filter(({ started }) => started === true)
    .map(({ pid }) => pid);
  assert.equal(pids.filter(isAlive).length, 2);
  await it.server.backend.stop();
  const done = it.notes().flatMap(({ done }) => (typeof done === "number" ? [done] : []));
  assert.deepEqual(
    done.sort((a, b) => a - b),
    numbers(300),
  );
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(it.lines("plugin.worker_events_dropped", "slow").length, 0);
});

test("after killTimeout the processes are ended, and what was not handled is counted", async (t) => {
  const it = await startWorkers(t, formerPackage("slow", slow), {
    plugins: { slow: { threads: 1, killTimeout: 300 } },
  });
  for (const n of numbers(100)) await it.server.backend.trigger("plugin-test:do", { n, workMs: 100 });
  const [{ pid } = { pid: 0 }] = it.notes().filter(({ started }) => started === true);
  await it.server.backend.stop();
  assert.equal(isAlive(pid), false);
  const dropped = it
    .lines("plugin.worker_events_dropped", "slow")
    .reduce((sum, { fields }) => sum + Number(fields.dropped), 0);
  const done = it.notes().filter((note) => "done" in note && note.done !== undefined).length;
  assert.ok(done < 20, `${done} were handled`);
  // The last may have been handled, and not acknowledged any more.
  assert.ok(dropped >= 100 - done && dropped <= 101 - done, `${done} were handled, ${dropped} dropped`);
});

test("a process that does not listen to SIGTERM is ended all the same", async (t) => {
  const deaf = `${noting}
    module.exports = class {
      constructor () { this.hooks = { 'plugin-test:do': 'run' }; }
      init () { process.on('SIGTERM', function () { note({ heard: true }); }); process.exit = function () {}; setInterval(function () {}, 10); note({ started: true }); }
      run () {}
    };`;
  const it = await startWorkers(t, formerPackage("deaf", deaf), {
    plugins: { deaf: { threads: 1, killTimeout: 100 } },
  });
  const [{ pid } = { pid: 0 }] = it.notes();
  await it.server.backend.stop();
  assert.equal(isAlive(pid), false);
  assert.equal(
    it.notes().some(({ heard }) => heard === true),
    true,
  );
});

test("a plugin of the typed form closes what it holds in each process", async (t) => {
  const main = `
    import { definePlugin } from "tenon";
    let log;
    export default definePlugin({
      name: "closing", worker: { threads: 2 },
      init: (context) => { log = context.log; },
      hooks: { "plugin-test:do": () => {} },
      close: async () => { await null; log.info("closed", { pid: process.pid }); },
    });`;
  const it = await startWorkers(t, definedPackage("closing", main));
  await it.server.backend.stop();
  const closed = it.lines("closing: closed", "closing").map(({ fields }) => fields.pid);
  assert.equal(new Set(closed).size, 2);
});

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`no process of a plugin outlives a server that ends by ${signal}`, async (t) => {
    const { root, remove } = makeRoot({
      "root.txt": "",
      ".kuzzlerc": JSON.stringify({ plugins: { slow: { threads: 2 } } }),
      ...formerPackage("slow", slow),
    });
    t.after(remove);
    const server = await spawnServer(root, ["--data", ":memory:"]);
    t.after(() => server.kill("SIGKILL"));
    const pids = readNotes(root)
      .filter(({ started }) => started === true)
      .map(({ pid }) => pid);
    assert.equal(pids.filter(isAlive).length, 2);
    await server.kill(signal);
    await until("the end of the processes", () => pids.filter(isAlive).length === 0);
  });
}

test("not even one that loops outlives a server that is killed, where the system can see to it", async (t) => {
  if (!existsSync("/usr/bin/setpriv")) return t.skip("this system has no setpriv");
  const looping = `${noting}
    module.exports = class {
      constructor () { this.hooks = { 'core:kuzzleStart': 'run' }; }
      init () {}
      run () { note({ looping: true }); for (;;) ; }
    };`;
  const { root, remove } = makeRoot({
    "root.txt": "",
    ".kuzzlerc": JSON.stringify({ plugins: { looping: { threads: 1 } } }),
    ...formerPackage("looping", looping),
  });
  t.after(remove);
  const server = await spawnServer(root, ["--data", ":memory:"]);
  t.after(() => server.kill("SIGKILL"));
  const { pid } = await until("the loop", () => readNotes(root)[0]);
  await server.kill("SIGKILL");
  await until("its end", () => !isAlive(pid));
});
