/** What goes wrong in a process of a plugin costs the server nothing, and the log names the plugin. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { formerPackage } from "../dialects/former-server.ts";
import { definedPackage, noting, startWorkers, until, type WorkerServer } from "./worker-server.ts";

/** Does what it is told, in the style of Kuzzle 1. */
const faulty = `${noting}
module.exports = class {
  constructor () { this.hooks = { 'plugin-test:do': 'run' }; }
  init () { note({ started: true }); }
  run ({ what }) {
    note({ what });
    switch (what) {
      case 'loop': for (;;) ;
      case 'flood': for (var line = 0; line < 200000; line++) console.log('line ' + line); break;
      case 'leak': this.held = []; for (;;) this.held.push(new Array(1000).fill(this.held.length)); 
      case 'leak outside the heap': this.held = []; for (var i = 0; i < 300; i++) this.held.push(Buffer.alloc(1 << 20, 1)); break;
      case 'exit': process.exit(7);
      case 'throw later': setTimeout(function () { throw new Error('much later'); }, 1); break;
      case 'reject': return Promise.reject(new Error('rejected'));
      case 'reject later': setTimeout(function () { Promise.reject(new Error('nobody heard')); }, 1); break;
      case 'talk to the server': for (var i = 0; i < 1000; i++) if (process.send) process.send({ v: 1, kind: 'handled', count: 1e9 }); break;
    }
  }
};`;

async function start(t: TestContext, config: object = {}) {
  const it = await startWorkers(t, formerPackage("faulty", faulty), {
    plugins: { faulty: { threads: 1, killTimeout: 1_000, ...config } },
  });
  return {
    ...it,
    tell: async (what: string): Promise<void> => void (await it.server.backend.trigger("plugin-test:do", { what })),
    /** The server answers, and the process that took the place of the first hears events. */
    recovers: async (): Promise<void> => {
      await serves(it);
      await until("another process", () => it.notes().filter((note) => note.started === true).length === 2);
      const [first, second] = it.notes().filter((note) => note.started === true);
      await it.server.backend.trigger("plugin-test:do", { what: "nothing" });
      const heard = await until("the next event", () => it.notes().find(({ what }) => what === "nothing"));
      assert.equal(heard.pid, second?.pid);
      assert.notEqual(second?.pid, first?.pid);
    },
    ended: () => until("the end of the process", () => it.lines("plugin.worker_ended", "faulty")[0]),
  };
}

async function serves(it: WorkerServer): Promise<void> {
  const answer = await fetch(`${it.server.url}/_now`);
  assert.equal(answer.status, 200);
}

test("a process that exits is replaced", async (t) => {
  const it = await start(t);
  await it.tell("exit");
  assert.equal((await it.ended()).fields.because, "it exited with code 7");
  await it.recovers();
});

test("a process that throws in a timer is replaced, and its last words are in the log", async (t) => {
  const it = await start(t);
  await it.tell("throw later");
  assert.equal((await it.ended()).fields.because, "it exited with code 1");
  await until("the stack", () =>
    it.lines("plugin.output", "faulty").some(({ fields }) => /much later/.test(String(fields.line))),
  );
  await it.recovers();
});

test("a rejection is logged; one that nobody handles does not end a plugin of a time when it did not", async (t) => {
  const it = await start(t);
  await it.tell("reject");
  const failed = await until("the failure", () => it.lines("plugin.hook_failed", "faulty")[0]);
  assert.deepEqual([failed.fields.event, (failed.fields.err as Error).message], ["plugin-test:do", "rejected"]);
  await it.tell("reject later");
  await until("the warning", () =>
    it
      .lines("plugin.output", "faulty")
      .some(({ level, fields }) => level === "warn" && /nobody heard/.test(String(fields.line))),
  );
  await it.tell("nothing");
  await until("the next event", () => it.notes().some(({ what }) => what === "nothing"));
  assert.equal(it.lines("plugin.worker_ended", "faulty").length, 0);
});

test("a process that grows beyond its limit is replaced", async (t) => {
  const it = await start(t, { maxMemoryRestart: "64M" });
  await it.tell("leak outside the heap");
  assert.match(String((await it.ended()).fields.because), /^it holds \d+ MiB, and may hold 64$/);
  await it.recovers();
});

test("a process that fills its heap faster than anybody looks ends by itself, and is replaced", async (t) => {
  const it = await start(t, { maxMemoryRestart: "32M" });
  await it.tell("leak");
  assert.match(String((await it.ended()).fields.because), /^it (was ended by SIG(ABRT|TRAP|KILL)|holds \d+ MiB)/);
  await it.recovers();
});

test("a process that prints without end is read slowly, and the server serves on", async (t) => {
  const it = await start(t);
  await it.tell("flood");
  await until("the warning", () => it.lines("plugin.worker_output_throttled", "faulty")[0]);
  await serves(it);
  const lines = it.lines("plugin.output", "faulty");
  assert.ok(lines.length >= 1_000 && lines.length < 20_000, `${lines.length} lines came through`);
  assert.equal(lines[999]?.fields.line, "line 999");
});

test("what a plugin sends over the server's channel is not taken for the server's own", async (t) => {
  const it = await start(t);
  await it.tell("talk to the server");
  await it.tell("nothing");
  await until("the next event", () => it.notes().some(({ what }) => what === "nothing"));
  await serves(it);
});

test("a process that loops for ever is replaced after maxBusyMs, and named", async (t) => {
  const main = `
    import { definePlugin } from "tenon";
    export default definePlugin({
      name: "looping",
      worker: { threads: 1, maxBusyMs: 1_000, maxRestarts: 1, killTimeoutMs: 500 },
      hooks: { "plugin-test:do": ({ what }, { log }) => { log.info("heard", { what, pid: process.pid }); if (what === "loop") for (;;) ; } },
    });`;
  const it = await startWorkers(t, definedPackage("looping", main));
  const tell = async (what: string): Promise<void> =>
    void (await it.server.backend.trigger("plugin-test:do", { what }));
  await tell("loop");
  await tell("lost with it");
  const ended = await until("the end", () => it.lines("plugin.worker_ended", "looping")[0]);
  assert.equal(ended.fields.because, "it has acknowledged no event for 1000 ms");
  assert.equal(ended.fields.lost, 2);
  await serves(it);
  await tell("nothing");
  await until("the next process", () =>
    it.lines("looping: heard", "looping").some(({ fields }) => fields.what === "nothing"),
  );
  await tell("loop");
  const given = await until("the end of all attempts", () => it.lines("plugin.worker_given_up", "looping")[0]);
  assert.equal(given.level, "error");
  await tell("nothing");
  await serves(it);
});

test("a hook of the typed form that never answers is given up as one that loops", async (t) => {
  const main = `
    import { definePlugin } from "tenon";
    export default definePlugin({
      name: "waiting", worker: { threads: 1, maxBusyMs: 300 },
      hooks: { "plugin-test:do": () => new Promise(() => {}) },
    });`;
  const it = await startWorkers(t, definedPackage("waiting", main));
  await it.server.backend.trigger("plugin-test:do", {});
  const ended = await until("the end", () => it.lines("plugin.worker_ended", "waiting")[0]);
  assert.match(String(ended.fields.because), /^it has acknowledged no event/);
});

const failing = (init: string): string =>
  `module.exports = class { constructor () { this.hooks = { 'a:b': 'run' }; } init () { ${init} } run () {} };`;

for (const [how, init, why, initTimeout] of [
  ["throws in init", "throw new Error('no disk');", /no disk/, 10_000],
  ["ends in init", "process.exit(5);", /did not start: it exited with code 5/, 10_000],
  ["answers false", "return false;", /answered false/, 10_000],
  ["never ends its init", "return new Promise(() => {});", /did not finish within 700 ms/, 700],
  ["loops in init", "for (;;) ;", /did not finish within 700 ms/, 700],
] as const) {
  test(`a process that ${how} stops the start with an error that names the plugin`, async (t) => {
    const options = { plugins: { broken: { threads: 1 } }, config: { "plugins.common.initTimeout": initTimeout } };
    await assert.rejects(
      startWorkers(t, formerPackage("broken", failing(init)), options),
      (error: Error & { id?: string }) => {
        assert.equal(error.id, "plugin.runtime.failed_init");
        assert.match(error.message, /\[broken\]/);
        assert.match(error.message, why);
        return true;
      },
    );
  });
}

test("the server starts without a plugin of the first releases whose process does not start", async (t) => {
  const it = await startWorkers(t, formerPackage("broken", failing("throw new Error('no disk');")), {
    plugins: { broken: { threads: 2, _dialect: "v1.b" } },
  });
  const { fields } = await until("the line", () => it.lines("plugin.skipped", "broken")[0]);
  assert.match((fields.err as Error).message, /no disk/);
  await serves(it);
});

test("a plugin that writes the log in another process does not hear of what it prints itself", async (t) => {
  const main = `module.exports = class {
    constructor () { this.hooks = { 'log:info': 'print', 'log:warn': 'fail' }; }
    init () {} 
    print (line) { console.log('printed ' + line); }
    fail () { throw new Error('each time'); }
  };`;
  const it = await startWorkers(t, formerPackage("echo", main), { plugins: { echo: { threads: 1 } } });
  it.server.backend.log.info("only once");
  it.server.backend.log.warn("fails once");
  const printed = (text: string) =>
    it.lines("plugin.output", "echo").filter(({ fields }) => String(fields.line).includes(text));
  await until("the line", () => printed("only once").length > 0);
  await until("the failure", () => it.lines("plugin.hook_failed", "echo").length > 0);
  it.server.backend.log.info("afterwards");
  await until("the last line", () => printed("afterwards").length > 0);
  assert.equal(printed("only once").length, 1);
  assert.equal(it.lines("plugin.hook_failed", "echo").length, 1);
});
